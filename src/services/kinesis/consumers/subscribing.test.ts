import { describe, expect, it } from 'vitest';
import { utf8Decode } from '#base/bytes.ts';
import type { PendingCall, TestStream } from '#cell/testing.ts';
import { decodeCbor, encodeCbor } from '#wire/cbor.ts';
import { type StartingPosition, type SubscribeToShardEvent, service } from '#wire/generated/kinesis.ts';
import { millisecondCborEncoder } from '#wire/protocols/cbor-values.ts';
import { jsonEncoder } from '#wire/protocols/json-values.ts';
import { WireService } from '#wire/services.ts';
import type { WrittenOutput } from '#wire/written-output.ts';
import { KinesisTest, streamArnOf } from '../testing.ts';

const StreamARN = streamArnOf('orders');
const SHARD = 'shardId-000000000000';

class Listener {
  constructor(
    readonly call: PendingCall,
    readonly stream: TestStream,
  ) {}

  get events(): readonly SubscribeToShardEvent[] {
    return this.stream.events.map((event) => event['SubscribeToShardEvent'] as SubscribeToShardEvent);
  }

  get texts(): readonly string[] {
    return this.events.flatMap(({ Records = [] }) => Records.map(({ Data }) => utf8Decode(Data as Uint8Array)));
  }

  get last(): SubscribeToShardEvent | undefined {
    return this.events[this.events.length - 1];
  }
}

class FanOut {
  private constructor(
    readonly test: KinesisTest,
    readonly consumerArn: string,
  ) {}

  static async open(shards = 1): Promise<FanOut> {
    const test = await KinesisTest.open();
    await test.create('orders', shards);
    const { Consumer } = await test.call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'billing' });
    return new FanOut(test, Consumer?.ConsumerARN as string);
  }

  input(position: StartingPosition, ShardId = SHARD, ConsumerARN = this.consumerArn) {
    return { ConsumerARN, ShardId, StartingPosition: position };
  }

  async subscribe(position: StartingPosition, ShardId = SHARD): Promise<Listener> {
    const call = this.test.cell.start('kinesis', 'SubscribeToShard', this.input(position, ShardId));
    await this.test.cell.settle();
    if (call.stream === undefined) throw new Error(`no stream: ${JSON.stringify(call.reply)}`);
    return new Listener(call, call.stream);
  }

  refusal(position: StartingPosition, ShardId = SHARD): Promise<string> {
    return this.test.refusal('SubscribeToShard', this.input(position, ShardId));
  }
}

const OLDEST = { Type: 'TRIM_HORIZON' };
const LATEST = { Type: 'LATEST' };

describe('a subscription', () => {
  it('is given what is there, then each record as it comes', async () => {
    const all = await FanOut.open();
    await all.test.put(['a', 'b']);
    const listener = await all.subscribe(OLDEST);
    expect(listener.texts).toEqual(['a', 'b']);
    await all.test.put(['c']);
    await all.test.put(['d', 'e']);
    expect(listener.texts).toEqual(['a', 'b', 'c', 'd', 'e']);
    const [first] = listener.events[0]?.Records ?? [];
    expect(first).toMatchObject({ PartitionKey: 'a', ApproximateArrivalTimestamp: all.test.cell.clock.nowMs() });
    expect(listener.last?.ContinuationSequenceNumber).toBe(listener.last?.Records?.at(-1)?.SequenceNumber);
    expect(listener.last?.MillisBehindLatest).toBe(0);
  });

  it('goes on where its last event ended, without a gap and without a record twice', async () => {
    const fanOut = await FanOut.open();
    const quiet = await fanOut.subscribe(LATEST);
    quiet.call.abort();
    await fanOut.test.put(['a', 'b']);
    await fanOut.test.advance(5_000);
    const SequenceNumber = quiet.last?.ContinuationSequenceNumber;
    const second = await fanOut.subscribe({ Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber });
    expect(second.texts).toEqual(['a', 'b']);
    second.call.abort();
    await fanOut.test.put(['c']);
    await fanOut.test.advance(5_000);
    const third = await fanOut.subscribe({
      Type: 'AFTER_SEQUENCE_NUMBER',
      SequenceNumber: second.last?.ContinuationSequenceNumber,
    });
    expect(third.texts).toEqual(['c']);
  });

  it('begins at every kind of position', async () => {
    const fanOut = await FanOut.open();
    const { Records = [] } = await fanOut.test.put(['a', 'b']);
    await fanOut.test.advance(10_000);
    const timeMs = fanOut.test.cell.clock.nowMs();
    await fanOut.test.put(['c']);
    const number = Records[1]?.SequenceNumber;
    const texts: Record<string, readonly string[]> = {};
    for (const position of [
      OLDEST,
      LATEST,
      { Type: 'AT_SEQUENCE_NUMBER', SequenceNumber: number },
      { Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: number },
      { Type: 'AT_TIMESTAMP', Timestamp: timeMs },
    ]) {
      texts[position.Type] = (await fanOut.subscribe(position)).texts;
      await fanOut.test.advance(5_000);
    }
    expect(texts).toEqual({
      TRIM_HORIZON: ['a', 'b', 'c'],
      LATEST: [],
      AT_SEQUENCE_NUMBER: ['b', 'c'],
      AFTER_SEQUENCE_NUMBER: ['c'],
      AT_TIMESTAMP: ['c'],
    });
  });

  it('begins at the present also for a client whose clock is a little ahead', async () => {
    const fanOut = await FanOut.open();
    const Timestamp = fanOut.test.cell.clock.nowMs() + 900;
    expect((await fanOut.subscribe({ Type: 'AT_TIMESTAMP', Timestamp })).texts).toEqual([]);
  });

  it('reads blocks as it reads the newest records, and counts how far it is behind', async () => {
    const fanOut = await FanOut.open();
    await fanOut.test.put(Array.from({ length: 6_000 / 20 }, (_, i) => `${i}`));
    await fanOut.test.advance(700_000);
    await fanOut.test.put(['new']);
    const listener = await fanOut.subscribe(OLDEST);
    expect(listener.texts).toHaveLength(301);
    expect(listener.events).toHaveLength(2);
    expect(listener.events[0]?.MillisBehindLatest).toBe(700_000);
    expect(listener.events[1]?.MillisBehindLatest).toBe(0);
  });

  it('hears an event without records at once and every five seconds of quiet', async () => {
    const fanOut = await FanOut.open();
    const listener = await fanOut.subscribe(LATEST);
    expect(listener.events).toHaveLength(1);
    await fanOut.test.advance(14_000);
    expect(listener.events).toHaveLength(3);
    expect(listener.events.every(({ Records }) => Records?.length === 0)).toBe(true);
    expect(listener.last?.ContinuationSequenceNumber).toMatch(/^49\d{54}$/);
  });

  it('ends after five minutes', async () => {
    const fanOut = await FanOut.open();
    const listener = await fanOut.subscribe(LATEST);
    await fanOut.test.advance(299_999);
    expect(listener.stream.ended).toBeUndefined();
    await fanOut.test.advance(1);
    expect(listener.stream.ended).toEqual({ refused: undefined });
    expect(fanOut.test.cell.cell.nextDueAtMs()).toBeUndefined();
  });

  it('ends in time also when the client takes nothing', async () => {
    const fanOut = await FanOut.open();
    const listener = await fanOut.subscribe(LATEST);
    listener.stream.isSlow = true;
    await fanOut.test.put(['a']);
    await fanOut.test.advance(300_000);
    expect(listener.stream.ended).toEqual({ refused: undefined });
  });

  it('is taken over after five seconds, and refuses a second one before', async () => {
    const fanOut = await FanOut.open();
    const first = await fanOut.subscribe(LATEST);
    const inUse = `Another active subscription exists for this consumer: 000000000000:orders:${SHARD}:billing`;
    await fanOut.test.advance(4_999);
    expect(await fanOut.refusal(LATEST)).toBe(`ResourceInUseException: ${inUse}`);
    expect(first.stream.ended).toBeUndefined();
    await fanOut.test.advance(1);
    const second = await fanOut.subscribe(LATEST);
    expect(first.stream.ended?.refused).toMatchObject({ code: 'ResourceInUseException', message: inUse });
    await fanOut.test.put(['a']);
    expect(second.texts).toEqual(['a']);
    expect(first.texts).toEqual([]);
  });

  it('stands beside those of other shards and other consumers', async () => {
    const fanOut = await FanOut.open(2);
    const { Consumer } = await fanOut.test.call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'shipping' });
    const one = await fanOut.subscribe(LATEST);
    const other = await fanOut.subscribe(LATEST, 'shardId-000000000001');
    const input = fanOut.input(LATEST, SHARD, Consumer?.ConsumerARN);
    const third = fanOut.test.cell.start('kinesis', 'SubscribeToShard', input);
    await fanOut.test.put(['a', 'b', 'c', 'd', 'e', 'f']);
    const shipping = new Listener(third, third.stream as TestStream);
    expect([...one.texts, ...other.texts].sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(one.texts.length * other.texts.length).toBeGreaterThan(0);
    expect(shipping.texts).toEqual(one.texts);
  });

  it('tells the children at the end of its shard, and ends', async () => {
    const fanOut = await FanOut.open();
    const listener = await fanOut.subscribe(LATEST);
    await fanOut.test.put(['a']);
    const half = String(2n ** 127n);
    await fanOut.test.call('SplitShard', { StreamName: 'orders', ShardToSplit: SHARD, NewStartingHashKey: half });
    expect(listener.texts).toEqual(['a']);
    expect(listener.last).toEqual({
      Records: [],
      MillisBehindLatest: 0,
      ChildShards: [
        {
          ...{ ShardId: 'shardId-000000000001', ParentShards: [SHARD] },
          HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(2n ** 127n - 1n) },
        },
        {
          ...{ ShardId: 'shardId-000000000002', ParentShards: [SHARD] },
          HashKeyRange: { StartingHashKey: half, EndingHashKey: String(2n ** 128n - 1n) },
        },
      ],
    });
    expect(listener.stream.ended).toEqual({ refused: undefined });
    const late = await fanOut.subscribe(OLDEST, 'shardId-000000000001');
    await fanOut.test.advance(5_000);
    const again = await fanOut.subscribe(OLDEST);
    expect(again.texts).toEqual(['a']);
    expect(again.last?.ChildShards).toHaveLength(2);
    expect(late.stream.ended).toBeUndefined();
  });

  it('reads no further than a slow client has taken', async () => {
    const fanOut = await FanOut.open();
    const listener = await fanOut.subscribe(LATEST);
    listener.stream.isSlow = true;
    await fanOut.test.put(['a']);
    await fanOut.test.put(['b']);
    await fanOut.test.put(['c']);
    expect(listener.texts).toEqual(['a']);
    listener.stream.take();
    await fanOut.test.cell.settle();
    expect(listener.texts).toEqual(['a', 'b', 'c']);
    expect(listener.events).toHaveLength(3);
  });

  it('is cut into events of some hundred kibibytes', async () => {
    const fanOut = await FanOut.open();
    for (let i = 0; i < 4; i += 1) await fanOut.test.put([`k=${'x'.repeat(300_000)}`]);
    const listener = await fanOut.subscribe(OLDEST);
    expect(listener.events).toHaveLength(4);
  });

  it('leaves out what has expired', async () => {
    const fanOut = await FanOut.open();
    await fanOut.test.put(['old']);
    await fanOut.test.advance(86_400_001);
    const listener = await fanOut.subscribe(OLDEST);
    expect(listener.texts).toEqual([]);
    await fanOut.test.put(['new']);
    expect(listener.texts).toEqual(['new']);
  });

  it('ends with an error when its consumer or its stream goes', async () => {
    const fanOut = await FanOut.open();
    const listener = await fanOut.subscribe(LATEST);
    await fanOut.test.call('DeregisterStreamConsumer', { ConsumerARN: fanOut.consumerArn });
    expect(listener.stream.ended?.refused?.code).toBe('ResourceNotFoundException');
    const again = await FanOut.open();
    const lost = await again.subscribe(LATEST);
    await again.test.call('DeleteStream', { StreamName: 'orders', EnforceConsumerDeletion: true });
    expect(lost.stream.ended?.refused?.code).toBe('ResourceNotFoundException');
  });

  it('does not outlive the client or the process', async () => {
    const fanOut = await FanOut.open();
    const listener = await fanOut.subscribe(LATEST);
    listener.call.abort();
    await fanOut.test.put(['a']);
    expect(listener.texts).toEqual([]);
    await fanOut.test.restart();
    const again = await fanOut.subscribe(OLDEST);
    expect(again.texts).toEqual(['a']);
  });

  it.each([
    [{}, 'ValidationException'],
    [{ ShardId: 'shardId-000000000007' }, 'ResourceNotFoundException'],
    [{ ShardId: 'nothing' }, 'ResourceNotFoundException'],
    [{ StartingPosition: {} }, 'ValidationException'],
    [{ StartingPosition: { Type: 'NEWEST' } }, 'ValidationException'],
    [{ StartingPosition: { Type: 'AT_SEQUENCE_NUMBER' } }, 'InvalidArgumentException'],
    [{ StartingPosition: { Type: 'AT_SEQUENCE_NUMBER', SequenceNumber: '1' } }, 'InvalidArgumentException'],
    [{ StartingPosition: { Type: 'LATEST', SequenceNumber: '1' } }, 'InvalidArgumentException'],
    [{ StartingPosition: { Type: 'AT_TIMESTAMP' } }, 'InvalidArgumentException'],
    [{ StartingPosition: { Type: 'AT_TIMESTAMP', Timestamp: 9e12 } }, 'InvalidArgumentException'],
    [{ ConsumerARN: `${StreamARN}/consumer/none:1` }, 'ResourceNotFoundException'],
    [{ StreamId: 'x' }, 'InvalidArgumentException'],
    [{ DryRun: true }, 'DryRunOperationException'],
  ])('with %j is refused: %s', async (changed, code) => {
    const fanOut = await FanOut.open();
    const input = { ...fanOut.input(LATEST), ...changed };
    const given = Object.keys(changed).length === 0 ? {} : input;
    expect((await fanOut.test.refusal('SubscribeToShard', given)).startsWith(`${code}:`)).toBe(true);
  });
});

describe('an event', () => {
  it('is the same document whether it writes itself or is written member by member, in JSON and in CBOR', async () => {
    const wire = new WireService(service);
    const member = { target: 'SubscribeToShardEvent' };
    const fanOut = await FanOut.open();
    await fanOut.test.put(['a', 'é"\n=b']);
    const { last } = await fanOut.subscribe(OLDEST);
    const { Records, MillisBehindLatest, ContinuationSequenceNumber } = last as SubscribeToShardEvent;
    expect(Records).toHaveLength(2);
    const plain = { Records, MillisBehindLatest, ContinuationSequenceNumber };
    const written = last as unknown as WrittenOutput;
    expect(JSON.parse(utf8Decode(written.writeJson()))).toEqual(
      JSON.parse(JSON.stringify(jsonEncoder(wire, member)?.(plain))),
    );
    expect(decodeCbor(written.writeCbor())).toEqual(
      decodeCbor(encodeCbor(millisecondCborEncoder(wire, member)?.(plain))),
    );
  });
});
