import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FormFile } from './form-file.ts';
import { boundaryOf, type FormHead, readFormHead } from './form-head.ts';
import { checkPostPolicy } from './post-policy.ts';

const field = (name: string, value: string) =>
  `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const file = (name = 'a.txt') =>
  `--b\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: x/y\r\n\r\n`;
const read = (text: string, isComplete = true) => readFormHead(Buffer.from(text), 'b', isComplete);

describe('the head of a form', () => {
  test('has its fields by lower-case name, and the file’s name without folders', () => {
    const text = field('Key', 'up/ü.txt') + field('empty', '') + field('lines', 'a\r\nb') + file('C:\\x\\ü.txt');
    const head = read(`${text}bytes`) as FormHead;
    expect([...head.fields]).toEqual([
      ['key', 'up/ü.txt'],
      ['empty', ''],
      ['lines', 'a\r\nb'],
    ]);
    expect([head.fileName, head.bytes]).toEqual(['ü.txt', Buffer.byteLength(text)]);
  });

  test('is waited for, wherever it is cut', () => {
    const text = field('key', 'k') + field('note', '') + file();
    for (let end = 0; end < text.length; end += 1) expect(read(text.slice(0, end), false)).toBe('more');
    expect(read(text, false)).toMatchObject({ bytes: text.length });
  });

  test.each([
    ['', 'MalformedPOSTRequest'],
    ['no form at all, but long enough for a boundary', 'MalformedPOSTRequest'],
    [`${field('key', 'k')}--b--\r\n`, 'IncorrectNumberOfFilesInPostRequest'],
    ['--b\r\nX: y\r\n\r\nvalue\r\n--b--', 'MalformedPOSTRequest'],
    [field('key', 'x'.repeat(21_000)) + file(), 'MaxPostPreDataLengthExceededError'],
  ])('%j is refused', (text, code) => {
    expect(read(text)).toMatchObject({ code });
  });

  test('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, isComplete) => {
        readFormHead(Buffer.concat([Buffer.from('--b\r\n'), bytes]), 'b', isComplete);
      }),
    );
  });

  test('names its boundary, quoted or not', () => {
    expect(boundaryOf('multipart/form-data; boundary=abc')).toBe('abc');
    expect(boundaryOf('Multipart/Form-Data; charset=utf-8; boundary="a b"')).toBe('a b');
    expect(boundaryOf('multipart/mixed; boundary=abc')).toBeUndefined();
    expect(boundaryOf(undefined)).toBeUndefined();
  });
});

test('the bytes of a file end at the boundary, however they are cut', () => {
  const byte = fc.constantFrom(13, 10, 45, 98, 120);
  const pieces = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 40 }), pieces, (content, cuts) => {
      const inside = Buffer.from(content);
      if (inside.includes('\r\n--b')) return;
      const all = Buffer.concat([inside, Buffer.from('\r\n--b--\r\nrest')]);
      const taken: Buffer[] = [];
      const decoder = new FormFile('b', (bytes) => taken.push(Buffer.from(bytes)));
      for (let at = 0, turn = 0; at < all.length; turn += 1) {
        const next = at + (cuts[turn % cuts.length] ?? 1);
        decoder.take(all.subarray(at, next));
        at = next;
      }
      const first = Buffer.concat([inside, Buffer.from('\r\n--b')]).indexOf('\r\n--b');
      expect([decoder.isComplete, Buffer.concat(taken)]).toEqual([true, all.subarray(0, first)]);
    }),
  );
});

describe('the policy of a form', () => {
  const check = (policy: unknown, fields: Record<string, string> = { key: 'up/k' }) =>
    checkPostPolicy(Buffer.from(JSON.stringify(policy)).toString('base64'), {
      fields: new Map(Object.entries(fields)),
      bucket: 'orders',
      nowMs: Date.UTC(2026, 0, 1),
    });
  const until = '2026-01-02T00:00:00.000Z';
  const given = (...conditions: unknown[]) => check({ expiration: until, conditions });

  test('lets in what meets each condition, and tells the sizes', () => {
    expect(given({ bucket: 'orders' }, ['starts-with', '$key', 'up/'], ['content-length-range', 1, 10])).toEqual({
      range: { min: 1, max: 10 },
    });
    const typed = { key: 'k', 'content-type': 'image/a, image/b', 'x-ignore-flash': '1' };
    const conditions = [
      ['eq', '$Key', 'k'],
      ['starts-with', '$Content-Type', 'image/'],
    ];
    expect(check({ expiration: until, conditions }, typed)).toEqual({ range: undefined });
  });

  // Texts: LocalStack's recorded answers of AWS, and issues of upload libraries.
  test.each([
    [[{ bucket: 'other' }], 'Policy Condition failed: ["eq", "$bucket", "other"]'],
    [[['starts-with', '$key', 'down/']], 'Policy Condition failed: ["starts-with", "$key", "down/"]'],
    [[['ends-with', '$key', 'k']], 'Policy Condition failed: ["ends-with", "$key", "k"]'],
    [[{ bucket: 'orders' }], 'Extra input fields: key'],
    [[['eq', '$key', 'up/k'], { acl: 'private' }], 'Policy Condition failed: ["eq", "$acl", "private"]'],
  ])('%j is refused', (conditions, text) => {
    expect(given(...conditions)).toMatchObject({
      code: 'AccessDenied',
      status: 403,
      message: `Invalid according to Policy: ${text}`,
    });
  });

  test('is read, or refused', () => {
    expect(check({ expiration: '2025-12-31T00:00:00Z', conditions: [] })).toMatchObject({
      message: 'Invalid according to Policy: Policy expired.',
    });
    for (const policy of [{ conditions: [] }, { expiration: until }, { expiration: 'x', conditions: [] }, 1, null]) {
      expect(check(policy)).toMatchObject({ code: 'InvalidPolicyDocument', status: 400 });
    }
    fc.assert(fc.property(fc.jsonValue(), (policy) => void check(policy)));
    fc.assert(fc.property(fc.jsonValue(), (condition) => void given(condition)));
  });
});
