// What explain tells of a message that an object's event became.

import { expect, test } from 'vitest';
import { testCell } from '#cell/testing.ts';
import { deliveries } from '#deliveries/service.ts';
import { Explainer } from '#server/explain/explainer.ts';
import { type Stories, StoryTeller } from '#server/explain/story-teller.ts';
import { s3 } from '#services/s3/service.ts';
import { stories as s3Stories } from '#services/s3/stories.ts';
import { bodyOf } from '#services/s3/testing.ts';
import { sqs } from '#services/sqs/service.ts';
import { stories as sqsStories } from '#services/sqs/stories.ts';

test('the journey of a message begins at the object whose event it is', async () => {
  const cell = await testCell([deliveries, s3, sqs]);
  const { QueueUrl } = await cell.call<{ QueueUrl: string }>('sqs', 'CreateQueue', { QueueName: 'events' });
  const on = { Bucket: 'orders' };
  await cell.call('s3', 'CreateBucket', on);
  const rule = { QueueArn: 'arn:aws:sqs:us-east-1:000000000000:events', Events: ['s3:ObjectCreated:*'] };
  const NotificationConfiguration = { QueueConfigurations: [rule] };
  await cell.call('s3', 'PutBucketNotificationConfiguration', { ...on, NotificationConfiguration });
  await cell.call('s3', 'PutObject', { ...on, Key: 'other', Body: bodyOf('x') });
  await cell.call('s3', 'PutObject', { ...on, Key: 'a b', Body: bodyOf('hello') });
  const received = await cell.call<{ Messages: { MessageId: string; Body: string }[] }>('sqs', 'ReceiveMessage', {
    QueueUrl,
    MaxNumberOfMessages: 10,
  });
  const stories = new Map<string, Stories>([
    ['s3', s3Stories],
    ['sqs', sqsStories],
  ]);
  const teller = new StoryTeller(cell.cell.registry, stories);
  const explainer = new Explainer({ cell: cell.cell, teller, queueName: () => 'events', rulesOf: () => [] });
  const message = received.Messages.find(({ Body }) => Body.includes('"a+b"'));
  const journey = await explainer.explain(message?.MessageId ?? '');
  const told = journey?.steps.map(({ fact, story }) => `${fact}: ${story}`) ?? [];
  expect(told).toContain(`EventNotified: ObjectCreated:Put of s3://orders/a b notified to ${rule.QueueArn}`);
  expect(told.join()).not.toContain('s3://orders/other');
  expect(told.at(-1)).toMatch(/^MessagesReceived: /);
});
