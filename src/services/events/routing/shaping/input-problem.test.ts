import { expect, test } from 'vitest';
import type { Target } from '#wire/generated/events.ts';
import { inputProblem } from './input-problem.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:123456789012:q';
const LOG_GROUP = 'arn:aws:logs:us-east-1:123456789012:log-group:/aws/events/all';
const BUS = 'arn:aws:events:us-east-1:123456789012:event-bus/other';

const problemOf = (target: Partial<Target>) => inputProblem({ Id: 't1', Arn: QUEUE, ...target });
const templateProblem = (InputTemplate: string, InputPathsMap: Record<string, string> = {}, Arn = QUEUE) =>
  problemOf({ Arn, InputTransformer: { InputTemplate, InputPathsMap } });

test.each<Partial<Target>>([
  {},
  { Input: '{"a":1}' },
  { Input: '"text"' },
  { InputPath: '$.detail' },
  { InputPath: '' },
  { InputTransformer: { InputTemplate: '"<a> was sold"', InputPathsMap: { a: '$.detail.a' } } },
  { InputTransformer: { InputTemplate: '"<a>"\n"second line"', InputPathsMap: { a: '$.detail.a' } } },
  { InputTransformer: { InputTemplate: '{"a": <a>}\n', InputPathsMap: { a: '$.detail.a', unused: '$.time' } } },
  { InputTransformer: { InputTemplate: '<aws.events.event.json>' } },
  { Arn: LOG_GROUP },
  {
    Arn: LOG_GROUP,
    InputTransformer: {
      InputTemplate: '{"timestamp":<t>,"message":<m>}',
      InputPathsMap: { t: '$.time', m: '$.detail' },
    },
  },
  { Arn: BUS },
])('%j is accepted', (target) => {
  expect(problemOf(target)).toBeUndefined();
});

test.each<[Partial<Target>, string]>([
  [
    { Input: '{}', InputPath: '$.detail' },
    'Only one of Input, InputPath, or InputTransformer must be provided for target t1.',
  ],
  [{ Input: 'env:dev' }, 'JSON syntax error in input for target t1: [Source: (String)"env:dev"; line: 1, column: 4]'],
  [{ Input: '' }, 'JSON syntax error in input for target t1: [Source: (String)""; line: 1, column: 1]'],
  [{ InputPath: 'detail' }, 'Invalid InputPath for target t1.'],
  [{ Arn: BUS, InputPath: '$.detail' }, 'Modifying the input for target t1 is not supported.'],
  [{ Arn: LOG_GROUP, Input: '{}' }, 'Input for target t1 is not a valid JSON text.'],
  [{ Arn: LOG_GROUP, InputPath: '$' }, 'Input for target t1 is not a valid JSON text.'],
  [
    { InputPath: `$.${'a'.repeat(255)}` },
    "at 'targets.1.member.inputPath' failed to satisfy constraint: Member must have length less than or equal to 256",
  ],
  [{ Input: '1'.repeat(8193) }, 'Member must have length less than or equal to 8192'],
  [
    { InputTransformer: {} },
    "Value null at 'targets.1.member.inputTransformer.inputTemplate' failed to satisfy constraint: Member must not be null",
  ],
  [{ InputTransformer: { InputTemplate: '' } }, 'Member must have length greater than or equal to 1'],
])('%j is refused: %s', (target, problem) => {
  expect(problemOf(target)).toContain(problem);
});

test('a placeholder that nothing defines is named', () => {
  expect(templateProblem('"Event of <type>, <notdefinedkey>"', { type: '$.detail-type' })).toBe(
    'InputTemplate for target t1 contains invalid placeholder notdefinedkey.',
  );
});

test.each([
  ['hello <a>', '[Source: (String)"hello null"; line: 1, column: 6]'],
  ['{"a": <a>', '[Source: (String)"{"a": null"; line: 1, column: 11]'],
  ['{"a": x<a>}', '[Source: (String)"{"a": xnull}"; line: 1, column: 12]'],
  ['{"<a>": 1}', '[Source: (String)"{"": 1}"; line: 1, column: 1]'],
  ['"a" b', '[Source: (String)""a" b"; line: 1, column: 6]'],
])('the template %s is refused with the place', (template, place) => {
  expect(templateProblem(template, { a: '$.a' })).toBe(`Invalid InputTemplate for target t1 : ${place}`);
});

test('a log group takes one form of template', () => {
  const problem = 'Input for target t1 is not a valid JSON text.';
  expect(templateProblem('"cusId = <a>"', { a: '$.a' }, LOG_GROUP)).toBe(problem);
  expect(templateProblem('{"timestamp":<a>,"message":<a>,"more":1}', { a: '$.a' }, LOG_GROUP)).toBe(problem);
});

test('the map has limits', () => {
  const many = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`k${i}`, '$.a']));
  expect(templateProblem('"x"', many)).toContain('Member must have length less than or equal to 100');
  for (const name of ['AWS.x', 'a b', '', 'a'.repeat(257)]) {
    expect(templateProblem('"x"', { [name]: '$.a' })).toContain('Map keys must satisfy constraint');
  }
  expect(templateProblem('"x"', { a: `$.${'a'.repeat(255)}` })).toContain('Map value must satisfy constraint');
  expect(templateProblem('"x"', { AWSx: '$.a' })).toBe('InputPathsMap for target t1 contains reserved key AWSx.');
  expect(templateProblem('"x"', { a: '$..b' })).toBe('InputPathsMap for target t1 contains invalid path $..b.');
});
