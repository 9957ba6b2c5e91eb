import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRefused } from '#model/aws-error.ts';
import { FormFields } from './form-fields.ts';
import { lengthRangeOf, policyProblem, readPolicy } from './post-policy.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 12);
const EXPIRATION = '2026-11-24T12:00:01Z';
const encoded = (document: unknown): string => Buffer.from(JSON.stringify(document)).toString('base64');

function fieldsOf(fields: Readonly<Record<string, string>>): FormFields {
  const all = new FormFields();
  for (const [name, value] of Object.entries(fields)) all.add(name, value);
  return all;
}

/** The refusal's text, or `passes`. */
function judged(policy: string, fields: Readonly<Record<string, string>> = {}, nowMs = NOW_MS): string {
  const read = readPolicy(policy);
  const refused = isRefused(read)
    ? read.refused
    : policyProblem(read, { fields: fieldsOf(fields), bucket: 'B' }, nowMs);
  return refused === undefined ? 'passes' : `${refused.status} ${refused.code}: ${refused.message}`;
}

const failed = (condition: string): string =>
  `403 AccessDenied: Invalid according to Policy: Policy Condition failed: ${condition}`;
const invalid = (reason: string): string => `400 InvalidPolicyDocument: Invalid Policy: ${reason}`;

it.each([[{ toString: 1, valueOf: 1 }], [[{ toString: 1 }]], [null], [1]])(
  'an expiration that is no text is refused: %j',
  (expiration) => {
    expect(judged(encoded({ expiration, conditions: [] }))).toMatch(/^400 InvalidPolicyDocument: .*'expiration'/);
  },
);

describe('conditions', () => {
  it.each<[string, unknown, Readonly<Record<string, string>>, string]>([
    ['the same', { key: 'a' }, { key: 'a' }, 'passes'],
    ['the same, as a list', ['eq', '$key', 'a'], { key: 'a' }, 'passes'],
    ['another', { key: 'a' }, { key: 'b' }, failed('["eq", "$key", "a"]')],
    ['another in its case', ['eq', '$Key', 'a'], { key: 'A' }, failed('["eq", "$Key", "a"]')],
    ['names in any case', ['StArTs-WiTh', '$kEy', 'a'], { KEY: 'ab' }, 'passes'],
    ['quotation marks', { key: 'a"b' }, { key: 'b' }, failed('["eq", "$key", "a\\"b"]')],
    ['without its dollar', ['eq', 'key', 'a'], { key: 'a' }, failed('["eq", "key", "a"]')],
    ['a beginning', ['starts-with', '$key', 'user/'], { key: 'user/1' }, 'passes'],
    ['another beginning', ['starts-with', '$key', 'user/'], { key: 'us' }, failed('["starts-with", "$key", "user/"]')],
    ['anything', ['starts-with', '$key', ''], { key: 'b' }, 'passes'],
    ['nothing', ['starts-with', '$key', ''], { key: '' }, 'passes'],
    ['a field that is not there', ['starts-with', '$acl', ''], {}, failed('["starts-with", "$acl", ""]')],
    [
      'a list of types',
      ['starts-with', '$Content-Type', 'image/'],
      { 'content-type': 'image/jpg,image/png' },
      'passes',
    ],
    [
      'a list of other types',
      ['starts-with', '$Content-Type', 'image/'],
      { 'content-type': 'image/jpg,text/plain' },
      failed('["starts-with", "$Content-Type", "image/"]'),
    ],
    ['a list of others than types', ['starts-with', '$key', 'a'], { key: 'a,b' }, 'passes'],
    ['the bucket', { bucket: 'B' }, {}, 'passes'],
    ['another bucket', { bucket: 'C' }, { bucket: 'C' }, failed('["eq", "$bucket", "C"]')],
    ['a range', ['content-length-range', 0, 10], {}, 'passes'],
    ['a range in texts', ['content-length-range', '0', '10'], {}, 'passes'],
    ['a range of words', ['content-length-range', 'test', '10'], {}, failed('["content-length-range", "test", "10"]')],
    [
      'two properties',
      { key: 'a', acl: 'b' },
      {},
      invalid('Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.'),
    ],
    [
      'no property',
      {},
      {},
      invalid('Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.'),
    ],
    ['a number', { key: 1 }, {}, invalid('Invalid Simple-Condition: value must be a string.')],
    ['null', { key: null }, {}, invalid('Invalid JSON.')],
    ['an empty list', [], {}, invalid('Invalid Condition: missing operation identifier.')],
    ['no operation', ['matches', '$key', 'a'], {}, invalid("Invalid Condition: unknown operation 'matches'.")],
    [
      'half a range',
      ['content-length-range', 0],
      {},
      invalid('Invalid content-length-range: wrong number of arguments.'),
    ],
    [
      'a negative range',
      ['content-length-range', -1, 0],
      {},
      invalid('Invalid content-length-range: values must not be negative.'),
    ],
    ['a broken range', ['content-length-range', 0, 1.5], {}, invalid('Invalid JSON.')],
    ['no strings', ['eq', '$key', 1], {}, invalid('Invalid JSON.')],
    ['a text', 'key', {}, invalid('Invalid JSON.')],
  ])('%s', (_what, condition, fields, expected) => {
    const covering = Object.keys(fields).map((name) => ['starts-with', `$${name}`, '']);
    const isBucket = Object.hasOwn(fields, 'bucket');
    const policy = encoded({ expiration: EXPIRATION, conditions: [condition, ...(isBucket ? [] : covering)] });
    expect(judged(policy, fields)).toBe(expected);
  });

  it('name every field but those of the signature and those to be ignored', () => {
    const policy = encoded({ expiration: EXPIRATION, conditions: [{ key: 'a' }] });
    const exempt = {
      key: 'a',
      'X-Amz-Signature': '1',
      signature: '2',
      AWSAccessKeyId: '3',
      policy: '4',
      'x-ignore-a': '5',
    };
    expect(judged(policy, exempt)).toBe('passes');
    expect(judged(policy, { key: 'a', StorageClass: 'x', 'x-amz-meta-a': 'y' })).toBe(
      '403 AccessDenied: Invalid according to Policy: Extra input fields: StorageClass, x-amz-meta-a',
    );
  });

  it('take a field that was given twice with a comma between', () => {
    const fields = new FormFields();
    for (const value of ['Ninja', 'Stallman']) fields.add('x-amz-meta-tag', value);
    expect(fields.value('x-amz-meta-tag')).toBe('Ninja,Stallman');
  });

  it('about the length are met together', () => {
    const conditions = [
      ['content-length-range', 1, 100],
      ['content-length-range', 5, 200],
    ];
    const read = readPolicy(encoded({ expiration: EXPIRATION, conditions }));
    expect(isRefused(read) ? read : lengthRangeOf(read)).toEqual({ min: 5, max: 100 });
  });
});

describe('the document', () => {
  it.each<[string, string, string]>([
    [
      'that is over',
      encoded({ expiration: '2026-11-24T12:00:00.000Z', conditions: [] }),
      '403 AccessDenied: Invalid according to Policy: Policy expired.',
    ],
    ['with milliseconds', encoded({ expiration: '2026-11-24T12:00:00.001Z', conditions: [] }), 'passes'],
    [
      'with an offset',
      encoded({ expiration: '2026-11-24T12:00:00+02:00', conditions: [] }),
      invalid("Invalid 'expiration' value: '2026-11-24T12:00:00+02:00'"),
    ],
    [
      'with another date',
      encoded({ expiration: '2026-11-24 12:00:00 UTC', conditions: [] }),
      invalid("Invalid 'expiration' value: '2026-11-24 12:00:00 UTC'"),
    ],
    [
      'with a number for a date',
      encoded({ expiration: 5, conditions: [] }),
      invalid("Invalid 'expiration' value: '5'"),
    ],
    ['without an end', encoded({ conditions: [] }), invalid('Policy missing expiration.')],
    ['without conditions', encoded({ expiration: EXPIRATION }), invalid('Policy missing conditions.')],
    [
      'whose conditions are none',
      encoded({ expiration: EXPIRATION, conditions: {} }),
      invalid("Invalid 'conditions' value: must be a List."),
    ],
    ['in capitals', encoded({ EXPIRATION, conditions: [] }), invalid("Unexpected: 'expiration'")],
    ['of IAM', encoded({ Statement: [] }), invalid("Unexpected: 'statement'")],
    ['that is a list', encoded([]), invalid('Invalid JSON.')],
    ['that is no JSON', Buffer.from('{"expiration":}').toString('base64'), invalid('Invalid JSON.')],
    ['that is no Base64', '%%%', invalid('invalid Base64 encoding.')],
    ['that is no UTF-8', Buffer.from([0xff]).toString('base64'), invalid('invalid Base64 encoding.')],
    [
      'that is very deep',
      Buffer.from(`{"conditions":${'['.repeat(10_000)}`).toString('base64'),
      invalid('Invalid JSON.'),
    ],
  ])('%s', (_what, policy, expected) => {
    expect(judged(policy)).toBe(expected);
  });

  it('may be anything without harm', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.dictionary(fc.string(), fc.string()), (value, fields) => {
        const policy = encoded({ expiration: EXPIRATION, conditions: [value] });
        expect(judged(policy, fields)).toMatch(/^(passes|40[03] )/);
        expect(judged(encoded(value), fields)).toMatch(/^400 InvalidPolicyDocument/);
      }),
    );
  });
});
