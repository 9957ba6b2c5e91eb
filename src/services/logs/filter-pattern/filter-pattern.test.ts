import { describe, expect, test } from 'vitest';
import { compileFilterPattern, compileStoredPattern } from './filter-pattern.ts';

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
    ['{ $.objectList[*].id = 2 }', true],
    ['{ $.objectList[*].id = 3 }', false],
    ['{ $.objectList[*].none NOT EXISTS }', true],
    ['{ $.objectList[*].id NOT EXISTS }', false],
    ['{ $.arrayKey[*] = "another*" }', true],
    ['{ $.* = "UpdateTrail" }', true],
    ['{ $.* IS NULL }', true],
    ['{ $.eventType = %Trail$% }', true],
    ['{ $.eventType != %Trail$% }', false],
    ['{ $.missing != %Trail$% }', false],
    ['{ $.sourceIPAddress = %^\\d{1,3}\\.111% && $.bandwidth = %^15% }', true],
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
    ['[ip = %127\\.0\\.0\\.[1-9]%, ..., status_code = %4\\d{2}%, bytes]', true],
    ['[ip, ..., status_code != %^4%, bytes]', false],
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
  ['user@example.com', "Invalid filter pattern: Invalid character(s) in term 'user@example.com'"],
  ['ERROR E*', "Invalid character(s) in term 'E*'"],
  ['""', `Invalid character(s) in term '""'`],
  ['ERROR - x', "Invalid character(s) in term ''"],
  ['%a(b)%', "Invalid character(s) in term '('"],
  ['%a\\(b%', "Invalid character(s) in term '\\('"],
  ['%no!%', "Invalid character(s) in term '!'"],
  ['%open', 'a percent sign is not closed'],
  ['%[a%', 'a bracket is not closed'],
  ['%a{x}%', 'expected how often'],
  ['%a{300}%', 'the regular expression is too long'],
  ['%a{99999999999999999999,}%', 'the regular expression is too long'],
  ['%a{100000000000000000,100000000000000300}%', 'the regular expression is too long'],
  ['%a% b', 'nothing may follow the closing percent sign'],
  ['{ $.a > %1% }', '> compares with a number'],
  ['{ $.a = %1% || $.b = %2% || $.c = %3% }', 'more than 2 regular expressions'],
  ['{ $.a[*].b[*] = 1 }', 'more than one asterisk in a selector'],
])('%s is refused: %s', (pattern, problem) => {
  expect(compileFilterPattern(pattern)).toEqual({ problem: expect.stringContaining(problem) });
});

// Examples of the user guide, "Supported regular expressions (regex) syntax", and what follows from its rules.
test.each([
  ['%AUTHORIZED%', '[ERROR 401] UNAUTHORIZED REQUEST', true],
  ['%^[hc]at%', 'hat', true],
  ['%^[hc]at%', 'that', false],
  ['%[hc]at$%', 'a cat', true],
  ['%[hc]at$%', 'a cat sat', false],
  ['%colou?r%', 'color', true],
  ['%colou?r%', 'colouur', false],
  ['%^a{3,5}$%', 'aaaa', true],
  ['%^a{3,5}$%', 'aa', false],
  ['%^a{3,5}$%', 'aaaaaa', false],
  ['%^a{2}$%', 'aa', true],
  ['%^a{2,}b%', 'aaaab', true],
  ['%gray|grey%', 'a grey cat', true],
  ['%^gray|grey$%', 'a gray cat', false],
  ['%10\\.10\\.0\\.1%', 'from 10.10.0.1', true],
  ['%10\\.10\\.0\\.1%', 'from 10x10y0z1', false],
  ['%ab*c%', 'ac', true],
  ['%ab+c%', 'ac', false],
  ['%a.c%', 'a€c', true],
  ['%[^a-c]x%', 'ax', false],
  ['%[^a-c]x%', '€x', true],
  ['%[a\\-z]%', 'm', false],
  ['%[a-]%', '-', true],
  ['%\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}%', 'ip 192.168.0.17', true],
  ['%\\w+\\s\\W%', 'ab !', true],
  ['%\\D\\S%', '12 ', false],
  ['%\\x28\\x29%', 'call()', true],
  ['%[Ee]rror|[Ff]ail%', 'it did fail', true],
  ['%^$%', 'x', false],
])('the regular expression %s on %j is %s', (pattern, message, expected) => {
  expect(matches(pattern, message)).toBe(expected);
});

test('an expression that would send a backtracking search round for ever ends soon', () => {
  expect(matches(`%${'a*'.repeat(60)}b%`, 'a'.repeat(20_000))).toBe(false);
});

test('a class of many characters costs no more than one of few', () => {
  expect(matches(`%[${'a'.repeat(900)}b]{100}c%`, 'b'.repeat(200_000))).toBe(false);
});

test('many stars against a long message end at once', () => {
  const pattern = `{ $.a = "${'*a'.repeat(200)}b" }`;
  expect(matches(pattern, JSON.stringify({ a: 'a'.repeat(100_000) }))).toBe(false);
});

// Filters that earlier versions of Eddy took would otherwise ship nothing any more, and tell nobody.
test.each([
  ['RequestId: timed-out', 'RequestId: 1 timed-out', 'RequestId: 1'],
  ['ERROR -a.b', 'ERROR a', 'ERROR a.b'],
  ['{ $.a.*.* = 1 }', '{"a":{"b":{"c":1}}}', '{"a":{"b":{"c":2}}}'],
  ['[level, rest = ]', '"" ""', '"" x'],
])('a stored filter with %s goes on to match, though it would be refused now', (pattern, matching, other) => {
  expect(compileFilterPattern(pattern)).toHaveProperty('problem');
  const stored = compileStoredPattern(pattern);
  expect('test' in stored && [stored.test(matching), stored.test(other)]).toEqual([true, false]);
});
