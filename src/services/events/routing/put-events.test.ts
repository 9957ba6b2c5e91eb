import { describe, expect, it } from 'vitest';
import { testCell } from '#cell/testing.ts';
import { deliveries } from '#deliveries/service.ts';
import { sqs } from '#services/sqs/service.ts';
import { events } from '../service.ts';

const QUEUE_URL = 'http://127.0.0.1:4566/000000000000/orders';
const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:orders';

describe('PutEvents', () => {
  it('hands an event that a rule matches to its queue, in the same entry', async () => {
    const test = await testCell([events, deliveries, sqs]);
    await test.call('sqs', 'CreateQueue', { QueueName: 'orders' });
    await test.call('events', 'CreateEventBus', { Name: 'shop' });
    const bus = { EventBusName: 'shop' };
    await test.call('events', 'PutRule', { ...bus, Name: 'sold', EventPattern: '{"source":["shop"]}' });
    await test.call('events', 'PutTargets', { ...bus, Rule: 'sold', Targets: [{ Id: 'q', Arn: QUEUE_ARN }] });
    const entry = { ...bus, Source: 'shop', DetailType: 'sold', Detail: '{"item":1}' };
    const put = await test.call<{ Entries: { EventId: string }[] }>('events', 'PutEvents', { Entries: [entry] });
    const { Messages } = await test.call<{ Messages: { Body: string }[] }>('sqs', 'ReceiveMessage', {
      QueueUrl: QUEUE_URL,
    });
    expect(Messages.map(({ Body }) => JSON.parse(Body))).toEqual([
      {
        version: '0',
        id: put.Entries[0]?.EventId,
        'detail-type': 'sold',
        source: 'shop',
        account: '000000000000',
        time: '2026-01-15T12:00:00Z',
        region: 'us-east-1',
        resources: [],
        detail: { item: 1 },
      },
    ]);
  });
});
