import { expect, test } from 'vitest';
import { type ConditionBlock, compileConditions } from './conditions.ts';

const holds = (block: ConditionBlock, context: Record<string, string | string[]>): boolean => {
  const compiled = compileConditions(block, true);
  if ('invalid' in compiled) throw new Error(compiled.invalid);
  const values = new Map(
    Object.entries(context).map(([key, value]) => [key.toLowerCase(), typeof value === 'string' ? [value] : value]),
  );
  return compiled.conditions.every((condition) => condition.holds(values));
};

const TOPIC = 'arn:aws:sns:us-east-1:000000000000:events';

test.each([
  ['StringEquals', 'k:a', ['x', 'y'], 'y', true],
  ['StringEquals', 'k:a', ['x'], 'X', false],
  ['StringEqualsIgnoreCase', 'k:a', ['x'], 'X', true],
  ['StringNotEquals', 'k:a', ['x', 'y'], 'y', false],
  ['StringNotEquals', 'k:a', ['x', 'y'], 'z', true],
  ['StringLike', 'k:a', ['or?ers-*'], 'orders-1', true],
  ['StringNotLike', 'k:a', ['orders-*'], 'orders-1', false],
  ['StringEquals', 'k:a', ['a*'], 'a*', true],
  ['NumericLessThanEquals', 'k:a', ['10'], '10.0', true],
  ['NumericGreaterThan', 'k:a', ['10'], '9', false],
  ['NumericEquals', 'k:a', ['10'], 'ten', false],
  ['DateGreaterThan', 'aws:CurrentTime', ['2024-01-01T00:00:00Z'], '2024-01-01T00:00:01Z', true],
  ['DateLessThan', 'aws:EpochTime', ['2024-01-01'], '1704067199', true],
  ['DateEquals', 'aws:CurrentTime', ['2024-01-01T02:00:00+02:00'], '2024-01-01T00:00:00Z', true],
  ['Bool', 'aws:SecureTransport', ['true'], 'True', true],
  ['BinaryEquals', 'k:a', ['QmluYXJ5'], 'QmluYXJ5', true],
  ['IpAddress', 'aws:SourceIp', ['203.0.113.0/24', '2001:db8::/32'], '2001:db8::7', true],
  ['NotIpAddress', 'aws:SourceIp', ['203.0.113.0/24'], '203.0.113.9', false],
  ['ArnLike', 'aws:SourceArn', ['arn:aws:sns:*:000000000000:*'], TOPIC, true],
  ['ArnEquals', 'aws:SourceArn', ['arn:aws:sns:*:*:ev*'], TOPIC, true],
  // A star does not run across a colon: this is not "anything of account 0…".
  ['ArnLike', 'aws:SourceArn', ['arn:aws:sns:*:*:x'], 'arn:aws:sns:us-east-1:000000000000:events:x', false],
  ['ArnNotLike', 'aws:SourceArn', ['arn:aws:sns:*:*:events'], TOPIC, false],
])('%s %s %j against %s is %s', (operator, key, expected, found, result) => {
  expect(holds({ [operator]: { [key]: expected } }, { [key]: found })).toBe(result);
});

test.each([
  ['StringEquals', false],
  ['StringEqualsIfExists', true],
  ['StringNotEquals', true],
  ['ForAllValues:StringEquals', true],
  ['ForAnyValue:StringEquals', false],
  ['ForAnyValue:StringNotEquals', false],
  ['ForAnyValue:StringEqualsIfExists', true],
])('%s of a key that the request does not have is %s', (operator, result) => {
  expect(holds({ [operator]: { 'k:a': ['x'] } }, {})).toBe(result);
});

test.each([
  ['ForAllValues:StringEquals', ['a', 'b'], true],
  ['ForAllValues:StringEquals', ['a', 'z'], false],
  ['ForAnyValue:StringEquals', ['z', 'b'], true],
  ['ForAnyValue:StringEquals', ['y', 'z'], false],
  ['ForAllValues:StringNotEquals', ['y', 'z'], true],
  ['ForAllValues:StringNotEquals', ['y', 'a'], false],
  ['ForAnyValue:StringNotEquals', ['a', 'z'], true],
  ['StringNotEquals', ['a', 'z'], false],
])('%s of several values %j is %s', (operator, found, result) => {
  expect(holds({ [operator]: { 'aws:TagKeys': ['a', 'b'] } }, { 'aws:TagKeys': found })).toBe(result);
});

test('Null asks whether the key is there', () => {
  expect(holds({ Null: { 'aws:SourceArn': ['true'] } }, {})).toBe(true);
  expect(holds({ Null: { 'aws:SourceArn': ['false'] } }, {})).toBe(false);
  expect(holds({ Null: { 'aws:SourceArn': ['false'] } }, { 'aws:SourceArn': TOPIC })).toBe(true);
});

test('all operators and all keys must hold', () => {
  const block = { StringEquals: { 'k:a': ['1'], 'k:b': ['2'] }, Bool: { 'k:c': ['true'] } };
  expect(holds(block, { 'k:a': '1', 'k:b': '2', 'k:c': 'true' })).toBe(true);
  expect(holds(block, { 'k:a': '1', 'k:b': '2', 'k:c': 'false' })).toBe(false);
  expect(holds(block, { 'k:a': '1', 'k:b': '3', 'k:c': 'true' })).toBe(false);
});

test('keys have no case', () => {
  expect(holds({ StringEquals: { 'AWS:sourceaccount': ['1'] } }, { 'aws:SourceAccount': '1' })).toBe(true);
});

test('a variable takes its value from the request, and a star in that value is only a star', () => {
  const block = { StringLike: { 'k:path': [`home/\${aws:username}/*`] } };
  expect(holds(block, { 'k:path': 'home/ann/x', 'aws:username': 'ann' })).toBe(true);
  expect(holds(block, { 'k:path': 'home/bob/x', 'aws:username': '*' })).toBe(false);
  expect(holds(block, { 'k:path': 'home/ann/x' })).toBe(false);
  const fallback = { StringEquals: { 'k:team': [`\${aws:PrincipalTag/team, 'none'}`] } };
  expect(holds(fallback, { 'k:team': 'none' })).toBe(true);
  expect(holds({ StringLike: { 'k:a': [`\${*}-\${$}`] } }, { 'k:a': '*-$' })).toBe(true);
});
