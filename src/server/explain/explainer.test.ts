import { expect, test } from 'vitest';
import { testCell } from '#cell/testing.ts';
import { sqs } from '#services/sqs/service.ts';
import { stories } from '#services/sqs/stories.ts';
import { Explainer } from './explainer.ts';
import { StoryTeller } from './story-teller.ts';

test('tells what memory knows already, although nobody has waited for its entry', async () => {
  const test = await testCell([sqs]);
  const { QueueUrl } = await test.call<{ QueueUrl: string }>('sqs', 'CreateQueue', { QueueName: 'orders' });
  const { MessageId } = await test.call<{ MessageId: string }>('sqs', 'SendMessage', { QueueUrl, MessageBody: 'one' });
  const { cell } = test;
  const teller = new StoryTeller(cell.registry, new Map([['sqs', stories]]));
  const explainer = new Explainer({ cell, teller, queueName: () => 'orders', rulesOf: () => [] });
  // Its entry is appended in this call and durable in the next microtask at the earliest.
  test.start('sqs', 'ReceiveMessage', { QueueUrl });
  const journey = await explainer.explain(MessageId);
  expect(journey?.steps.map((step) => step.fact)).toEqual(['MessageSent', 'MessagesReceived']);
});
