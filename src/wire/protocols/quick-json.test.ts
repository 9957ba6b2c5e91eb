import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { service as kinesis } from '../generated/kinesis.ts';
import { WireService } from '../services.ts';
import { quickDecoder } from './quick-json.ts';

const service = new WireService(kinesis);
const decode = quickDecoder(service, { target: 'PutRecordsInput' });
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const shown = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, each) => (each instanceof Uint8Array ? Buffer.from(each).toString('base64') : each)),
  );

describe('the quick way to read JSON', () => {
  it('reads what JSON.parse reads, in any layout', () => {
    const record = fc.record(
      {
        Data: fc.uint8Array({ maxLength: 70 }).map((data) => Buffer.from(data).toString('base64')),
        PartitionKey: fc.string({ unit: fc.constantFrom('a', 'ü', '🌍', ' ', ',', ']', '}'), maxLength: 50 }),
        ExplicitHashKey: fc.constantFrom('0', '7'),
      },
      { requiredKeys: [] },
    );
    const input = fc.record(
      { StreamName: fc.constant('s'), DryRun: fc.boolean(), Records: fc.array(record, { maxLength: 6 }) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(input, fc.constantFrom(undefined, 1, '\t'), (value, space) => {
        expect(shown(decode?.(bytes(JSON.stringify(value, null, space))))).toEqual(shown(value));
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['{"Records":[{"Data":"YQ==","PartitionKey":"a\\u0041"}]}', 'an escape'],
    ['{"Records":null}', 'a null'],
    ['{"Unknown":1}', 'an unknown member'],
    ['{"StreamName":1}', 'a wrong type'],
    ['{"Records":[{"Data":"YR=="}]}', 'bits behind the end'],
    ['{"Records":[{"Data":"Y?=="}]}', 'a foreign character'],
    ['{"Records":[{"Data":"YQ="}]}', 'a wrong length'],
    ['{"Records":[{"Data":"YQ=="},]}', 'a comma too many'],
    ['{"Records":[]} x', 'something behind the end'],
    ['{"Records":[', 'no end'],
    ['{"StreamName":"a', 'no end of a text'],
    ['{"DryRun":truth}', 'a word that is none'],
    ['', 'nothing'],
    ['[]', 'a list'],
  ])('leaves %s to the general way: %s', (text) => {
    expect(decode?.(bytes(text))).toBeUndefined();
  });

  it('leaves alone what has no blobs', () => {
    expect(quickDecoder(service, { target: 'CreateStreamInput' })).toBeUndefined();
    expect(quickDecoder(service, { target: 'ListShardsInput' })).toBeUndefined();
  });

  it('never throws, whatever it is given', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ',',
      ':',
      'Records',
      'Data',
      'YQ==',
      '\\',
      'true',
      ' ',
      '\u0000',
      'ü',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        decode?.(bytes(parts.join('')));
      }),
      { numRuns: 1_000 },
    );
  });
});
