import { expect, test } from 'vitest';
import { compileFilterPolicy, type Filterable, type FilterPolicy, type FilterPolicyScope } from './filter-policy.ts';

const compile = (policy: unknown, scope: FilterPolicyScope): FilterPolicy => {
  const compiled = compileFilterPolicy(JSON.stringify(policy), scope);
  if ('problem' in compiled) throw new Error(compiled.problem);
  if (compiled.policy === undefined) throw new Error('no policy');
  return compiled.policy;
};
const problemOf = (policy: unknown, scope: FilterPolicyScope = 'MessageAttributes'): string | undefined => {
  const compiled = compileFilterPolicy(typeof policy === 'string' ? policy : JSON.stringify(policy), scope);
  return 'problem' in compiled ? compiled.problem : undefined;
};
const withBody = (body: unknown): Filterable => ({
  body: typeof body === 'string' ? body : JSON.stringify(body),
  attributes: [],
});
const withAttributes = (...attributes: [name: string, dataType: string, value: string][]): Filterable => ({
  body: 'text',
  attributes: attributes.map(([name, dataType, value]) => ({ name, dataType, value })),
});
const values = (count: number): string[] => Array.from({ length: count }, (_, index) => `value${index}`);

// AWS: SNS developer guide, examples of "String value matching", "Numeric value matching", "Key matching".
test.each<[unknown, [string, string, string], boolean]>([
  [{ interests: ['rugby', 'tennis'] }, ['interests', 'String', 'rugby'], true],
  [{ interests: ['rugby', 'tennis'] }, ['interests', 'String', 'baseball'], false],
  [{ interests: ['rugby', 'tennis'] }, ['interests', 'String.Array', '["football","tennis"]'], true],
  [{ interests: ['rugby'] }, ['interests', 'String.Array', '["baseball"]'], false],
  [{ interests: ['rugby'] }, ['interests', 'String.Array', 'no json'], false],
  [{ interests: [{ 'anything-but': ['rugby', 'tennis'] }] }, ['interests', 'String', 'baseball'], true],
  [
    { interests: [{ 'anything-but': ['rugby', 'tennis'] }] },
    ['interests', 'String.Array', '["rugby","baseball"]'],
    true,
  ],
  [{ interests: [{ 'anything-but': ['rugby', 'tennis'] }] }, ['interests', 'String', 'rugby'], false],
  [{ interests: [{ 'anything-but': ['rugby'] }] }, ['other', 'String', 'x'], false],
  [{ event: [{ 'anything-but': { prefix: 'order-' } }] }, ['event', 'String', 'data-entry'], true],
  [{ event: [{ 'anything-but': { prefix: 'order-' } }] }, ['event', 'String', 'order-cancelled'], false],
  [{ interests: [{ 'equals-ignore-case': 'Tennis' }] }, ['interests', 'String', 'TENNIS'], true],
  [{ ip: [{ cidr: '10.0.0.0/24' }] }, ['ip', 'String', '10.0.0.255'], true],
  [{ ip: [{ cidr: '10.0.0.0/24' }] }, ['ip', 'String', '10.0.1.1'], false],
  [{ interests: [{ prefix: 'bas' }] }, ['interests', 'String', 'basketball'], true],
  [{ interests: [{ suffix: 'ball' }] }, ['interests', 'String', 'baseball'], true],
  [{ price: [301.5] }, ['price', 'Number', '3.015e2'], true],
  [{ price: [{ numeric: ['=', 301.5] }] }, ['price', 'Number', '301.5'], true],
  [{ price: [{ numeric: ['>', 0, '<=', 150] }] }, ['price', 'Number', '150'], true],
  [{ price: [{ numeric: ['>', 0, '<=', 150] }] }, ['price', 'Number', '0'], false],
  [{ price: [{ numeric: ['<', 10] }] }, ['price', 'String', '5'], false],
  [{ price: [{ 'anything-but': [100, 500] }] }, ['price', 'Number', '101'], true],
  [{ price: [{ 'anything-but': [100, 500] }] }, ['price', 'Number', '100'], false],
  [{ price: ['100'] }, ['price', 'Number', '100'], false],
  [{ store: [{ exists: true }] }, ['store', 'String', 'fans'], true],
  [{ store: [{ exists: true }] }, ['other', 'String', 'fans'], false],
  [{ store: [{ exists: false }] }, ['other', 'String', 'fans'], true],
  [{ store: [{ exists: false }] }, ['store', 'String', 'fans'], false],
  [{ flags: [true] }, ['flags', 'String.Array', '[true,null]'], true],
  [{ 'a.b': ['x'] }, ['a.b', 'String', 'x'], true],
])('policy %j against attribute %j is %s', (policy, attribute, expected) => {
  expect(compile(policy, 'MessageAttributes').matches(withAttributes(attribute))).toBe(expected);
});

test('a message without attributes matches no policy on attributes, not even an absent one', () => {
  const policy = compile({ store: [{ exists: false }] }, 'MessageAttributes');
  expect(policy.matches(withAttributes())).toBe(false);
  expect(policy.explain(withAttributes()).sentence).toContain('no attributes');
});

test('a binary attribute is not compared', () => {
  const policy = compile({ store: [{ exists: true }] }, 'MessageAttributes');
  const attributes = [{ name: 'store', dataType: 'Binary', value: new Uint8Array([1]) }];
  expect(policy.matches({ body: '', attributes })).toBe(false);
});

test('$or and several keys', () => {
  const policy = compile(
    { source: ['aws.cloudwatch'], $or: [{ metricName: ['CPUUtilization'] }, { namespace: ['AWS/EC2', 'AWS/ES'] }] },
    'MessageAttributes',
  );
  const source: [string, string, string] = ['source', 'String', 'aws.cloudwatch'];
  expect(policy.matches(withAttributes(source, ['namespace', 'String', 'AWS/ES']))).toBe(true);
  expect(policy.matches(withAttributes(source, ['namespace', 'String', 'AWS/SQS']))).toBe(false);
  expect(policy.matches(withAttributes(['namespace', 'String', 'AWS/ES']))).toBe(false);
});

test.each<[unknown, unknown, boolean]>([
  [{ object: { key: [{ prefix: 'auto-' }, 'hardcoded'] } }, { object: { key: 'auto-test' } }, true],
  [{ object: { key: [{ prefix: 'auto-' }, 'hardcoded'] } }, { object: { key: 'home' } }, false],
  [{ object: { key: ['x'] } }, 'no json', false],
  [{ key: [{ exists: true }] }, { key: 'x' }, true],
  [{ key: [{ exists: true }] }, { key: false }, true],
  [{ key: [{ exists: true }] }, { key: null }, false],
  [{ key: [{ exists: true }] }, { key: '' }, false],
  [{ key: [{ exists: true }] }, { key: [] }, false],
  [{ key: [{ exists: true }] }, { key: [null, 1] }, true],
  [{ key: [{ exists: true }, null] }, { key: null }, true],
  [{ key: [{ exists: false }] }, { key: null }, false],
  [{ object: { key: ['x'] } }, '["x"]', false],
  [{ 'object.nested': ['v'] }, { object: { nested: 'v' } }, true],
  [{ 'object.nested.test': ['v'] }, { 'object.nested': { test: 'v' } }, true],
  [{ headers: { 'route-to': ['queue1'] } }, { headers: { 'route-to': ['queue1', 'queue2'] } }, true],
  [
    { Records: { s3: { object: { key: [{ prefix: 'auto-' }] } }, eventName: [{ prefix: 'ObjectCreated:' }] } },
    {
      Records: [
        { eventName: 'ObjectCreated:Put', s3: { object: [[{ key: 'auto-1.xml' }]] } },
        { eventName: 'ObjectRemoved:Delete', s3: { object: { key: 'home-1.xml' } } },
      ],
    },
    true,
  ],
  [
    { Records: { s3: { object: { key: [{ prefix: 'auto-' }] } }, eventName: [{ prefix: 'ObjectCreated:' }] } },
    { Records: [{ eventName: 'ObjectRemoved:Delete', s3: { object: { key: 'auto-1.xml' } } }] },
    false,
  ],
])('policy %j against body %j is %s', (policy, body, expected) => {
  expect(compile(policy, 'MessageBody').matches(withBody(body))).toBe(expected);
});

// AWS: texts as recorded against the service (LocalStack, tests/aws/services/sns/test_sns_filter_policy.snapshot.json).
const at = (policy: string, column: number): string =>
  `\n at [Source: (String)"${policy}"; line: 1, column: ${column}]`;
test.each([
  ['{"key":[["value"]]}', 'Match value must be String, number, true, false, or null', 10],
  ['{"key":[{"wrong-operator":true}]}', 'Unrecognized match type wrong-operator', 31],
  ['{"key":[{"suffix":"value","prefix":"value2"}]}', 'Only one key allowed in match expression', 37],
  ['{"key":[{"suffix":100}]}', 'suffix match pattern must be a string', 22],
  ['{"key":[{"suffix":null}]}', 'suffix match pattern must be a string', 23],
  ['{"key":{"suffix":"value"}}', '"suffix" must be an object or an array', 19],
  ['{"key":[{"suffix":[]}]}', 'suffix match pattern must be a string', 20],
  ['{"key":[{"suffix":["test","test2"]}]}', 'suffix match pattern must be a string', 20],
  ['{"key":{"not-an-operator":"value"}}', '"not-an-operator" must be an object or an array', 28],
  ['{"key":[{"numeric":[]}]}', 'Invalid member in numeric match: ]', 22],
  ['{"key":[{"numeric":["operator"]}]}', 'Unrecognized numeric range operator: operator', 32],
  ['{"key":[{"numeric":[1,"<="]}]}', 'Invalid member in numeric match: 1', 22],
  ['{"key":[{"numeric":["=","000"]}]}', 'Value of equals must be numeric', 26],
  ['{"key":[{"numeric":[">="]}]}', 'Value of >= must be numeric', 26],
  ['{"key":[{"numeric":["<",100,">",10]}]}', 'Too many elements in numeric expression', 30],
  ['{"key":[{"numeric":[">=",1,">",2]}]}', 'Bad numeric range operator: >', 31],
  ['{"key":[{"numeric":[">",3,"<",1]}]}', 'Bottom must be less than top', 33],
  ['{"key":[{"numeric":[">",20,"<="]}]}', 'Value of <= must be numeric', 33],
  ['{"key":[{"numeric":[">",20,30]}]}', 'Bad value in numeric range: 30', 30],
  ['{"key":[{"numeric":[">",20,"test"]}]}', 'Bad numeric range operator: test', 34],
  ['{"key":[{"numeric":[">","20","<","30"]}]}', 'Value of > must be numeric', 26],
  ['{"key":[{"numeric":[">",20,"<","30"]}]}', 'Value of < must be numeric', 33],
  ['{"key":[{"numeric":[">",20,"<",30,"<",50]}]}', 'Too many terms in numeric range expression', 36],
  ['{"key":[{"exists":null}]}', 'exists match pattern must be either true or false.', 23],
  ['{"key":[{"exists":"no"}]}', 'exists match pattern must be either true or false.', 20],
  ['{"key_a":"value_one"}', '"key_a" must be an object or an array', 11],
])('%s is refused: %s', (policy, message, column) => {
  expect(problemOf(policy)).toBe(`FilterPolicy: ${message}${at(policy, column)}`);
});

test.each([
  [{ key: [{ wildcard: 'a*' }] }, 'Unrecognized match type wildcard'],
  [{ key: [{ 'anything-but': { suffix: 'x' } }] }, 'Unsupported anything-but pattern: suffix'],
  [{ key: [{ prefix: { 'equals-ignore-case': 'x' } }] }, 'prefix match pattern must be a string'],
  [{ key: [] }, 'Empty arrays are not allowed'],
  ['{invalid}', 'FilterPolicy: failed to parse JSON. Unexpected character'],
  ['["a"]', 'Filter is not an object'],
])('%j, which SNS does not have, is refused: %s', (policy, message) => {
  expect(problemOf(policy)).toContain(message);
});

test('limits: keys, combinations, nesting', () => {
  expect(problemOf({ key: values(151) })).toBe('FilterPolicy: Filter policy is too complex');
  expect(problemOf({ key: values(150) })).toBeUndefined();
  expect(problemOf({ key1: values(100), key2: values(51) })).toBe('FilterPolicy: Filter policy is too complex');
  const six = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((key) => [key, ['v']]));
  expect(problemOf(six)).toBe('FilterPolicy: Filter policy can not have more than 5 keys');
  // AWS's own example: 3 x 4 x 2 x 3 = 72.
  const nested = { key_a: { key_b: { key_c: values(4) } }, key_d: { key_e: values(3) } };
  expect(problemOf(nested, 'MessageBody')).toBeUndefined();
  expect(problemOf({ ...nested, key_f: values(3) }, 'MessageBody')).toBe('FilterPolicy: Filter policy is too complex');
  expect(problemOf(nested)).toBe('Filter policy scope MessageAttributes does not support nested filter policy');
  // (4 * 6) + (4 * 4 * 4) + (4 * 4 * 4) = 152
  const withOr = {
    source: values(4),
    $or: [
      { metricName: values(6) },
      { metricType: values(4), $or: [{ metricId: [1, 2, 3, 4] }, { spaceId: [1, 2, 3, 4] }] },
    ],
  };
  expect(problemOf(withOr)).toBe('FilterPolicy: Filter policy is too complex');
  expect(problemOf({ ...withOr, source: values(3) })).toBeUndefined();
});

test.each(['', '{}', ' { } '])('%j takes a policy away', (text) => {
  expect(compileFilterPolicy(text, 'MessageBody')).toEqual({ policy: undefined });
});

test('a miss is explained by field, with what was found and the likely slip', () => {
  const policy = compile({ severity: ['critical'], code: [{ numeric: ['>', 400] }] }, 'MessageAttributes');
  const message = withAttributes(['severity', 'String', 'Critical'], ['code', 'String', '500']);
  expect(policy.explain(message)).toEqual({
    isMatch: false,
    sentence:
      'severity: expected "critical", found "Critical" (differs only in upper and lower case); ' +
      'code: expected {"numeric":[">",400]}, found "500" (the value is a string, the pattern takes numbers)',
    fields: [
      {
        path: 'severity',
        isSatisfied: false,
        expected: ['"critical"'],
        found: ['Critical'],
        hint: 'differs only in upper and lower case',
      },
      {
        path: 'code',
        isSatisfied: false,
        expected: ['{"numeric":[">",400]}'],
        found: ['500'],
        hint: 'the value is a string, the pattern takes numbers',
      },
    ],
  });
});

test('a body that is no JSON object is explained', () => {
  const explanation = compile({ a: ['x'] }, 'MessageBody').explain(withBody('hello'));
  expect(explanation).toMatchObject({ isMatch: false, sentence: expect.stringContaining('no JSON object') });
});
