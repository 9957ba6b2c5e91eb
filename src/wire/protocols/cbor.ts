// Smithy RPC v2 CBOR: the operation in the path, input and output as one CBOR item.

import { refuse } from '#model/aws-error.ts';
import { decodeCbor, encodeCbor } from '../cbor.ts';
import { errorBody, queryErrorHeader } from '../error-shapes.ts';
import { Problems } from '../problems.ts';
import { malformedInput } from '../refusals.ts';
import { cborDecoder, cborEncoder } from './cbor-values.ts';
import { inputOf, outputOf, type ProtocolCodec } from './protocol.ts';

const HEADERS = [
  ['smithy-protocol', 'rpc-v2-cbor'],
  ['Content-Type', 'application/cbor'],
] as const;

export const cborProtocol: ProtocolCodec = {
  decode({ service, operation }, { body }) {
    // An operation without input has an empty body.
    const { value } = body.length === 0 ? { value: {} } : decodeCbor(body);
    if (typeof value !== 'object' || value === null) return refuse(malformedInput(undefined));
    const problems = new Problems();
    const input = cborDecoder(service, inputOf(operation))(value, problems);
    return problems.isEmpty ? { input: input as Record<string, unknown> } : refuse(malformedInput(problems.message));
  },

  encodeOutput({ service, operation }, output, requestId) {
    const headers = [['x-amzn-RequestId', requestId], ...HEADERS] as const;
    const encode = cborEncoder(service, outputOf(operation));
    return { status: 200, headers, body: encodeCbor(encode === undefined ? output : encode(output)) };
  },

  encodeError(shape, service, requestId) {
    const headers: (readonly [string, string])[] = [['x-amzn-RequestId', requestId], ...HEADERS, ...shape.headers];
    if (service?.schema.isQueryCompatible) headers.push(['x-amzn-query-error', queryErrorHeader(shape)]);
    return { status: shape.status, headers, body: encodeCbor(errorBody(shape, shape.qualifiedName)) };
  },
};
