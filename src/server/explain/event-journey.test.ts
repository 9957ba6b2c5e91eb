import { expect, test } from 'vitest';
import { testCell } from '#cell/testing.ts';
import { deliveries } from '#deliveries/service.ts';
import { stories as deliveriesStories } from '#deliveries/stories.ts';
import { FAILED_FOR_NOW, ScriptedTarget } from '#deliveries/testing.ts';
import { explainRules } from '#services/events/observing/explain-rules.ts';
import { events } from '#services/events/service.ts';
import type { EventsState } from '#services/events/state.ts';
import { stories as eventsStories } from '#services/events/stories.ts';
import { logs } from '#services/logs/service.ts';
import { stories as logsStories } from '#services/logs/stories.ts';
import { snsService } from '#services/sns/service.ts';
import { stories as snsStories } from '#services/sns/stories.ts';
import { sqs } from '#services/sqs/service.ts';
import { stories as sqsStories } from '#services/sqs/stories.ts';
import { Explainer } from './explainer.ts';
import { type Stories, StoryTeller } from './story-teller.ts';

const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:orders';
const BUS = { EventBusName: 'shop' };

async function shop() {
  const scripted = new ScriptedTarget('lambda');
  const topics = snsService({ signer: { sign: () => '', certificateUrl: () => '' } as never });
  const test = await testCell([events, deliveries, sqs, logs, topics, scripted.definition]);
  await test.call('sqs', 'CreateQueue', { QueueName: 'orders' });
  await test.call('events', 'CreateEventBus', { Name: 'shop' });
  const rule = async (Name: string, pattern: object, target: string | object | undefined, more: object = {}) => {
    await test.call('events', 'PutRule', { ...BUS, Name, EventPattern: JSON.stringify(pattern), ...more });
    if (target === undefined) return;
    const Targets = [{ Id: 'one', ...(typeof target === 'string' ? { Arn: target } : target) }];
    await test.call('events', 'PutTargets', { ...BUS, Rule: Name, Targets });
  };
  const put = async (detail: object): Promise<string> => {
    const entry = { ...BUS, Source: 'shop.orders', DetailType: 'OrderPlaced', Detail: JSON.stringify(detail) };
    const { Entries } = await test.call<{ Entries: { EventId: string }[] }>('events', 'PutEvents', {
      Entries: [entry],
    });
    return Entries[0]!.EventId;
  };
  const { cell } = test;
  const stories = new Map<string, Stories>([
    ['events', eventsStories],
    ['sqs', sqsStories],
    ['deliveries', deliveriesStories],
    ['logs', logsStories],
    ['sns', snsStories],
  ]);
  const teller = new StoryTeller(cell.registry, stories);
  const state = cell.registry.services.get('events')?.state as EventsState;
  const rulesOf: Explainer['options']['rulesOf'] = (event) => explainRules(state, event);
  const explainer = new Explainer({ cell, teller, queueName: () => 'orders', rulesOf });
  return { test, rule, put, explainer, scripted };
}

test('an event is followed from its bus into the queue, and every rule is told', async () => {
  const { rule, put, explainer } = await shop();
  await rule('placed', { source: ['shop.orders'] }, QUEUE_ARN);
  await rule('large', { detail: { total: [{ numeric: ['>', 100] }] } }, QUEUE_ARN);
  await rule('typed', { 'detail-type': ['orderplaced'] }, undefined);
  await rule('off', { source: ['shop.orders'] }, QUEUE_ARN, { State: 'DISABLED' });
  await put({ total: 7 });
  const journey = await explainer.explain(await put({ total: 40 }));
  expect(journey?.steps.map((step) => step.fact)).toEqual(['EventPut', 'MessageSent']);
  expect(journey?.summary).toBe('It waits in orders.');
  expect(journey?.rules).toEqual([
    'placed: matched',
    'off: is disabled; its pattern would match',
    'large: detail.total: expected {"numeric":[">",100]}, found 40',
    'typed: detail-type: expected "orderplaced", found "OrderPlaced" (differs only in upper and lower case)',
  ]);
});

test('a target that is not there ends the delivery, and the journey says so', async () => {
  const { rule, put, explainer } = await shop();
  await rule('lost', { source: ['shop.orders'] }, 'arn:aws:sqs:us-east-1:000000000000:missing');
  const journey = await explainer.explain(await put({}));
  expect(journey?.steps.map((step) => step.fact)).toEqual(['EventPut', 'DeliveryFailedAtOnce']);
  expect(journey?.steps[1]?.story).toContain('dropped');
});

test('a rule that was made after the event, or changed since, is told as such', async () => {
  const { test, rule, put, explainer } = await shop();
  await rule('changed', { source: ['other'] }, undefined);
  const id = await put({});
  await test.advance(1_000);
  await rule('changed', { source: ['shop.orders'] }, undefined);
  await rule('later', { source: ['shop.orders'] }, undefined);
  expect((await explainer.explain(id))?.rules).toEqual([
    'changed: would match now, and did not then: it was changed or enabled since, or a replay left it out',
    'later: was made after the event',
  ]);
});

const placed = { source: ['shop.orders'] };

test('what a rule made of the event is shown, and the log group that took it', async () => {
  const { test, rule, put, explainer } = await shop();
  await test.call('logs', 'CreateLogGroup', { logGroupName: '/aws/events/all' });
  await rule('part', placed, { Arn: QUEUE_ARN, InputPath: '$.detail' });
  await rule('log', placed, 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/events/all');
  const journey = await explainer.explain(await put({ total: 40 }));
  const stories = journey?.steps.map(({ story }) => story) ?? [];
  expect(stories).toContainEqual(expect.stringMatching(/^input made for target one of .*part: \{"total":40\}$/));
  expect(stories).toContainEqual(expect.stringMatching(/^written to the log group \/aws\/events\/all, stream /));
});

test('an event is followed through a topic into the queues behind it', async () => {
  const { test, rule, put, explainer } = await shop();
  const TopicArn = 'arn:aws:sns:us-east-1:000000000000:all';
  await test.call('sns', 'CreateTopic', { Name: 'all' });
  await test.call('sns', 'Subscribe', { TopicArn, Protocol: 'sqs', Endpoint: QUEUE_ARN });
  await rule('published', placed, TopicArn);
  const journey = await explainer.explain(await put({}));
  expect(journey?.steps.map((step) => step.fact)).toEqual([
    'EventPut',
    'NotificationPublished',
    'MessageSent',
    'EventPublished',
  ]);
  expect(journey?.summary).toBe('It waits in orders.');
});

test('its dead letters are followed into their queue, at once and after the last attempt', async () => {
  const { rule, put, explainer, scripted, test } = await shop();
  const settings = { DeadLetterConfig: { Arn: QUEUE_ARN }, RetryPolicy: { MaximumRetryAttempts: 1 } };
  await rule('gone', placed, { Arn: 'arn:aws:sqs:us-east-1:000000000000:missing', ...settings });
  await rule('failing', placed, { Arn: 'arn:aws:lambda:us-east-1:000000000000:function:f', ...settings });
  scripted.script.push({ failure: FAILED_FOR_NOW }, { failure: FAILED_FOR_NOW });
  const id = await put({});
  await test.advance(60_000);
  const journey = await explainer.explain(id);
  expect(journey?.steps.map((step) => step.fact)).toEqual([
    'EventPut',
    'MessageSent',
    'DeliveryFailedAtOnce',
    'DeliveryAccepted',
    'DeliveryRetryPlanned',
    'DeliveryAttemptStarted',
    'MessageSent',
    'DeliveryEnded',
  ]);
  expect(journey?.summary).toBe('It waits in orders.\nIt waits in orders.');
});

test('an event that goes on to another bus meets the rules of both', async () => {
  const { test, rule, put, explainer } = await shop();
  await test.call('events', 'CreateEventBus', { Name: 'central' });
  const RoleArn = 'arn:aws:iam::000000000000:role/forward';
  await rule('forward', placed, { Arn: 'arn:aws:events:us-east-1:000000000000:event-bus/central', RoleArn });
  await test.call('events', 'PutRule', {
    EventBusName: 'central',
    Name: 'other',
    EventPattern: '{"source":["other"]}',
  });
  const journey = await explainer.explain(await put({}));
  expect(journey?.rules).toEqual([
    'shop/forward: matched',
    'central/other: source: expected "other", found "shop.orders"',
  ]);
});
