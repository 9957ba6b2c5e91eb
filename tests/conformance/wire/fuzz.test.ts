// Whatever arrives, the wire layer answers: with an input or a refusal, never with an exception, and soon.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeDigest } from '../../../src/runtime/digest.ts';
import { decode, encodeError } from '../../../src/wire/codec.ts';
import { readCredential } from '../../../src/wire/credential.ts';
import { service as s3 } from '../../../src/wire/generated/s3.ts';
import type { WireRequest } from '../../../src/wire/http-message.ts';
import { identify } from '../../../src/wire/identify.ts';
import { readBodyPlan } from '../../../src/wire/s3/body-plan.ts';
import { checkS3Form, S3SignatureVerifier } from '../../../src/wire/s3/signature.ts';
import type { ServiceSchema } from '../../../src/wire/schema.ts';
import { WireServices } from '../../../src/wire/services.ts';
import { SignatureVerifier } from '../../../src/wire/sigv4.ts';
import { claim, rawRequest, SCHEMAS } from './ask.ts';

/** Every service in every protocol that could carry it, so that all decoders are met. */
const wire = new WireServices(
  [...SCHEMAS, s3].map((schema): ServiceSchema => ({ ...schema, protocols: [...schema.protocols, 'rpc-v2-cbor'] })),
);
const s3Verifier = new S3SignatureVerifier(nodeDigest);
const verifier = new SignatureVerifier(nodeDigest);

function answers(request: WireRequest): void {
  const reading = readCredential(request);
  verifier.verify(request, reading, { nowMs: 0, signingName: 'sqs', keyOf: () => ({ secret: 's' }) });
  checkS3Form(request, reading, 0);
  readBodyPlan(request, { announcedBytes: 1, isAbsent: false });
  if (reading.credential !== undefined) {
    s3Verifier.verify(request, reading.credential, { nowMs: 0, keyOf: () => ({ secret: 's' }) });
  }
  const found = identify(wire, request, reading.credential);
  const outcome = 'refused' in found ? found : decode(found, request);
  if ('refused' in outcome) {
    const { status } = encodeError(found, outcome.refused, 'request-id');
    expect(status).toBeGreaterThanOrEqual(400);
  }
}

const targets = SCHEMAS.flatMap((schema) =>
  Object.keys(schema.operations).map((name) => `${schema.targetPrefix}.${name}`),
);
const awkward = fc.constantFrom(
  ...[
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e308,
    '',
    '=',
    '0'.repeat(300),
    'AAEC',
    '\ud800',
    [],
    {},
    [[]],
    [{}],
    { __proto__: null },
  ],
  ...['2026-11-23T06:38:00Z', 'NaN', '__proto__', 2 ** 60],
);

/** Documents made of the member names that shapes really have, with values of any kind. */
function documentOf(schema: ServiceSchema): fc.Arbitrary<unknown> {
  const names = [
    ...new Set(
      Object.values(schema.shapes).flatMap((shape) => (shape.type === 'structure' ? Object.keys(shape.members) : [])),
    ),
  ];
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5, depthSize: 'medium' },
      awkward,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...names, '__proto__', 'constructor'), tie('value'), { maxKeys: 6 }),
    ),
  }));
  return value;
}

describe('documents of any form', () => {
  test.each(SCHEMAS.map((schema) => [schema.endpointPrefix, schema] as const))('%s', (_, schema) => {
    const own = Object.keys(schema.operations).map((name) => `${schema.targetPrefix}.${name}`);
    fc.assert(
      fc.property(fc.constantFrom(...own), documentOf(schema), (target, document) => {
        answers(rawRequest({ headers: { 'x-amz-target': target }, body: JSON.stringify(document) ?? '' }));
      }),
      { numRuns: 400 },
    );
  });
});

test('bytes of any kind, as JSON, CBOR, form and payload', () => {
  const kind = fc.constantFrom<Record<string, string>>(
    { 'content-type': 'application/x-www-form-urlencoded' },
    { 'smithy-protocol': 'rpc-v2-cbor' },
    {},
  );
  fc.assert(
    fc.property(fc.constantFrom(...targets), kind, fc.uint8Array({ maxLength: 80 }), (target, headers, body) => {
      const [service, operation] = target.split('.');
      answers(rawRequest({ headers: { ...headers, 'x-amz-target': target }, body }));
      answers(rawRequest({ url: `/service/${service}/operation/${operation}`, headers, body }));
    }),
    { numRuns: 2_000 },
  );
});

test('forms made of parts of parameter names', () => {
  const names = SCHEMAS.filter((schema) => schema.protocols.includes('query')).flatMap((schema) =>
    Object.values(schema.shapes).flatMap((shape) => (shape.type === 'structure' ? Object.keys(shape.members) : [])),
  );
  const part = fc.constantFrom(
    ...names,
    'member',
    'entry',
    'key',
    'value',
    'Name',
    'Value',
    '0',
    '1',
    '2',
    '9',
    '01',
    '999999999',
    '',
    '__proto__',
  );
  const name = fc.array(part, { minLength: 1, maxLength: 7 }).map((parts) => parts.join('.'));
  const pair = fc
    .tuple(name, fc.constantFrom('', 'x', '1', 'true', '%', '%41', 'AAEC'))
    .map(([key, value]) => `${key}=${value}`);
  const actions = SCHEMAS.flatMap((schema) => Object.keys(schema.operations));
  fc.assert(
    fc.property(fc.constantFrom(...actions), fc.array(pair, { maxLength: 12 }), (action, pairs) => {
      answers(rawRequest({ body: [`Action=${action}`, ...pairs].join('&') }));
      answers(rawRequest({ method: 'GET', url: `/0/q?${[`Action=${action}`, ...pairs].join('&')}` }));
    }),
    { numRuns: 2_000 },
  );
});

test('paths and query strings of any kind', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '2015-03-31',
      'functions',
      'f',
      '%',
      '%2F',
      '%2f..',
      '..',
      '',
      'tags',
      'layers',
      'versions',
      '{x}',
      '+',
    ),
    fc.string(),
  );
  const url = fc
    .tuple(fc.array(piece, { maxLength: 8 }), fc.array(piece, { maxLength: 4 }))
    .map(([path, query]) => `/${path.join('/')}?${query.join('=')}`);
  fc.assert(
    fc.property(
      fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'x'),
      url,
      fc.constantFrom('lambda', 'sqs', 's3', 'nobody'),
      (method, target, service) => {
        answers(rawRequest({ method, url: target, headers: claim(service) }));
      },
    ),
    { numRuns: 2_000 },
  );
});

test('Authorization headers and presigned queries of any kind', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'AWS4-HMAC-SHA256',
      ' ',
      ',',
      'Credential=',
      'SignedHeaders=',
      'Signature=',
      'a/b/c/d/aws4_request',
      'host',
      ';',
      '=',
      '0'.repeat(64),
    ),
    fc.string(),
  );
  const query = fc.array(
    fc.tuple(
      fc.constantFrom(
        'X-Amz-Algorithm',
        'X-Amz-Credential',
        'X-Amz-Date',
        'X-Amz-Expires',
        'X-Amz-Signature',
        'X-Amz-SignedHeaders',
      ),
      fc.string(),
    ),
  );
  fc.assert(
    fc.property(fc.array(piece), query, fc.boolean(), (pieces, pairs, isHeader) => {
      const url = `/?${pairs.map(([name, value]) => `${name}=${value}`).join('&')}`;
      answers(
        rawRequest(
          isHeader ? { headers: { authorization: pieces.join(''), 'x-amz-date': '19700101T000000Z' } } : { url },
        ),
      );
    }),
    { numRuns: 2_000 },
  );
});

test('a shape that contains itself is followed to a bounded depth', () => {
  const recursive: ServiceSchema = {
    ...SCHEMAS[0]!,
    operations: { Nest: { input: 'Node', output: 'unit' } },
    shapes: { Node: { type: 'structure', members: { Next: 'Node', All: '[Node]', Any: 'document' } } },
    protocols: ['json-1.0', 'query', 'rpc-v2-cbor'],
  };
  const services = new WireServices([recursive]);
  const nested = (depth: number, name: string) => `${`{"${name}":`.repeat(depth)}{}${'}'.repeat(depth)}`;
  const outcome = (body: string) => {
    const request = rawRequest({ headers: { 'x-amz-target': `${recursive.targetPrefix}.Nest` }, body });
    const found = identify(services, request, undefined);
    if ('refused' in found) throw new Error('not identified');
    return decode(found, request);
  };
  expect(outcome(nested(90, 'Next'))).not.toHaveProperty('refused');
  expect(outcome(nested(120, 'Next'))).toMatchObject({ refused: { message: 'Input is nested too deeply' } });
  expect(outcome(`{"Any":${nested(5_000, 'x')}}`)).toHaveProperty('refused');
  expect(outcome(`{"NoSuchMember":${nested(5_000, 'x')}}`)).toMatchObject({ input: {} });
});

test('S3: keys, parameters, headers and XML of any kind', () => {
  const operations = Object.values(s3.operations).flatMap(({ http }) => (http === undefined ? [] : [http]));
  const names = Object.values(s3.shapes).flatMap((shape) =>
    shape.type === 'structure'
      ? Object.entries(shape.members).flatMap(([, member]) =>
          typeof member === 'string' || member.httpHeader === undefined ? [] : [member.httpHeader],
        )
      : [],
  );
  const elements = Object.keys(s3.shapes);
  const xml = fc.array(fc.tuple(fc.constantFrom(...elements, 'a:b', '!DOCTYPE'), fc.string()), { maxLength: 6 });
  fc.assert(
    fc.property(
      fc.constantFrom(...operations),
      fc.string(),
      fc.dictionary(fc.constantFrom(...names), fc.string({ unit: 'binary-ascii' }), { maxKeys: 6 }),
      xml,
      ({ method, uri }, key, headers, parts) => {
        const [path = '', query = ''] = uri.split('?');
        const url = `/bucket${path.replace('{Key+}', encodeURIComponent(key))}?${query}&${encodeURIComponent(key)}`;
        const open = parts.map(([name, text]) => `<${name}>${text}`).join('');
        const body =
          open +
          parts
            .map(([name]) => `</${name}>`)
            .reverse()
            .join('');
        answers(rawRequest({ method, url, headers: { ...headers, ...claim('s3') }, body }));
      },
    ),
    { numRuns: 2_000 },
  );
});
