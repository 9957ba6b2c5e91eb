// REST with XML bodies, as S3 speaks it. Routes and heads are as in REST-JSON; the document is XML.

import { refuse } from '#model/aws-error.ts';
import { restXmlError } from '../error-shapes.ts';
import { Problems } from '../problems.ts';
import { malformedInput } from '../refusals.ts';
import type { WireService } from '../services.ts';
import { parseXml } from '../xml-text.ts';
import { inputOf, outputOf, type ProtocolCodec } from './protocol.ts';
import { bindingsOf, readHead, writeHead } from './rest-bindings.ts';
import { placeOf, xmlReader, xmlWriter } from './xml-values.ts';

const CONTENT_TYPE = ['Content-Type', 'application/xml'] as const;
const PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n';
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

export const restXmlProtocol: ProtocolCodec = {
  decode(identification, request) {
    const { service, operation } = identification;
    const { payload, hasDocument } = bindingsOf(service, operation.schema.input);
    const problems = new Problems();
    const input: Record<string, unknown> = {};
    const { body } = request;
    if (body.length === 0) {
      // Nothing was sent: neither a payload nor members of a document.
    } else if (payload?.shape.type === 'blob' || payload?.shape.type === 'stream') input[payload.name] = body;
    else if (payload?.shape.type === 'string') input[payload.name] = utf8.decode(body);
    else if (payload !== undefined || hasDocument) {
      const root = parseXml(utf8.decode(body));
      if (root === undefined)
        return refuse(
          malformedInput('The XML you provided was not well-formed or did not validate against our published schema'),
        );
      const value = xmlReader(service, payload?.member ?? inputOf(operation))([root], false, problems);
      if (payload === undefined) Object.assign(input, value);
      else input[payload.name] = value;
    }
    readHead(identification, request, input, problems);
    return problems.isEmpty ? { input } : refuse(malformedInput(problems.message));
  },

  encodeOutput(identification, output, requestId) {
    const { service, operation } = identification;
    const fields = output as Readonly<Record<string, unknown>>;
    const { status, headers } = writeHead(identification, fields);
    const { payload, hasDocument } = bindingsOf(service, operation.schema.output);
    const common = [['x-amz-request-id', requestId], ...headers] as const;
    const typed = headers.some(([name]) => name.toLowerCase() === 'content-type') ? common : [...common, CONTENT_TYPE];
    if (payload !== undefined) {
      const value = fields[payload.name];
      if (value === undefined) return { status, headers: common, body: '' };
      if (value instanceof Uint8Array || typeof value === 'string') return { status, headers: common, body: value };
      const place = placeOf(elementName(service, payload.member.target, payload.name), payload.member);
      return {
        status,
        headers: typed,
        body: PROLOG + rooted(service, xmlWriter(service, payload.member)(value, place), place.name),
      };
    }
    if (!hasDocument) return { status, headers: common, body: '' };
    const name = elementName(service, operation.schema.output, operation.schema.output);
    const document = xmlWriter(service, outputOf(operation))(output, { name, isFlattened: false, attributes: '' });
    return { status, headers: typed, body: PROLOG + rooted(service, document, name) };
  },

  encodeError(shape, _service, requestId) {
    const headers = [['x-amz-request-id', requestId], CONTENT_TYPE, ...shape.headers] as const;
    return { status: shape.status, headers, body: restXmlError(shape, requestId) };
  },
};

/** The element of a document: the shape's own name for it, or what is given. */
function elementName(service: WireService, target: string, otherwise: string): string {
  const shape = service.schema.shapes[target];
  return shape?.type === 'structure' ? (shape.xmlName ?? otherwise) : otherwise;
}

/** The root element with the service's namespace. */
function rooted(service: WireService, document: string, name: string): string {
  return document.startsWith(`<${name}>`)
    ? `<${name} xmlns="${service.schema.xmlNamespace}">${document.slice(name.length + 2)}`
    : document;
}
