// Who puts records into delivery streams and into the stream that some of them read, and who changes, deletes and creates them meanwhile.

import { utf8Encode } from '#base/bytes.ts';
import type { FinalReply } from '#cell/command.ts';
import type { DescribeDeliveryStreamOutput, PutRecordBatchOutput } from '#wire/generated/firehose.ts';
import { type Setting, StreamBook } from './firehose-book.ts';
import { creationOf, STREAM_KINDS, type StreamKind } from './firehose-streams.ts';
import { outputOf, StreamWriters } from './stream-writers.ts';
import { promise } from './violation.ts';
import type { World } from './world.ts';

const BRIEF = 'brief';
/** A batch may have 500. */
const TOO_MANY = 501;
const WRONG_VERSION = '1000000';

export class FirehoseProducers {
  /** By name of the stream. */
  readonly books = new Map<string, StreamBook>();
  readonly writers: StreamWriters;
  private nextSerial = 1;
  private isBriefChanging = false;

  constructor(private readonly world: World) {
    this.writers = new StreamWriters(world, {
      put: (key) => this.text(this.sourced(), key),
      acknowledged: (text) => {
        for (const book of this.sourced()) book.acknowledged(Number.parseInt(text, 10));
      },
    });
  }

  async setUp(): Promise<void> {
    const { world } = this;
    await this.writers.setUp();
    for (const name of Object.keys(STREAM_KINDS)) {
      await world.ask('s3', 'CreateBucket', { Bucket: `lake-${name}` });
      await world.ask('s3', 'CreateBucket', { Bucket: `backup-${name}` });
      this.open(name);
      await world.ask('firehose', 'CreateDeliveryStream', creationOf(name));
    }
  }

  bookOf(name: string): StreamBook {
    const book = this.books.get(name);
    if (book === undefined) throw new Error(`the stream ${name} has a book`);
    return book;
  }

  /** Answers of a process that died never come. */
  crashed(): void {
    this.writers.crashed();
    this.isBriefChanging = false;
  }

  step(): void {
    const { random } = this.world;
    const name = random.pick(Object.keys(STREAM_KINDS));
    if ((STREAM_KINDS[name] as StreamKind).hasSource) this.stepOfSource(name);
    else if (random.chance(0.02)) this.putRefused(name, TOO_MANY);
    else if (random.chance(0.3)) this.putOne(name);
    else this.put(name, random.chance(0.02) ? 5 : 0);
  }

  private stepOfSource(name: string): void {
    const { random } = this.world;
    const dice = random.below(20);
    if (dice === 0) this.writers.reshard();
    else if (dice === 1) this.putRefused(name, 1);
    else this.writers.step();
  }

  private open(name: string): StreamBook {
    const kind = STREAM_KINDS[name] as StreamKind;
    const book = new StreamBook({ ...kind, name }, () => this.world.clock.nowMs());
    this.books.set(name, book);
    return book;
  }

  private sourced(): readonly StreamBook[] {
    return [...this.books].flatMap(([name, book]) => (STREAM_KINDS[name]?.hasSource === true ? [book] : []));
  }

  private text(books: readonly StreamBook[], key: string): string {
    const serial = this.nextSerial;
    this.nextSerial += 1;
    for (const book of books) book.put(serial, key);
    return `${serial} ${key}`;
  }

  /** `large`: so many records that a buffer is full. */
  private put(name: string, large: number): void {
    const { world } = this;
    const book = this.bookOf(name);
    const texts = Array.from({ length: large > 0 ? large : 1 + world.random.below(6) }, () => this.text([book], name));
    const most = large > 0 ? 250_000 : 200;
    const Records = texts.map((text) => ({ Data: dataOf(text, large > 0 ? most : world.random.below(most)) }));
    world.call('firehose', 'PutRecordBatch', { DeliveryStreamName: name, Records }, (reply) => {
      if (this.isGone(book, texts, reply)) return;
      const { FailedPutCount, RequestResponses = [] } = outputOf<PutRecordBatchOutput>('PutRecordBatch', reply);
      const isWhole = FailedPutCount === 0 && RequestResponses.length === texts.length;
      promise(isWhole, () => `PutRecordBatch failed for ${FailedPutCount} records`);
      for (const text of texts) book.acknowledged(Number.parseInt(text, 10));
    });
  }

  private putOne(name: string): void {
    const { world } = this;
    const book = this.bookOf(name);
    const text = this.text([book], name);
    const Record = { Data: dataOf(text, world.random.below(200)) };
    world.call('firehose', 'PutRecord', { DeliveryStreamName: name, Record }, (reply) => {
      if (this.isGone(book, [text], reply)) return;
      outputOf('PutRecord', reply);
      book.acknowledged(Number.parseInt(text, 10));
    });
  }

  /** Too many records; records for a stream that reads its own. None of them may ever come. */
  private putRefused(name: string, count: number): void {
    const book = this.bookOf(name);
    const texts = Array.from({ length: count }, () => this.text([book], name));
    const Records = texts.map((text) => ({ Data: dataOf(text, 0) }));
    this.world.call('firehose', 'PutRecordBatch', { DeliveryStreamName: name, Records }, (reply) => {
      promise('refused' in reply, () => `${name} took ${count} records`);
      for (const text of texts) book.refused(Number.parseInt(text, 10));
    });
  }

  /** A stream that is being deleted and created refuses while it is not there. */
  private isGone(book: StreamBook, texts: readonly string[], reply: FinalReply): boolean {
    if (book.options.name !== BRIEF || !('refused' in reply)) return false;
    promise(reply.refused.code === 'ResourceNotFoundException', () => `${BRIEF}: ${JSON.stringify(reply.refused)}`);
    for (const text of texts) book.refused(Number.parseInt(text, 10));
    return true;
  }

  /** Another interval, another retry duration; once in a while by who knows an old version only. */
  change(): void {
    const { world } = this;
    const { random } = world;
    const name = random.pick(Object.keys(STREAM_KINDS).filter((one) => one !== BRIEF));
    const { update, hasRetries } = STREAM_KINDS[name] as StreamKind;
    const IntervalInSeconds = name === 'collected' ? random.pick([0, 30, 60]) : random.pick([60, 120, 300]);
    const DurationInSeconds = random.pick([0, 60, 120, 900]);
    const isStale = random.chance(0.2);
    world.call('firehose', 'DescribeDeliveryStream', { DeliveryStreamName: name }, (described) => {
      const { DeliveryStreamDescription: stream } = outputOf<DescribeDeliveryStreamOutput>('Describe', described);
      const version = isStale ? WRONG_VERSION : stream?.VersionId;
      const BufferingHints = { SizeInMBs: name === 'parted' ? 64 : 1, IntervalInSeconds };
      const changed =
        name === 'copied'
          ? { S3Update: { BufferingHints }, RetryOptions: { DurationInSeconds } }
          : { BufferingHints, ...(hasRetries ? { RetryOptions: { DurationInSeconds } } : {}) };
      const input = {
        DeliveryStreamName: name,
        CurrentDeliveryStreamVersionId: version,
        DestinationId: stream?.Destinations?.[0]?.DestinationId,
        [update]: changed,
      };
      const book = this.bookOf(name);
      const settings: [Setting, number][] = [[book.intervalMs, IntervalInSeconds * 1_000]];
      if (hasRetries) settings.push([book.retryMs, DurationInSeconds * 1_000]);
      if (!isStale) for (const [setting, value] of settings) setting.may(value);
      world.call('firehose', 'UpdateDestination', input, (reply) => {
        const isRefused = 'refused' in reply && reply.refused.code === 'ConcurrentModificationException';
        promise(isStale === 'refused' in reply || isRefused, () => `${name}: ${JSON.stringify(reply)}`);
        if (!isRefused) for (const [setting, value] of settings) setting.is(value, world.clock.nowMs());
      });
    });
  }

  /** The brief one goes, and comes again. */
  replace(): void {
    if (this.isBriefChanging) return;
    this.isBriefChanging = true;
    const book = this.bookOf(BRIEF);
    book.abandon();
    this.world.call('firehose', 'DeleteDeliveryStream', { DeliveryStreamName: BRIEF }, (reply) => {
      if (!('refused' in reply)) book.deleted();
      this.world.call('firehose', 'CreateDeliveryStream', creationOf(BRIEF), (created) => {
        this.isBriefChanging = false;
        const isRight = !('refused' in created) || created.refused.code === 'ResourceInUseException';
        promise(isRight, () => `${BRIEF}: ${JSON.stringify(created)}`);
      });
    });
  }
}

function dataOf(text: string, dots: number): Uint8Array {
  return utf8Encode(`${text} ${'.'.repeat(dots)}`);
}
