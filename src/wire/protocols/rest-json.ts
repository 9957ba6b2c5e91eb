// REST with JSON bodies, as Lambda speaks it: the operation in method and path, members in path, query, headers and body.

import { refuse } from '#model/aws-error.ts';
import { errorBody } from '../error-shapes.ts';
import { Problems } from '../problems.ts';
import { malformedInput } from '../refusals.ts';
import type { WireService } from '../services.ts';
import { parseJson } from './json-text.ts';
import { jsonDecoder, jsonEncoder } from './json-values.ts';
import { inputOf, outputOf, type ProtocolCodec } from './protocol.ts';
import { bindingsOf, readHead, writeHead } from './rest-bindings.ts';

const CONTENT_TYPE = ['Content-Type', 'application/json'] as const;
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

export const restJsonProtocol: ProtocolCodec = {
  decode(identification, request) {
    const { service, operation } = identification;
    const { payload, hasDocument } = bindingsOf(service, operation.schema.input);
    const problems = new Problems();
    let input: Record<string, unknown> = {};
    const { body } = request;
    if (body.length === 0) {
      // Nothing was sent: neither a payload nor members of a document.
    } else if (payload?.shape.type === 'blob' || payload?.shape.type === 'stream') input[payload.name] = body;
    else if (payload?.shape.type === 'string') input[payload.name] = utf8.decode(body);
    else if (payload !== undefined || hasDocument) {
      const { found } = parseJson(body);
      if (typeof found !== 'object' || found === null) return refuse(malformedInput(undefined));
      const target = payload?.member ?? inputOf(operation);
      const value = jsonDecoder(service, target)(found, problems) as Record<string, unknown>;
      if (payload === undefined) input = withoutHead(value, identification.service, operation.schema.input);
      else input[payload.name] = value;
    }
    readHead(identification, request, input, problems);
    return problems.isEmpty ? { input } : refuse(malformedInput(problems.message));
  },

  encodeOutput(identification, output, requestId) {
    const { service, operation } = identification;
    const fields = output as Readonly<Record<string, unknown>>;
    const { status, headers } = writeHead(identification, fields);
    const { payload, hasDocument, head } = bindingsOf(service, operation.schema.output);
    const common = [['x-amzn-RequestId', requestId], ...headers] as const;
    const hasType = headers.some(([name]) => name.toLowerCase() === 'content-type');
    const typed = hasType ? common : [...common, CONTENT_TYPE];
    if (payload !== undefined) {
      const value = fields[payload.name];
      if (value === undefined || value instanceof Uint8Array || typeof value === 'string') {
        return { status, headers: typed, body: value ?? '' };
      }
      const encode = jsonEncoder(service, payload.member);
      return { status, headers: typed, body: JSON.stringify(encode === undefined ? value : encode(value)) };
    }
    // An operation whose output is empty, or only head, has no body: 204 must not carry one.
    if (status === 204 || (!hasDocument && (head.length > 0 || operation.schema.output === 'unit'))) {
      return { status, headers: common, body: '' };
    }
    const encode = jsonEncoder(service, outputOf(operation));
    const document = (encode === undefined ? output : encode(output)) as Record<string, unknown>;
    return { status, headers: typed, body: JSON.stringify(head.length === 0 ? document : dropped(document, head)) };
  },

  encodeError(shape, _service, requestId) {
    const headers = [
      ['x-amzn-RequestId', requestId],
      ['x-amzn-ErrorType', shape.name],
      CONTENT_TYPE,
      ...shape.headers,
    ] as const;
    return { status: shape.status, headers, body: JSON.stringify(errorBody(shape, undefined)) };
  },
};

/** A member of the head that also stands in the document does not count: the head is what the route and signature are about. */
function withoutHead(value: Record<string, unknown>, service: WireService, target: string): Record<string, unknown> {
  const { head } = bindingsOf(service, target);
  return head.length === 0 ? value : dropped(value, head);
}

function dropped(value: Record<string, unknown>, head: readonly { readonly name: string }[]): Record<string, unknown> {
  const kept = { ...value };
  for (const { name } of head) delete kept[name];
  return kept;
}
