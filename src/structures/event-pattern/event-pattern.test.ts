import { expect, test } from 'vitest';
import { compileEventPattern, type EventPattern } from './event-pattern.ts';

const compile = (pattern: unknown): EventPattern => {
  const compiled = compileEventPattern(typeof pattern === 'string' ? pattern : JSON.stringify(pattern));
  if ('problem' in compiled) throw new Error(compiled.problem);
  return compiled.pattern;
};
const problemOf = (pattern: unknown): string => {
  const compiled = compileEventPattern(typeof pattern === 'string' ? pattern : JSON.stringify(pattern));
  return 'problem' in compiled ? compiled.problem : '';
};

// AWS: EventBridge user guide, examples of "Comparison operators"; behaviours of null, missing values and types as
// recorded against the service (LocalStack, tests/aws/services/events/event_pattern_templates).
test.each<[unknown, unknown, boolean]>([
  [{ source: ['aws.ec2'] }, { source: 'aws.ec2' }, true],
  [{ source: ['aws.ec2'] }, { source: 'aws.EC2' }, false],
  [{ Source: ['aws.ec2'] }, { source: 'aws.ec2' }, false],
  [{ a: [''] }, { a: '' }, true],
  [{ a: [null] }, { a: null }, true],
  [{ a: [null] }, {}, false],
  [{ a: [true] }, { a: true }, true],
  [{ a: [true] }, { a: 'true' }, false],
  [{ a: [5] }, { a: 5.0 }, true],
  [{ a: [5] }, { a: '5' }, false],
  [{ a: [123456789012] }, { a: 123456789012 }, true],
  [{ a: ['x', 'y'] }, { a: ['z', 'y'] }, true],
  [{ a: ['x'] }, { a: [['w'], ['x']] }, true],
  [{ a: [{ prefix: 'us-' }] }, { a: 'us-east-1' }, true],
  [{ a: [{ prefix: 'us-' }] }, { a: 1 }, false],
  [{ a: [{ prefix: { 'equals-ignore-case': 'EVENTB' } }] }, { a: 'eventBridge' }, true],
  [{ a: [{ suffix: '.png' }] }, { a: 'x.png' }, true],
  [{ a: [{ suffix: { 'equals-ignore-case': '.PNG' } }] }, { a: 'x.png' }, true],
  [{ a: [{ 'equals-ignore-case': 'ALICE' }] }, { a: 'alice' }, true],
  [{ a: [{ 'equals-ignore-case': '' }] }, { a: '' }, true],
  [{ a: [{ 'anything-but': 'x' }] }, { a: 'y' }, true],
  [{ a: [{ 'anything-but': 'x' }] }, { a: 'x' }, false],
  [{ a: [{ 'anything-but': 'x' }] }, {}, false],
  [{ a: [{ 'anything-but': ['x', 'y'] }] }, { a: null }, true],
  [{ a: [{ 'anything-but': [1, 2] }] }, { a: 2 }, false],
  [{ a: [{ 'anything-but': 0 }] }, { a: 1 }, true],
  [{ a: [{ 'anything-but': { prefix: 'in' } }] }, { a: 'out' }, true],
  [{ a: [{ 'anything-but': { prefix: 'in' } }] }, { a: 'inside' }, false],
  [{ a: [{ 'anything-but': { prefix: 'in' } }] }, { a: 7 }, true],
  [{ a: [{ 'anything-but': { prefix: ['in', 'out'] } }] }, { a: 'outside' }, false],
  [{ a: [{ 'anything-but': { suffix: ['.txt'] } }] }, { a: 'a.txt' }, false],
  [{ a: [{ 'anything-but': { suffix: '.txt' } }] }, { a: 'a.png' }, true],
  [{ a: [{ 'anything-but': { 'equals-ignore-case': ['Init', 'stop'] } }] }, { a: 'INIT' }, false],
  [{ a: [{ 'anything-but': { wildcard: '*/lib/*' } }] }, { a: 'x/lib/y' }, false],
  [{ a: [{ 'anything-but': { wildcard: ['*/lib/*', '*/bin/*'] } }] }, { a: 'x/src/y' }, true],
  [{ a: [{ numeric: ['=', 5] }] }, { a: 5 }, true],
  [{ a: [{ numeric: ['>', 0, '<=', 5] }] }, { a: 5 }, true],
  [{ a: [{ numeric: ['>=', 0, '<', 5] }] }, { a: 5 }, false],
  [{ a: [{ numeric: ['<', 5] }] }, { a: '4' }, false],
  [{ a: [{ numeric: ['<', 5] }] }, { a: null }, false],
  [{ a: [{ cidr: '10.0.0.0/24' }] }, { a: '10.0.0.7' }, true],
  [{ a: [{ cidr: '10.0.0.0/24' }] }, { a: 'x' }, false],
  [{ a: [{ cidr: '2001:db8::/56' }] }, { a: '2001:db8::1' }, true],
  [{ a: [{ wildcard: 'dir/*.png' }] }, { a: 'dir/sub/x.png' }, true],
  [{ a: [{ wildcard: 'dir/*.png' }] }, { a: 'dir/x.jpg' }, false],
  [{ a: [{ wildcard: 'a\\*b' }] }, { a: 'a*b' }, true],
  [{ a: [{ wildcard: 'a\\*b' }] }, { a: 'axb' }, false],
  [{ a: [{ wildcard: 'a?b' }] }, { a: 'axb' }, false],
  [{ a: [{ exists: true }] }, { a: null }, true],
  [{ a: [{ exists: true }] }, { a: {} }, false],
  [{ a: [{ exists: false }] }, { a: { b: 1 } }, true],
  [{ a: [{ exists: false }] }, { a: [] }, true],
  [{ a: { b: [{ exists: false }] } }, { a: [{ c: 1 }] }, true],
  [{ a: { b: [{ exists: false }] } }, { a: [{ c: 1 }, { b: 1 }] }, false],
  [{ a: [{ exists: false }, 'x'] }, { a: 'x' }, true],
  [{ a: [{ exists: false }, 'x'] }, { a: 'y' }, false],
  [{ 'a.b': ['x'] }, { a: { b: 'x' } }, true],
  [{ a: { b: ['x'] } }, { 'a.b': 'x' }, true],
  [{ a: { b: ['x'] } }, { 'a.b': 'y', a: { b: 'x' } }, true],
  [{ constructor: [{ exists: true }] }, {}, false],
  [{ $or: [{ a: ['x'] }, { b: [{ numeric: ['>', 1] }] }] }, { b: 2 }, true],
  [{ $or: [{ a: ['x'] }, { b: ['y'] }] }, { a: 'y', b: 'x' }, false],
  [{ d: { $or: [{ a: ['x'] }, { b: ['y'] }], c: ['z'] } }, { d: { b: 'y', c: 'z' } }, true],
  [{ d: { $or: [{ a: ['x'] }, { b: ['y'] }], c: ['z'] } }, { d: { b: 'y' } }, false],
])('pattern %j against %j is %s', (pattern, event, expected) => {
  expect(compile(pattern).matches(event)).toBe(expected);
  expect(compile(pattern).explain(event).isMatch).toBe(expected);
});

test('fields inside an array must be satisfied by one element', () => {
  const pattern = compile({ items: { sku: ['a'], count: [{ numeric: ['>', 1] }] } });
  expect(pattern.matches({ items: [{ sku: 'a', count: 2 }] })).toBe(true);
  const event = {
    items: [
      { sku: 'a', count: 1 },
      { sku: 'b', count: 5 },
    ],
  };
  expect(pattern.matches(event)).toBe(false);
  expect(pattern.explain(event).sentence).toBe(
    'every field matches alone, but not in the same element of an array: ' +
      'items.sku at items[0].sku, items.count at items[1].count',
  );
});

// AWS: texts as recorded against the service (LocalStack, tests/aws/services/events/test_events_patterns.snapshot.json).
const at = (pattern: string, column: number): string =>
  `\n at [Source: (String)"${pattern}"; line: 1, column: ${column}]`;
test.each([
  ['{"int": 42}', '"int" must be an object or an array', 11],
  ['{"string": "my-value"}', '"string" must be an object or an array', 13],
  ['{"detail": {"equal": [{"NUMERIC": ["=", 5]}]}}', 'Unrecognized match type NUMERIC', 36],
  ['{"resources": []}', 'Empty arrays are not allowed', 17],
  ['{"my_key": [{"EXISTS": true}]}', 'Unrecognized match type EXISTS', 28],
  ['{"detail": {"c-count": [{"numeric": [">", 0, ">", 0]}]}}', 'Bad numeric range operator: >', 49],
  ['{"detail": {"c-count": [{"numeric": [">", 0, "<"]}]}}', 'Value of < must be numeric', 50],
  ['{"EventBusArn": [{"wildcard": 123}]}', 'wildcard match pattern must be a string', 34],
  ['{"detail": {"FileName": [{"anything-but": {"suffix": 123}}]}}', 'prefix/suffix match pattern must be a string', 57],
  [
    '{"detail": {"FileName": [{"anything-but": {"prefix": {"equals-ignore-case": "file"}}}]}}',
    'Value of anything-but must be an array or single string/number value.',
    55,
  ],
  [
    '{"detail": {"state": [{"anything-but": {"equals-ignore-case": 123}}]}}',
    'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
    66,
  ],
  ['["not", "a", "dict", "but valid json"]', 'Filter is not an object', 2],
  ["{'bad': 'quotation'}", "Unexpected character (''' (code 39)): was expecting double-quote to start field name", 2],
  [
    '{"not": closed mark"',
    "Unrecognized token 'closed': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
    15,
  ],
  [
    'this is valid json but not a dict',
    "Unrecognized token 'this': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
    5,
  ],
  ['{"a": [{"wildcard": "arn:aws:events:us-east-1:**:event-bus/*"}]}', 'Consecutive wildcard characters at pos 26', 62],
])('%s is refused: %s', (pattern, message, column) => {
  expect(problemOf(pattern)).toBe(`${message}${at(pattern, column)}`);
});

test('an error inside a list of anything-but carries its position twice, as with AWS', () => {
  const pattern = '{"detail": {"state": [{"anything-but": {"prefix": [123, "test"]}}]}}';
  const once = at(pattern, 55);
  expect(problemOf(pattern)).toBe(`prefix/suffix match pattern must be a string${once}${once}`);
});

test.each([
  [{ a: [{ cidr: '10.0.0.0' }] }, "Malformed CIDR, one '/' required"],
  [{ a: [{ cidr: '10.0.0.0/x' }] }, 'Malformed CIDR, mask bits must be an integer'],
  [{ a: [{ cidr: 'xx.11.xx/8' }] }, 'Nonstandard IP address: xx.11.xx'],
])('%j is refused without a position: %s', (pattern, message) => {
  expect(problemOf(pattern)).toBe(message);
});

test.each([
  [{ $or: [{ a: ['x'] }] }, 'There must have at least 2 Objects in $or relationship.'],
  [{ $or: ['x', 'y'] }, 'Only JSON object is allowed in array of $or relationship.'],
  [{ $or: { a: ['x'] } }, 'It must be an Array followed with $or.'],
  [{ $or: [{ prefix: ['x'] }, { a: ['y'] }] }, 'prefix is Ruler reserved fieldName which cannot be used inside $or.'],
  [{ a: {} }, 'Empty objects are not allowed'],
  [{ a: [{ 'anything-but': ['x', 1] }] }, 'mixed type is not supported'],
  [{ a: [{ 'anything-but': [] }] }, 'mixed type is not supported'],
  [{ a: [{ 'anything-but': { exists: false } }] }, 'Unsupported anything-but pattern: exists'],
  [{ a: [{ 'anything-but': { prefix: '' } }] }, 'Null prefix/suffix not allowed'],
  [{ a: [{ numeric: ['=', 6e9] }] }, 'Value must be between -5.0E9 and 5.0E9, inclusive'],
  [{ a: [{ wildcard: 'a\\b' }] }, 'Invalid escape character at pos 2'],
  ['{"a": ["x"]} trailing', 'was expecting the end of the input'],
  ['{"a": ["x"', 'Unexpected end-of-input'],
  [{ ...Object.fromEntries(['a', 'b', 'c', 'd'].map((k) => [k, {}])) }, 'Empty objects are not allowed'],
])('%j is refused: %s', (pattern, message) => {
  expect(problemOf(pattern)).toContain(message);
});

test('a pattern of five thousand levels is refused', () => {
  expect(problemOf(`${'{"a":'.repeat(5000)}["x"]${'}'.repeat(5000)}`)).toContain('Rule is too complex');
});

test('more than 1,000 combinations are refused', () => {
  let pattern: object = { leaf: ['x'] };
  for (let level = 0; level < 11; level += 1)
    pattern = {
      [`k${level}`]: {
        $or: [
          { a: ['x'], ...pattern },
          { b: ['y'], ...pattern },
        ],
      },
    };
  expect(problemOf(pattern)).toContain('Rule is too complex');
});

test.each([
  [
    { detail: { State: ['running'] } },
    { detail: { state: 'running' } },
    'detail.State: expected "running", nothing there (there is "state"; keys have upper and lower case)',
  ],
  [
    { state: ['running'] },
    { detail: { state: 'running' } },
    'state: expected "running", nothing there (it is inside "detail")',
  ],
  [
    { count: [5] },
    { count: '5' },
    'count: expected 5, found "5" (the value is a string, the pattern asks for a number)',
  ],
  [
    { a: [{ prefix: 'US' }] },
    { a: 'us-1' },
    'a: expected {"prefix":"US"}, found "us-1" (differs only in upper and lower case)',
  ],
  [
    { a: ['x'] },
    { a: { b: 1 } },
    'a: expected "x", nothing there (there is an object; a pattern compares only strings, numbers, booleans and null)',
  ],
  [{ a: { b: ['x'] } }, { a: 'x' }, 'a.b: expected "x", nothing there (there is a string where "b" would begin)'],
  [{ a: ['x'] }, { a: [] }, 'a: expected "x", nothing there (the array is empty)'],
])('%j against %j: %s', (pattern, event, sentence) => {
  expect(compile(pattern).explain(event).sentence).toBe(sentence);
});

test('of several alternatives the nearest is explained', () => {
  const pattern = compile({ $or: [{ a: ['1'], b: ['2'] }, { c: ['3'] }], d: ['4'] });
  expect(pattern.explain({ c: '0', d: '4' }).fields.map((field) => [field.path, field.isSatisfied])).toEqual([
    ['c', false],
    ['d', true],
  ]);
});

test('an event with both ways to a dotted path does not multiply the work', () => {
  const fields = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`a${i}.b`, ['x']]));
  const event: Record<string, unknown> = {};
  for (let i = 0; i < 40; i += 1) Object.assign(event, { [`a${i}`]: { b: 'y' }, [`a${i}.b`]: 'x' });
  expect(compile(fields).matches(event)).toBe(true);
});

test.each([
  ['lists', JSON.parse(`{"a":${'['.repeat(50_000)}"x"${']'.repeat(50_000)}}`)],
  ['objects', JSON.parse(`${'{"a":'.repeat(50_000)}"x"${'}'.repeat(50_000)}`)],
])('an event of fifty thousand levels of %s overflows no stack', (_, event) => {
  for (const path of ['a', 'a.a.a', Array(50_000).fill('a').join('.')]) {
    const pattern = compile({ [path]: ['x'] });
    expect(pattern.matches(event)).toBe(false);
    expect(pattern.explain(event).isMatch).toBe(false);
    expect(compile({ [path]: [{ exists: false }] }).matches(event)).toBe(true);
  }
});

test('a path of many steps finds the same keys as one of few', () => {
  const path = 'a.b.c.d.e.f.g.h.i.j.k.l';
  const nested = (keys: string[]) => keys.reduceRight<unknown>((inner, key) => ({ [key]: inner }), 'x');
  const matches = (event: unknown) => compile({ [path]: ['x'] }).matches(event);
  expect(matches(nested(path.split('.')))).toBe(true);
  expect(matches(nested(['a', 'b.c.d', 'e.f', 'g.h.i.j.k', 'l']))).toBe(true);
  expect(matches({ [path]: 'x', a: { b: 1 } })).toBe(true);
  expect(matches(nested(['a', 'b.c.d', 'e.f', 'g.h.i.j', 'l']))).toBe(false);
  expect(matches(nested(['a.', 'b.c.d.e.f.g.h.i.j.k.l']))).toBe(false);
});
