import { describe, expect, test } from 'vitest';
import { compileFilterPattern } from './filter-pattern.ts';

function matches(pattern: string, message: string): boolean {
  const compiled = compileFilterPattern(pattern);
  if ('problem' in compiled) throw new Error(compiled.problem);
  return compiled.test(message);
}

describe('terms', () => {
  test.each([
    ['', 'anything', true],
    ['ERROR', '[ERROR 400] BAD REQUEST', true],
    ['ERROR', 'error', false],
    ['ERROR', 'Exiting with ERRORCODE: -1', true],
    ['ERROR ARGUMENTS', '[ERROR] INVALID ARGUMENTS', true],
    ['ERROR ARGUMENTS', '[ERROR] OTHER', false],
    ['"INTERNAL SERVER ERROR"', '[ERROR 500] INTERNAL SERVER ERROR', true],
    ['"INTERNAL SERVER ERROR"', 'INTERNAL ERROR SERVER', false],
    ['?ERROR ?WARN', '[WARN] x', true],
    ['?ERROR ?WARN', '[INFO] x', false],
    ['ERROR -ARGUMENTS', '[ERROR] INVALID ARGUMENTS', false],
    ['ERROR -ARGUMENTS', '[ERROR] x', true],
    ['?ERROR ?WARN REQUEST', 'a REQUEST only', true],
    ['?ERROR ?WARN REQUEST', 'ERROR only', false],
    ['-"a b"', 'x a b y', false],
    ['"say \\"hi\\""', 'to say "hi" now', true],
  ])('%j on %j is %s', (pattern, message, expected) => {
    expect(matches(pattern, message)).toBe(expected);
  });
});

describe('JSON', () => {
  const event = JSON.stringify({
    eventType: 'UpdateTrail',
    sourceIPAddress: '111.111.111.111',
    arrayKey: ['value', 'another value'],
    objectList: [
      { name: 'a', id: 1 },
      { name: 'b', id: 2 },
    ],
    SomeObject: null,
    cluster: { 'x.y': 'odd' },
    bandwidth: 1.5e3,
    isOn: true,
  });
  test.each([
    ['{ $.eventType = "UpdateTrail" }', true],
    ['{$.eventType=UpdateTrail}', true],
    ['{ $.eventType = "Update*" }', true],
    ['{ $.eventType != "UpdateTrail" }', false],
    ['{ $.sourceIPAddress != 123.123.* }', true],
    ['{ $.arrayKey[0] = "value" }', true],
    ['{ $.arrayKey[5] = "value" }', false],
    ['{ $.objectList[1].id = 2 }', true],
    ['{ $.objectList[1].id > 2 }', false],
    ['{ $.SomeObject IS NULL }', true],
    ['{ $.eventType IS NULL }', false],
    ['{ $.SomeOtherObject NOT EXISTS }', true],
    ['{ $.missing != "x" }', false],
    ['{ $.isOn IS TRUE }', true],
    ['{ $.isOn is false }', false],
    ['{ $.bandwidth = 1500 }', true],
    ['{ $.bandwidth >= 1.5e+3 && $.isOn IS TRUE }', true],
    ["{ $.cluster['x.y'] = odd }", true],
    ['{ ($.eventType = "No" || $.isOn IS TRUE) && $.bandwidth < 2000 }', true],
    ['{ $.eventType = "No" || $.isOn IS TRUE && $.bandwidth < 1000 }', false],
  ])('%s is %s', (pattern, expected) => {
    expect(matches(pattern, event)).toBe(expected);
    expect(matches(pattern, 'no JSON at all')).toBe(false);
  });
});

describe('space-delimited fields', () => {
  const line = '127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534';
  test.each([
    ['[ip, user, username, timestamp, request, status_code, bytes]', true],
    ['[ip, user, username, timestamp, request]', false],
    ['[ip, user, username, timestamp, request =*.html*, status_code = 4*, bytes]', true],
    ['[ip, user, username, timestamp, request, status_code = 404 || status_code = 410, bytes > 1000]', true],
    ['[ip, user, username, timestamp, request, status_code, bytes > 1534]', false],
    ['[..., status_code = 404, bytes]', true],
    ['[ip = 127.0.0.1, ...]', true],
    ['[ip != 127.0.0.1, ...]', false],
    ['[ip, ..., bytes >= 1534 && bytes < 1535]', true],
  ])('%s is %s', (pattern, expected) => {
    expect(matches(pattern, line)).toBe(expected);
  });
});

test.each([
  ['{ $.a = }', 'expected a value'],
  ['{ $.a > "x" }', '> compares with a number, not with x'],
  ['{ $.a', 'expected a comparison'],
  ['{ a = 1 }', 'expected $'],
  ['[a, b', 'expected ,'],
  ['"open', 'a quotation mark is not closed'],
  ['{ $.a = %x% }', 'regular expressions are not available here'],
  ['%x%', 'regular expressions are not available here'],
])('%s is refused: %s', (pattern, problem) => {
  expect(compileFilterPattern(pattern)).toEqual({ problem: expect.stringContaining(problem) });
});

test('many stars against a long message end at once', () => {
  const pattern = `{ $.a = "${'*a'.repeat(200)}b" }`;
  expect(matches(pattern, JSON.stringify({ a: 'a'.repeat(100_000) }))).toBe(false);
});
