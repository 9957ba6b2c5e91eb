// One operation, both ways, through an SDK client: the input it sends is the input we read, the output we write is the output it reads.
import fc from 'fast-check';
import { expect } from 'vitest';
import { decode, encodeOutput } from '../../../src/wire/codec.ts';
import { readCredential } from '../../../src/wire/credential.ts';
import type { WireRequest, WireResponse } from '../../../src/wire/http-message.ts';
import { identify } from '../../../src/wire/identify.ts';
import type { ServiceSchema } from '../../../src/wire/schema.ts';
import { WireServices } from '../../../src/wire/services.ts';
import { sdk } from './sdk-client.ts';
import { forSdk, inputValue, plain, type ValueRules } from './shape-values.ts';

const unicode = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', '<a&b>"\'', '__proto__', 'ü€😀', '\u0000\n\r\t'),
);
const xmlText = fc.oneof(
  fc.stringMatching(/^[!-~]{1,20}$/),
  fc.constantFrom('<a&b>"\'', 'ü€😀', 'a b', 'line\nbreak', 'carriage\rreturn', '&amp;', ']]>'),
);

/** JSON carries half a character, too, as an escape; it is the service that has to refuse it. */
export const JSON_RULES: ValueRules = { text: fc.oneof(unicode, fc.constant('\ud800')), isEmptyAllowed: true };
export const CBOR_RULES: ValueRules = { text: unicode, isEmptyAllowed: true };
export const XML_RULES: ValueRules = { text: xmlText, isEmptyAllowed: false };

export interface RoundTrips {
  readonly clientName: string;
  readonly schema: ServiceSchema;
  /** All that can be asked for: the schema under test must be found among them. */
  readonly services: readonly ServiceSchema[];
  readonly rules: ValueRules;
  /** Of the client. */
  readonly settings?: Record<string, unknown>;
  /** What the client puts into every input. */
  readonly given?: Record<string, unknown>;
  /** Undoes what stands for the endpoint in the request. */
  readonly arriving?: (request: WireRequest) => WireRequest;
}

export async function roundTripper(trips: RoundTrips) {
  const { schema, rules, given = {}, arriving = (request: WireRequest) => request } = trips;
  const wire = new WireServices(trips.services);
  const kit = await sdk(trips.clientName);
  let answer: (request: WireRequest) => WireResponse;
  const client = kit.client((request) => answer(request), trips.settings);

  return async (name: string) => {
    const operation = schema.operations[name];
    if (operation === undefined) throw new Error(`${name} is not in the table`);
    const once = async (input: Record<string, unknown>, output: Record<string, unknown>) => {
      let received: unknown;
      answer = (sent) => {
        const request = arriving(sent);
        const found = identify(wire, request, readCredential(request).credential);
        if ('refused' in found) throw new Error(`${found.refused.code} ${found.refused.message}`);
        const decoded = decode(found, request);
        if ('refused' in decoded) throw new Error(`${decoded.refused.code} ${decoded.refused.message}`);
        expect([found.service.prefix, decoded.operation]).toEqual([schema.endpointPrefix, name]);
        received = withoutToken(decoded.input, input, given);
        return encodeOutput(found, output, 'request-id');
      };
      const sdkInput = { ...(forSdk(schema, operation.input, input) as object), ...given };
      const reply = await client.send(kit.command(name, sdkInput));
      expect(plain(received)).toEqual(plain(withoutToken(input, input, given)));
      expect(plain(reply)).toEqual(plain(output));
    };
    await fc.assert(
      fc.asyncProperty(inputValue(schema, operation.input, rules), inputValue(schema, operation.output, rules), once),
      { numRuns: RUNS },
    );
  };
}

/** Enough to meet each member of most shapes; 120 runs of each pass as well and take a minute. */
const RUNS = 6;

/** SDKs make an idempotency token or a type up where none is given; and without what every input was given. */
function withoutToken(
  received: Readonly<Record<string, unknown>>,
  input: Readonly<Record<string, unknown>>,
  given: Readonly<Record<string, unknown>>,
): object {
  const isMadeUp = (name: string) =>
    name in given || (/^(clienttoken(id)?|ContentType)$/i.test(name) && !(name in input));
  return Object.fromEntries(Object.entries(received).filter(([name]) => !isMadeUp(name)));
}
