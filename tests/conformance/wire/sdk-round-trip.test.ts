// Every operation of every service we have a table for, both ways: what the AWS SDK writes for a random input we read as that input,
// and what we write for a random output the SDK reads as that output.
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { decode, encodeOutput } from '../../../src/wire/codec.ts';
import { readCredential } from '../../../src/wire/credential.ts';
import { service as iam } from '../../../src/wire/generated/iam.ts';
import { service as lambda } from '../../../src/wire/generated/lambda.ts';
import { service as logs } from '../../../src/wire/generated/logs.ts';
import { service as sns } from '../../../src/wire/generated/sns.ts';
import { service as sqs } from '../../../src/wire/generated/sqs.ts';
import { service as sts } from '../../../src/wire/generated/sts.ts';
import type { WireRequest, WireResponse } from '../../../src/wire/http-message.ts';
import { identify } from '../../../src/wire/identify.ts';
import type { ServiceSchema } from '../../../src/wire/schema.ts';
import { WireServices } from '../../../src/wire/services.ts';
import { type OfflineClient, sdk } from './sdk-client.ts';
import { forSdk, inputValue, plain, type ValueRules } from './shape-values.ts';

const SERVICES: readonly (readonly [client: string, schema: ServiceSchema])[] = [
  ['sqs', sqs],
  ['sns', sns],
  ['lambda', lambda],
  ['cloudwatch-logs', logs],
  ['iam', iam],
  ['sts', sts],
];
const wire = new WireServices(SERVICES.map(([, schema]) => schema));

const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', '<a&b>"\'', '__proto__', '\ud800', 'ü€😀', '\u0000\n\r\t'),
);
const xmlText = fc.oneof(
  fc.stringMatching(/^[!-~]{1,20}$/),
  fc.constantFrom('<a&b>"\'', 'ü€😀', 'a b', 'line\nbreak', 'carriage\rreturn', '&amp;', ']]>'),
);

function rulesOf(schema: ServiceSchema): ValueRules {
  return schema.protocols[0] === 'query'
    ? { text: xmlText, isEmptyAllowed: false }
    : { text: anyText, isEmptyAllowed: true };
}

/** SDKs make an idempotency token up where none is given. */
function withoutToken(received: Readonly<Record<string, unknown>>, input: Readonly<Record<string, unknown>>): object {
  const isMadeUp = (name: string) => name.toLowerCase() === 'clienttoken' && !(name in input);
  return Object.fromEntries(Object.entries(received).filter(([name]) => !isMadeUp(name)));
}

describe.each(SERVICES)('%s', (clientName, schema) => {
  let kit: Awaited<ReturnType<typeof sdk>>;
  let client: OfflineClient;
  let answer: (request: WireRequest) => WireResponse;

  beforeAll(async () => {
    kit = await sdk(clientName);
    client = kit.client((request) => answer(request));
  });

  const operations = Object.entries(schema.operations).filter(([, operation]) => !operation.hasEventStream);

  test.each(operations)('%s', async (name, operation) => {
    const rules = rulesOf(schema);
    await fc.assert(
      fc.asyncProperty(
        inputValue(schema, operation.input, rules),
        inputValue(schema, operation.output, rules),
        async (input, output) => {
          let received: unknown;
          answer = (request) => {
            const found = identify(wire, request, readCredential(request).credential);
            if ('refused' in found) throw new Error(`${found.refused.code} ${found.refused.message}`);
            const decoded = decode(found, request);
            if ('refused' in decoded) throw new Error(`${decoded.refused.code} ${decoded.refused.message}`);
            expect([found.service.prefix, decoded.operation]).toEqual([schema.endpointPrefix, name]);
            received = withoutToken(decoded.input, input);
            return encodeOutput(found, output, 'request-id');
          };
          const reply = await client.send(kit.command(name, forSdk(schema, operation.input, input)));
          expect(plain(received)).toEqual(plain(input));
          expect(plain(reply)).toEqual(plain(output));
        },
      ),
      { numRuns: 12 },
    );
  });
});
