import { expect, test } from 'vitest';
import { encodePack } from './record-pack.ts';
import { FirehoseTest, ROLE_ARN, S3_CONFIGURATION } from './testing.ts';

/** The performer makes a document's id of the request's id and the record's number. */
test('documents that were left get other ids than those that the index has already', async () => {
  const room = await FirehoseTest.open();
  await room.call('CreateDeliveryStream', {
    DeliveryStreamName: 'orders',
    AmazonopensearchserviceDestinationConfiguration: {
      RoleARN: ROLE_ARN,
      ClusterEndpoint: 'https://search.example',
      IndexName: 'orders',
      BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
      RetryOptions: { DurationInSeconds: 300 },
      S3Configuration: S3_CONFIGURATION,
    },
  });
  const data = Buffer.from('{"n":2}');
  const pack = encodePack([{ arrivedAtMs: Date.UTC(2026, 0, 15, 12), data }]);
  room.world.performers.openSearch = (_input, records) =>
    records.length === 1
      ? { outcome: 'delivered', refused: [] }
      : {
          outcome: 'delivered',
          refused: [],
          left: { code: '429', message: 'busy', packs: [{ pack, count: 1, bytes: data.length }] },
        };
  await room.put('{"n":1}', '{"n":2}');
  await room.advance(120);
  const requests = room.world.performers.of('firehose-opensearch');
  expect(requests.map(({ texts }) => texts)).toEqual([['{"n":1}', '{"n":2}'], ['{"n":2}']]);
  const [first, second] = requests.map(({ input }) => (input as { readonly requestId: string }).requestId);
  expect(second).not.toBe(first);
});
