// An object that a browser's form brought: PutObject in everything but the name of its event.

import { expect, it } from 'vitest';
import { bodyOf, s3Cell } from './testing.ts';

it('is told about as ObjectCreated:Post, after a restart, too', async () => {
  const s3 = await s3Cell();
  const configuration = { NotificationConfiguration: { EventBridgeConfiguration: {} } };
  await s3.call('PutBucketNotificationConfiguration', configuration);
  s3.cell.takeFacts();
  const { ETag } = await s3.put('form.jpg', 'bytes', { isPostedForm: true });
  await s3.put('put.jpg');
  const told = s3.cell.takeFacts().flatMap(({ fact }) => {
    const { key, eventName } = fact as { readonly key?: string; readonly eventName?: string };
    return eventName === undefined ? [] : [`${eventName} ${key}`];
  });
  expect(told).toEqual(['ObjectCreated:Post form.jpg', 'ObjectCreated:Put put.jpg']);
  for (const clean of [false, true]) {
    const again = await s3.restart({ clean });
    expect((await again.call<{ ETag: string }>('HeadObject', { Key: 'form.jpg' })).ETag).toBe(ETag);
  }
});

it('is refused where a PutObject would be', async () => {
  const s3 = await s3Cell();
  const input = { Key: 'k', Body: bodyOf('x'), isPostedForm: true };
  expect(await s3.refusal('PutObject', { ...input, Bucket: 'nobodys' })).toBe('404 NoSuchBucket');
  expect(await s3.refusal('PutObject', { ...input, ServerSideEncryption: 'aws:kms' })).toBe('501 NotImplemented');
});
