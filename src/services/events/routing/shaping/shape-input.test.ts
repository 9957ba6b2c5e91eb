import { expect, test } from 'vitest';
import type { InputTransformer, Target } from '#wire/generated/events.ts';
import { type ShapeContext, shapeInput } from './shape-input.ts';

const RULE_ARN = 'arn:aws:events:us-east-2:123456789012:rule/example';
const QUEUE = 'arn:aws:sqs:us-east-2:123456789012:q';
const LOG_GROUP = 'arn:aws:logs:us-east-2:123456789012:log-group:/aws/events/all';

// AWS: EventBridge user guide, "Input transform examples".
const EVENT = `{"version":"0","id":"7bf73129-1428-4cd3-a780-95db273d1602","detail-type":"EC2 Instance State-change Notification","source":"aws.ec2","account":"123456789012","time":"2015-11-11T21:29:54Z","region":"us-east-1","resources":["arn:aws:ec2:us-east-1:123456789012:instance/i-abcd1111"],"detail":{"instance-id":"i-0123456789","state":"RUNNING"}}`;
const EXAMPLE_PATHS = { timestamp: '$.time', instance: '$.detail.instance-id', state: '$.detail.state' };

const shape = (target: Omit<Target, 'Id'>, text = EVENT) => {
  const context: ShapeContext = { text, ruleArn: RULE_ARN, ruleName: 'example', ingestionTimeMs: 1_447_277_394_567 };
  return shapeInput({ Id: 't', Arn: QUEUE, ...target }, context);
};
const transform = (
  InputTemplate: string,
  InputPathsMap: InputTransformer['InputPathsMap'] = EXAMPLE_PATHS,
  text = EVENT,
) => shape({ InputTransformer: { InputTemplate, InputPathsMap } }, text);

const eventOf = (detail: string): string => EVENT.replace(/"detail":.*$/, `"detail":${detail}}`);

test('without settings the event goes as it is', () => {
  expect(shape({})).toEqual({ text: EVENT });
});

test('a constant goes as it was given', () => {
  expect(shape({ Input: '"something"' })).toEqual({ text: '"something"' });
  expect(shape({ Input: ' {"a" : 1} ' })).toEqual({ text: ' {"a" : 1} ' });
});

test.each([
  ['$', EVENT],
  ['$.detail', '{"instance-id":"i-0123456789","state":"RUNNING"}'],
  ['$.detail.state', '"RUNNING"'],
  ['$.resources[0]', '"arn:aws:ec2:us-east-1:123456789012:instance/i-abcd1111"'],
  ['$.detail.missing', 'null'],
])('the path %s takes %s', (InputPath, text) => {
  expect(shape({ InputPath })).toEqual({ text });
});

// AWS: EventBridge user guide, the table of "Input transform examples"; the space between values is the template's own.
test.each([
  ['"instance <instance> is in <state>"', '"instance i-0123456789 is in RUNNING"'],
  ['"instance \\"<instance>\\" is in <state>"', '"instance \\"i-0123456789\\" is in RUNNING"'],
  [
    '{\n  "instance" : <instance>,\n  "state": <state>\n}',
    '{\n  "instance" : "i-0123456789",\n  "state": "RUNNING"\n}',
  ],
  [
    '{ "instance" : <instance>, "state": "<state>", "instanceStatus": "instance \\"<instance>\\" is in <state>" }',
    '{ "instance" : "i-0123456789", "state": "RUNNING", "instanceStatus": "instance \\"i-0123456789\\" is in RUNNING" }',
  ],
  [
    '{"instance" : <instance>, "state": [ 9, <state>, true ], "Transformed" : "Yes"}',
    '{"instance" : "i-0123456789", "state": [ 9, "RUNNING", true ], "Transformed" : "Yes"}',
  ],
  [
    '{"ruleArn" : <aws.events.rule-arn>, "ruleName" : <aws.events.rule-name>}',
    `{"ruleArn" : "${RULE_ARN}", "ruleName" : "example"}`,
  ],
  ['"<aws.events.rule-name> triggered"', '"example triggered"'],
  ['"at <aws.events.event.ingestion-time>"', '"at 2015-11-11T21:29:54Z"'],
])('the example %s gives %s', (template, text) => {
  expect(transform(template)).toEqual({ text });
});

// Replies of AWS recorded in LocalStack's tests, test_events_inputs.snapshot.json.
test.each([
  ['"<detail-type>, info <command>"', '"EC2 Instance State-change Notification, info "'],
  ['{"command": <command>}', '{"command": ""}'],
  ['"{[/Check <detail-type> type"', '"{[/Check EC2 Instance State-change Notification type"'],
])('a value that is missing leaves %s as %s', (template, text) => {
  expect(transform(template, { 'detail-type': '$.detail-type', command: '$.detail.missing' })).toEqual({ text });
});

test('the event is there without its detail, and whole', () => {
  const shaped = transform('{"short": <aws.events.event>, "whole": <aws.events.event.json>}');
  expect(shaped).toEqual({
    text: `{"short": {"id":"7bf73129-1428-4cd3-a780-95db273d1602","account":"123456789012","detailType":"EC2 Instance State-change Notification","time":"2015-11-11T21:29:54Z","source":"aws.ec2","region":"us-east-1","resources":["arn:aws:ec2:us-east-1:123456789012:instance/i-abcd1111"],"version":"0"}, "whole": ${EVENT}}`,
  });
});

test('numbers keep their digits', () => {
  const shaped = transform('{"n": <n>, "s": "<n>"}', { n: '$.detail.n' }, eventOf('{ "n": 12345678901234567890.10 }'));
  expect(shaped).toEqual({ text: '{"n": 12345678901234567890.10, "s": "12345678901234567890.10"}' });
});

test('an object inside the quotes of a JSON template is not delivered, and the problem names it', () => {
  expect(transform('{"payload": "<detail>"}', { detail: '$.detail' })).toEqual({
    problem: expect.stringContaining('<detail> stands inside quotes'),
  });
});

test('names of the map do not reach into prototypes', () => {
  expect(transform('{"a": <constructor>}', { constructor: '$.detail.state' } as never)).toEqual({
    text: '{"a": "RUNNING"}',
  });
});

test('a template of a log group becomes the time and the text of a line', () => {
  const log = (template: string) =>
    shape({ Arn: LOG_GROUP, InputTransformer: { InputTemplate: template, InputPathsMap: EXAMPLE_PATHS } });
  expect(log('{"timestamp": <timestamp>, "message": "instance \\"<instance>\\" is in <state>"}')).toEqual({
    text: 'instance "i-0123456789" is in RUNNING',
    parameters: { logs: { timestampMs: 1_447_277_394_000 } },
  });
  expect(log('{"message": <aws.events.event.json>, "timestamp": 1447277394123}')).toEqual({
    text: EVENT,
    parameters: { logs: { timestampMs: 1_447_277_394_123 } },
  });
  expect(log('{"timestamp": <state>, "message": "m"}')).toEqual({
    problem: expect.stringContaining('"RUNNING" as timestamp'),
  });
});
