import { expect, test } from 'vitest';
import { testCell } from '#cell/testing.ts';
import { ONCE } from '#deliveries/policies.ts';
import { deliveries } from '#deliveries/service.ts';
import { caller, FAILED_FOR_GOOD, ScriptedTarget } from '#deliveries/testing.ts';
import { sns } from './service.ts';
import { queueArn, TestQueues, TOPIC_ARN } from './testing.ts';

test('a topic takes dead letters and sends them on, with the error as attributes', async () => {
  const target = new ScriptedTarget('scripted');
  const queues = new TestQueues();
  const cell = await testCell([sns, deliveries, caller, target.definition, queues.definition]);
  await cell.call('sns', 'CreateTopic', { Name: 'orders' });
  await cell.call('sns', 'Subscribe', { TopicArn: TOPIC_ARN, Protocol: 'sqs', Endpoint: queueArn('q') });
  target.script.push({ failure: FAILED_FOR_GOOD });
  await cell.call('caller', 'HandOver', { policy: ONCE, event: '{"n":1}', deadLetterArn: TOPIC_ARN, requestId: 'r' });
  expect(JSON.parse(queues.bodies('q')[0] ?? '')).toMatchObject({
    Message: '{"n":1}',
    MessageAttributes: {
      RequestID: { Type: 'String', Value: 'r' },
      ErrorCode: { Type: 'String', Value: 'AccessDenied' },
      ErrorMessage: { Type: 'String', Value: 'the policy forbids it' },
    },
  });
});

test('a dead-letter topic that does not exist is told', async () => {
  const target = new ScriptedTarget('scripted');
  const cell = await testCell([sns, deliveries, caller, target.definition]);
  target.script.push({ failure: FAILED_FOR_GOOD });
  await cell.call('caller', 'HandOver', { policy: ONCE, deadLetterArn: TOPIC_ARN });
  expect(cell.takeFacts()).toMatchObject([
    { fact: { outcome: 'dropped', detail: expect.stringContaining('TopicDoesNotExist') } },
  ]);
});

test('a topic publishes the text of an event', async () => {
  const queues = new TestQueues();
  const cell = await testCell([sns, deliveries, caller, queues.definition]);
  await cell.call('sns', 'CreateTopic', { Name: 'orders' });
  await cell.call('sns', 'Subscribe', { TopicArn: TOPIC_ARN, Protocol: 'sqs', Endpoint: queueArn('q') });
  await cell.call('caller', 'HandOver', { policy: ONCE, event: '{"n":1}', targetArn: TOPIC_ARN });
  expect(JSON.parse(queues.bodies('q')[0] ?? '')).toMatchObject({ Type: 'Notification', Message: '{"n":1}' });
});

test('what is longer than a message may be does not become one', async () => {
  const queues = new TestQueues();
  const cell = await testCell([sns, deliveries, caller, queues.definition]);
  await cell.call('sns', 'CreateTopic', { Name: 'orders' });
  await cell.call('sns', 'Subscribe', { TopicArn: TOPIC_ARN, Protocol: 'sqs', Endpoint: queueArn('q') });
  const text = (length: number): string => JSON.stringify('x'.repeat(length - 2));
  await cell.call('caller', 'HandOver', { policy: ONCE, event: text(262_145), targetArn: TOPIC_ARN });
  expect(cell.takeFacts().at(-1)).toMatchObject({
    name: 'DeliveryFailedAtOnce',
    fact: { outcome: 'dropped', code: 'InvalidParameter', detail: expect.stringContaining('Message too long') },
  });
  await cell.call('caller', 'HandOver', { policy: ONCE, event: text(262_144), targetArn: TOPIC_ARN });
  expect(queues.bodies('q')).toHaveLength(1);
});
