// CBOR behind X-Amz-Target, as the SDKs for Java speak to Kinesis: the JSON 1.1 protocol with another encoding. Source: AWS SDK for Java 2.x,
// aws-cbor-protocol: content type application/x-amz-cbor-1.1, instants as tagged epoch milliseconds, errors with `__type`.

import { refuse } from '#model/aws-error.ts';
import { decodeCbor, encodeCbor } from '../cbor.ts';
import { errorBody } from '../error-shapes.ts';
import { Problems } from '../problems.ts';
import { malformedInput } from '../refusals.ts';
import { isWrittenOutput } from '../written-output.ts';
import { millisecondCborDecoder, millisecondCborEncoder } from './cbor-values.ts';
import { inputOf, outputOf, type ProtocolCodec } from './protocol.ts';

const CONTENT_TYPE = ['Content-Type', 'application/x-amz-cbor-1.1'] as const;

export const targetCborProtocol: ProtocolCodec = {
  decode({ service, operation }, { body }) {
    const { value } = body.length === 0 ? { value: {} } : decodeCbor(body);
    if (typeof value !== 'object' || value === null) return refuse(malformedInput(undefined));
    const problems = new Problems();
    const input = millisecondCborDecoder(service, inputOf(operation))(value, problems);
    return problems.isEmpty ? { input: input as Record<string, unknown> } : refuse(malformedInput(problems.message));
  },

  encodeOutput({ service, operation }, output, requestId) {
    const headers = [['x-amzn-RequestId', requestId], CONTENT_TYPE] as const;
    // An operation without output has an empty body, as in JSON.
    if (operation.schema.output === 'unit') return { status: 200, headers, body: '' };
    if (isWrittenOutput(output)) {
      const pieces = output.cborPieces?.();
      if (pieces !== undefined) return { status: 200, headers, body: '', pieces };
      return { status: 200, headers, body: output.writeCbor() };
    }
    const encode = millisecondCborEncoder(service, outputOf(operation));
    return { status: 200, headers, body: encodeCbor(encode === undefined ? output : encode(output)) };
  },

  encodeError(shape, _service, requestId) {
    const headers = [['x-amzn-RequestId', requestId], CONTENT_TYPE, ...shape.headers] as const;
    return { status: shape.status, headers, body: encodeCbor(errorBody(shape, shape.qualifiedName)) };
  },
};
