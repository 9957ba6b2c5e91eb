import { expect, test } from 'vitest';
import { compileSqsFilter } from './sqs-filter.ts';

const wants = (patterns: unknown[], body: string): boolean => {
  const compiled = compileSqsFilter(patterns.map((pattern) => JSON.stringify(pattern)));
  if ('problem' in compiled) throw new Error(compiled.problem);
  return compiled.filter.wants({ messageId: 'm', body });
};

// AWS: Lambda developer guide, "Using event filtering with an Amazon SQS event source": which formats go together.
test.each<[unknown[], string, boolean]>([
  [[], 'anything', true],
  [[{ body: { RequestCode: ['BBBB'] } }], '{"RequestCode":"BBBB"}', true],
  [[{ body: { RequestCode: ['BBBB'] } }], '{"RequestCode":"AAAA"}', false],
  [[{ body: { RequestCode: ['BBBB'] } }], 'BBBB', false],
  [[{ body: ['hello', { prefix: 'order' }] }], 'hello', true],
  [[{ body: ['hello', { prefix: 'order' }] }], 'order-1', true],
  [[{ body: ['{"a":1}'] }], '{"a":1}', false],
  [[{ body: [{ prefix: '{' }] }], '{not json', true],
  [[{ body: { a: ['x'] } }, { body: { a: ['y'] } }], '{"a":"y"}', true],
  [[{ messageId: ['m'] }], 'plain', true],
])('patterns %j with body %j: wanted is %s', (patterns, body, expected) => {
  expect(wants(patterns, body)).toBe(expected);
});

test('a pattern that cannot be read is a problem', () => {
  expect(compileSqsFilter(['{"body": 1}'])).toHaveProperty('problem');
});

test('each pattern explains why it did not want the message', () => {
  const compiled = compileSqsFilter([JSON.stringify({ body: { level: ['ERROR'] } })]);
  if ('problem' in compiled) throw new Error(compiled.problem);
  expect(compiled.filter.explain({ body: '{"level":"error"}' }).map((explanation) => explanation.sentence)).toEqual([
    'body.level: expected "ERROR", found "error" (differs only in upper and lower case)',
  ]);
});
