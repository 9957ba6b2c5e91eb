import { expect, test } from 'vitest';
import { testCell } from '#cell/testing.ts';
import { deliveries } from '#deliveries/service.ts';
import { stories as deliveriesStories } from '#deliveries/stories.ts';
import { explainRules } from '#services/events/observing/explain-rules.ts';
import { events } from '#services/events/service.ts';
import type { EventsState } from '#services/events/state.ts';
import { stories as eventsStories } from '#services/events/stories.ts';
import { sqs } from '#services/sqs/service.ts';
import { stories as sqsStories } from '#services/sqs/stories.ts';
import { Explainer } from './explainer.ts';
import { type Stories, StoryTeller } from './story-teller.ts';

const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:orders';
const BUS = { EventBusName: 'shop' };

async function shop() {
  const test = await testCell([events, deliveries, sqs]);
  await test.call('sqs', 'CreateQueue', { QueueName: 'orders' });
  await test.call('events', 'CreateEventBus', { Name: 'shop' });
  const rule = async (Name: string, pattern: object, Arn: string | undefined, more: object = {}): Promise<void> => {
    await test.call('events', 'PutRule', { ...BUS, Name, EventPattern: JSON.stringify(pattern), ...more });
    if (Arn !== undefined)
      await test.call('events', 'PutTargets', { ...BUS, Rule: Name, Targets: [{ Id: 'one', Arn }] });
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
  ]);
  const teller = new StoryTeller(cell.registry, stories);
  const state = cell.registry.services.get('events')?.state as EventsState;
  const rulesOf: Explainer['options']['rulesOf'] = (event) => explainRules(state, event);
  const explainer = new Explainer({ cell, teller, queueName: () => 'orders', rulesOf });
  return { test, rule, put, explainer };
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
