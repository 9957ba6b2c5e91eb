// AWS JSON 1.0 and 1.1: one POST target, the operation in a header, the input as a JSON document.

import { refuse } from '#model/aws-error.ts';
import { errorBody, queryErrorHeader } from '../error-shapes.ts';
import { Problems } from '../problems.ts';
import { malformedInput } from '../refusals.ts';
import type { Protocol } from '../schema.ts';
import { isWrittenOutput } from '../written-output.ts';
import { parseJson } from './json-text.ts';
import { jsonDecoder, jsonEncoder } from './json-values.ts';
import { inputOf, outputOf, type ProtocolCodec } from './protocol.ts';
import { quickDecoder } from './quick-json.ts';

export function jsonProtocol(protocol: Protocol & ('json-1.0' | 'json-1.1')): ProtocolCodec {
  const contentType = ['Content-Type', `application/x-amz-${protocol}`] as const;
  return {
    decode({ service, operation }, { body }) {
      const quick = quickDecoder(service, inputOf(operation))?.(body);
      if (quick !== undefined) return { input: quick };
      const parsed = parseJson(body);
      const problems = new Problems();
      const { found } = parsed;
      // AWS has no text for a body that is not JSON, nor for a scalar; a list it names.
      if (typeof found !== 'object' || found === null) return refuse(malformedInput(undefined));
      const input = jsonDecoder(service, inputOf(operation))(found, problems);
      return problems.isEmpty ? { input: input as Record<string, unknown> } : refuse(malformedInput(problems.message));
    },

    encodeOutput({ service, operation }, output, requestId) {
      const headers = [['x-amzn-RequestId', requestId], contentType] as const;
      // An operation without an output answers with an empty body, not with an empty document.
      if (operation.schema.output === 'unit') return { status: 200, headers, body: '' };
      if (isWrittenOutput(output)) {
        const pieces = output.jsonPieces?.();
        if (pieces !== undefined) return { status: 200, headers, body: '', pieces };
        return { status: 200, headers, body: output.writeJson() };
      }
      const encode = jsonEncoder(service, outputOf(operation));
      return { status: 200, headers, body: JSON.stringify(encode === undefined ? output : encode(output)) };
    },

    encodeError(shape, service, requestId) {
      const headers: (readonly [string, string])[] = [['x-amzn-RequestId', requestId], contentType, ...shape.headers];
      if (service?.schema.isQueryCompatible) headers.push(['x-amzn-query-error', queryErrorHeader(shape)]);
      return { status: shape.status, headers, body: JSON.stringify(errorBody(shape, shape.qualifiedName)) };
    },
  };
}
