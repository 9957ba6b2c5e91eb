// What `eddy explain` tells of objects: by their names, by the request that wrote them, by the messages that tell of them.

import {
  DeleteObjectCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Shop } from './shop.ts';

let shop: Shop;
let created: string;

beforeAll(async () => {
  shop = await Shop.open();
  created = await shop.queue('created');
  await shop.bucket('shop');
  const filter = (Name: 'prefix' | 'suffix', Value: string) => ({ Key: { FilterRules: [{ Name, Value }] } });
  const QueueConfigurations = [
    { Id: 'in', QueueArn: created, Events: ['s3:ObjectCreated:*' as const], Filter: filter('prefix', 'in/') },
    { Id: 'gone', QueueArn: created, Events: ['s3:ObjectRemoved:*' as const], Filter: filter('suffix', '.jpg') },
  ];
  const NotificationConfiguration = { EventBridgeConfiguration: {}, QueueConfigurations };
  await shop.s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: 'shop', NotificationConfiguration }));
  const Rules = [{ ID: 'short', Status: 'Enabled' as const, Filter: { Prefix: 'in/' }, Expiration: { Days: 1 } }];
  const LifecycleConfiguration = { Rules };
  await shop.s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket: 'shop', LifecycleConfiguration }));
});

afterAll(() => shop.close());

const put = (Key: string, Bucket = 'shop') => shop.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'hello' }));
const BY = '  (by arn:aws:iam::000000000000:root)';

test('an object is told with its notifications, the rules that wanted it and those that did not, and its end', async () => {
  await put('in/a.txt');
  await put('in/a.txt.other');
  expect(await shop.explain('s3://shop/in/a.txt')).toEqual([
    'Journey of s3://shop/in/a.txt',
    `<time>  s3         object s3://shop/in/a.txt written: 5 bytes${BY}`,
    `<time>  sqs        message <id> entered created as number 2${BY}`,
    `<time>  s3         ObjectCreated:Put of s3://shop/in/a.txt notified to ${created}${BY}`,
    `<time>  events     event <id> put on arn:aws:events:us-east-1:000000000000:event-bus/default: no rule matched${BY}`,
    `<time>  s3         ObjectCreated:Put of s3://shop/in/a.txt notified to arn:aws:events:us-east-1:000000000000:event-bus/default${BY}`,
    'Notifications of ObjectCreated:Put:',
    `  in to ${created}: matched`,
    `  gone to ${created}: event: expected ObjectRemoved:Delete or ObjectRemoved:DeleteMarkerCreated, found ObjectCreated:Put; suffix: expected ".jpg", found "in/a.txt"`,
    '  EventBridge: sent',
    'It waits in created.',
    's3://shop/in/a.txt is there: 5 bytes, written <time>.',
    'It expires at <time> by the lifecycle rule short.',
  ]);
  await shop.advance(3 * 86_400);
  const lines = await shop.explain('s3://shop/in/a.txt');
  expect(lines).toContain(
    '<time>  s3         object s3://shop/in/a.txt removed for good: it expired by the lifecycle rule short',
  );
  expect(lines).toContain('Notifications of LifecycleExpiration:Delete:');
  expect(lines.at(-1)).toBe('s3://shop/in/a.txt is not there.');
});

test('an object that nobody was told of says which part of each rule it missed', async () => {
  await put('out/b.txt');
  const lines = await shop.explain('s3://shop/out/b.txt');
  expect(lines).toContain(`  in to ${created}: prefix: expected "in/", found "out/b.txt"`);
  await shop.s3.send(new DeleteObjectCommand({ Bucket: 'shop', Key: 'out/b.txt' }));
  const removed = await shop.explain('s3://shop/out/b.txt');
  expect(removed).toContain(`<time>  s3         object s3://shop/out/b.txt removed for good${BY}`);
  expect(removed).toContain(`  gone to ${created}: suffix: expected ".jpg", found "out/b.txt"`);
});

test('the request that wrote an object and the message that tells of it lead to it', async () => {
  const { $metadata } = await put('in/c.txt');
  const byRequest = await shop.explain($metadata.requestId ?? '');
  expect(byRequest).toContain(`  in to ${created}: matched`);
  expect(byRequest).toContain('It waits in created.');
  const QueueUrl = `${shop.server.url}/000000000000/created`;
  const { Messages = [] } = await shop.sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  const message = Messages.find(({ Body }) => Body?.includes('in/c.txt'));
  const lines = await shop.explain(message?.MessageId ?? '');
  expect(lines).toContain(`<time>  s3         object s3://shop/in/c.txt written: 5 bytes${BY}`);
});

test('versions and delete markers are told, newest first', async () => {
  await shop.bucket('versions');
  const VersioningConfiguration = { Status: 'Enabled' as const };
  await shop.s3.send(new PutBucketVersioningCommand({ Bucket: 'versions', VersioningConfiguration }));
  await put('a', 'versions');
  await put('a', 'versions');
  await shop.s3.send(new DeleteObjectCommand({ Bucket: 'versions', Key: 'a' }));
  const lines = await shop.explain('s3://versions/a');
  expect(lines.filter((line) => /^ {2}<time> {2}version \S+: /.test(line)).map((line) => line.split(': ')[1])).toEqual([
    'delete marker',
    '5 bytes',
    '5 bytes',
  ]);
  expect(lines).toContain('  the bucket has no notifications');
  expect(lines.at(-1)).toBe('s3://versions/a is hidden by a delete marker since <time>.');
});

test('an object that never was, or of no bucket, is not known', async () => {
  await expect(shop.explain('s3://shop/never')).rejects.toThrow('Nothing is known of');
  await expect(shop.explain('s3://nobody/never')).rejects.toThrow('Nothing is known of');
});
