// What `eddy explain` tells of records of streams, by their sequence numbers and by the ids of what became records.

import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateStreamCommand,
  PutRecordCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROLE, SHARD, Shop, streamArn } from './shop.ts';

const WORK = `export const handler = async ({ Records }) => {
  const texts = Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString());
  if (texts.some((text) => text.includes('poison'))) throw new Error('no');
};`;

let shop: Shop;

beforeAll(async () => {
  shop = await Shop.open();
});

afterAll(() => shop.close());

async function stream(StreamName: string): Promise<void> {
  await shop.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
}

async function put(StreamName: string, ...kinds: string[]): Promise<string[]> {
  const Records = kinds.map((kind) => ({ PartitionKey: 'k', Data: Buffer.from(JSON.stringify({ kind })) }));
  const answer = await shop.kinesis.send(new PutRecordsCommand({ StreamName, Records }));
  return (answer.Records ?? []).map(({ SequenceNumber = '' }) => SequenceNumber);
}

/** The lines that speak of this. */
const about = (lines: readonly string[], text: string) => lines.filter((line) => line.includes(text));

test('the id of a request leads to its records, and a record that has expired is told when it did', async () => {
  await stream('brief');
  const one = new PutRecordCommand({ StreamName: 'brief', PartitionKey: 'k', Data: Buffer.from('x') });
  const { $metadata, SequenceNumber = '' } = await shop.kinesis.send(one);
  const asked = await shop.explain($metadata.requestId ?? '');
  expect(about(asked, 'It is record 0')).toHaveLength(1);
  expect(about(asked, 'no event source mapping, pipe, delivery stream, channel or consumer reads it')).toHaveLength(1);
  await shop.advance(25 * 3600);
  const lines = await shop.explain(SequenceNumber);
  expect(about(lines, '1 record put into')).toHaveLength(1);
  expect(about(lines, 'expired: all before 1')).toHaveLength(1);
  expect(lines.at(-1)).toMatch(/and expired at <time>: 24 hours of retention\.$/);
});

test('a record is told from its put to the function, with everybody who reads its stream', async () => {
  await stream('read');
  await shop.function('reader', WORK);
  const mapping = await shop.mapping('reader', 'read');
  await shop.kinesis.send(new RegisterStreamConsumerCommand({ StreamARN: streamArn('read'), ConsumerName: 'fast' }));
  const [number = ''] = await put('read', 'placed');
  await shop.advance(1);
  const lines = await shop.explain(number);
  const function_ = 'arn:aws:lambda:us-east-1:000000000000:function:reader';
  expect(lines).toEqual([
    'Journey of <number>',
    `<time>  kinesis    1 record put into ${SHARD} of ${streamArn('read')} as 0  (by arn:aws:iam::000000000000:root)`,
    `<time>  lambda     ${function_} was invoked with record <number> of ${SHARD} (request <id>) and processed all`,
    `Readers of record 0 of ${SHARD} of read:`,
    `  event source mapping <id> of ${function_}: has passed it: it stands at record 1, 0 records behind the end`,
    '  consumer fast: is not subscribed to the shard',
    `It is record 0 of ${SHARD} of ${streamArn('read')} (partition key "k", 17 bytes), and is kept until <time>: 24 hours of retention.`,
  ]);
  expect(await shop.explained(number)).toContain(mapping);
  // As the function's event calls it.
  expect((await shop.explain(`${SHARD}:${number}`)).slice(1)).toEqual(lines.slice(1));
});

test('a record that fails is followed through its halves to the queue that is told of it', async () => {
  await stream('failing');
  await shop.function('failing', WORK);
  const Destination = await shop.queue('given-up');
  const DestinationConfig = { OnFailure: { Destination } };
  const settings = { MaximumRetryAttempts: 1, BisectBatchOnFunctionError: true, DestinationConfig };
  const numbers = await put('failing', 'placed', 'poison');
  await shop.mapping('failing', 'failing', settings);
  await shop.advance(60);
  const [good = [], bad = []] = await Promise.all(numbers.map((number) => shop.explain(number)));
  expect(about(good, 'it is tried again in two halves')).toHaveLength(1);
  expect(about(good, 'and processed all')).toHaveLength(1);
  expect(about(good, 'is given up')).toEqual([]);
  expect(about(bad, 'which failed (Error)').length).toBeGreaterThan(1);
  expect(about(bad, 'given up: RetryAttemptsExhausted')).toEqual([
    expect.stringContaining(`given up: RetryAttemptsExhausted; ${Destination} is told`),
  ]);
  expect(bad).toContain('It waits in given-up.');
  expect(about(bad, 'and processed all')).toEqual([]);
});

test('a record that no filter wants is told so in the words of its fields, also among others that are wanted', async () => {
  await stream('filtered');
  await shop.function('paid', WORK);
  const [, other = ''] = await put('filtered', 'paid', 'placed', 'paid');
  await shop.mapping('paid', 'filtered', { FilterCriteria: { Filters: [{ Pattern: '{"data":{"kind":["paid"]}}' }] } });
  await shop.advance(1);
  const lines = await shop.explain(other);
  expect(about(lines, 'none wants the record: data.kind: expected "paid", found "placed"')).toHaveLength(1);
  expect(about(lines, 'was invoked with')).toEqual([]);
  const [alone = ''] = await put('filtered', 'sent');
  await shop.advance(1);
  expect(about(await shop.explain(alone), 'passed over by')).toEqual([
    expect.stringMatching(/1 record of shardId-000000000000 of .* passed over by .*:function:paid: no filter/),
  ]);
});

test('a reader that stands before the record, or began behind it, is told with its place', async () => {
  await stream('waiting');
  await shop.function('late', WORK);
  const [first = ''] = await put('waiting', 'one', 'two', 'three');
  await shop.mapping('late', 'waiting', { StartingPosition: 'LATEST' });
  await shop.advance(1);
  const behind = await shop.explain(first);
  expect(about(behind, 'is read: shardId-000000000000 from 3')).toHaveLength(1);
  await shop.function('stopped', WORK);
  await shop.mapping('stopped', 'waiting', { Enabled: false });
  expect(about(await shop.explain(first), ':function:stopped: ')).toEqual([
    expect.stringContaining('has not begun with this shard; it is disabled'),
  ]);
  // A function that fails without end stands before its record.
  await shop.function('stuck', WORK);
  await shop.mapping('stuck', 'waiting', {});
  const [poison = '', next = ''] = await put('waiting', 'poison', 'placed');
  await shop.advance(10);
  expect(about(await shop.explain(poison), ':function:stuck: ')).toEqual([
    expect.stringMatching(/stands before it: .*its last result: PROBLEM: Function call failed$/),
  ]);
  expect(about(await shop.explain(next), ':function:stuck: ')).toEqual([
    expect.stringContaining('stands before it: at'),
  ]);
});

test('an event that a rule put into a stream is followed to the record and its readers, and back', async () => {
  await stream('events');
  await shop.function('listener', WORK);
  await shop.mapping('listener', 'events');
  const events = new EventBridgeClient(shop.config);
  const EventBusName = 'shop';
  await events.send(new CreateEventBusCommand({ Name: EventBusName }));
  await events.send(new PutRuleCommand({ EventBusName, Name: 'sold', EventPattern: '{"source":["shop"]}' }));
  const Targets = [{ Id: '1', Arn: streamArn('events'), RoleArn: ROLE }];
  await events.send(new PutTargetsCommand({ EventBusName, Rule: 'sold', Targets }));
  const event = { EventBusName, Source: 'shop', DetailType: 'sold', Detail: '{}' };
  const { Entries = [] } = await events.send(new PutEventsCommand({ Entries: [event] }));
  events.destroy();
  await shop.advance(1);
  const id = Entries[0]?.EventId ?? '';
  const lines = await shop.explain(id);
  expect(about(lines, `became record 0 of ${SHARD}`)).toHaveLength(1);
  expect(about(lines, ':function:listener was invoked with record <number>')).toHaveLength(1);
  expect(about(lines, 'sold: matched')).toHaveLength(1);
  const number = /\b\d{56}\b/.exec(await shop.explained(id))?.[0] ?? '';
  expect(about(await shop.explain(number), 'event <id> put on')).toHaveLength(1);
  expect(await shop.explained(number)).toContain(id);
});

test('a number that no stream has given is not known', async () => {
  await expect(shop.explain(`4${'9'.repeat(55)}`)).rejects.toThrow('Nothing is known of');
});
