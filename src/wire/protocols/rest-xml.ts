// REST with XML bodies, as S3 speaks it. Heads are as in REST-JSON, the document is XML, and a few of S3's own ways are here: parts of an
// object are answered with 206, GetBucketLocation's root is its value, lists encode their keys when asked to.

import { base64Encode } from '#base/base64.ts';
import { refuse } from '#model/aws-error.ts';
import { restXmlError } from '../error-shapes.ts';
import { Problems } from '../problems.ts';
import { headersOf } from '../s3/hoisted-headers.ts';
import { withEncodedKeys } from '../s3/list-encoding.ts';
import { invalidArgument, malformedXml } from '../s3/refusals.ts';
import type { WireService } from '../services.ts';
import { escapeXml, parseXml } from '../xml-text.ts';
import { inputOf, outputOf, type ProtocolCodec } from './protocol.ts';
import { bindingsOf, readHead, type WrittenHead, writeHead } from './rest-bindings.ts';
import { placeOf, xmlReader, xmlWholeSecondWriter } from './xml-values.ts';

const CONTENT_TYPE = ['Content-Type', 'application/xml'] as const;
const PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n';
const utf8Bytes = new TextEncoder();
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
      if (root === undefined) return refuse(malformedXml());
      const value = xmlReader(service, payload?.member ?? inputOf(operation))([root], false, problems);
      if (payload === undefined) Object.assign(input, value);
      else input[payload.name] = value;
      if (!problems.isEmpty) return refuse(malformedXml());
    }
    readHead(identification, { ...request, headers: headersOf(request) }, input, problems);
    if (problems.isEmpty) return { input };
    const place = problems.place ?? '';
    return refuse(
      invalidArgument(place, problems.text ?? '', `Provided ${place} not an integer or within integer range`),
    );
  },

  encodeOutput(identification, output, requestId) {
    const { service, operation } = identification;
    const fields = withEncodedKeys(output as Readonly<Record<string, unknown>>);
    const { status, headers, bodyBytes } = ownHead(writeHead(identification, fields));
    const empty = { status, body: '', ...(bodyBytes === undefined ? {} : { bodyBytes }) };
    const { payload, hasDocument } = bindingsOf(service, operation.schema.output);
    const common = [...identity(requestId), ...headers] as const;
    const typed = headers.some(([name]) => name.toLowerCase() === 'content-type') ? common : [...common, CONTENT_TYPE];
    if (payload !== undefined) {
      const value = fields[payload.name];
      // What is streamed goes out behind this head.
      if (value === undefined || isBlobBody(value)) return { ...empty, headers: common };
      if (value instanceof Uint8Array || typeof value === 'string') return { status, headers: common, body: value };
      const place = placeOf(elementName(service, payload.member.target, payload.name), payload.member);
      return {
        status,
        headers: typed,
        body: PROLOG + rooted(service, xmlWholeSecondWriter(service, payload.member)(value, place), place.name),
      };
    }
    if (!hasDocument) return { ...empty, headers: common };
    if (operation.name === LOCATION) return { status, headers: typed, body: PROLOG + locationXml(service, fields) };
    const name = elementName(service, operation.schema.output, operation.schema.output);
    const document = xmlWholeSecondWriter(service, outputOf(operation))(fields, {
      name,
      isFlattened: false,
      attributes: '',
    });
    return { status, headers: typed, body: PROLOG + rooted(service, document, name) };
  },

  encodeError(shape, _service, requestId) {
    // What is not modified has no document, and a cache would take its type for the object's.
    if (shape.status === 304) return { status: 304, headers: [...identity(requestId), ...shape.headers], body: '' };
    const headers = [...identity(requestId), CONTENT_TYPE, ...shape.headers];
    return { status: shape.status, headers, body: restXmlError(shape, requestId, hostIdOf(requestId)) };
  },
};

/** AWS: S3 API reference, "Common response headers". The second id stands for the host that answered; here it says no more than the first. */
function identity(requestId: string): readonly (readonly [string, string])[] {
  return [
    ['x-amz-request-id', requestId],
    ['x-amz-id-2', hostIdOf(requestId)],
  ];
}

function hostIdOf(requestId: string): string {
  return base64Encode(utf8Bytes.encode(`eddy/${requestId}`));
}

interface OwnHead extends WrittenHead {
  readonly bodyBytes: number | undefined;
}

/** The length of a body is the server's to write; to HEAD it is what a GET would get. A range of an object is partial content. */
function ownHead({ status, headers }: WrittenHead): OwnHead {
  const length = headers.find(([name]) => name === 'Content-Length')?.[1];
  const isPart = status === 200 && headers.some(([name]) => name === 'Content-Range');
  return {
    status: isPart ? 206 : status,
    headers: length === undefined ? headers : headers.filter(([name]) => name !== 'Content-Length'),
    bodyBytes: length === undefined ? undefined : Number(length),
  };
}

function isBlobBody(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'parts' in value;
}

const LOCATION = 'GetBucketLocation';

/** AWS: "Buckets in Region us-east-1 have a LocationConstraint of null"; the root element is the constraint itself. */
function locationXml(
  service: WireService,
  { LocationConstraint: constraint }: Readonly<Record<string, unknown>>,
): string {
  const open = `LocationConstraint xmlns="${service.schema.xmlNamespace}"`;
  return typeof constraint === 'string' && constraint !== ''
    ? `<${open}>${escapeXml(constraint)}</LocationConstraint>`
    : `<${open}/>`;
}

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
