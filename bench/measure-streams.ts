// Kinesis: records put beside what the journal itself takes, and beside other servers; records read beside a server that has the same answer
// ready in memory (a page of the newest records, one of a block that is in memory, and pages whose blocks are read first); from a put to a subscriber of enhanced fan-out; what retained records cost in memory.

import { statSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  PutRecordCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  SubscribeToShardCommand,
} from '@aws-sdk/client-kinesis';
import { open } from '../src/storage/file/open.ts';
import { clients } from './clients.ts';
import { type Figure, median } from './figures.ts';
import {
  drain,
  load,
  type Running,
  residentBytes,
  startEddy,
  startFixed,
  startKinesalite,
  startKinesisLocal,
} from './processes.ts';

const ROUNDS = 3;
const RECORDS_A_REQUEST = 500;
const DATA_BYTES = 200;
const KEY_BYTES = 8;
const PAGE = 10_000;
const PAGES = 20;
const RETAINED_TARGET = 10_000_000;
const isFull = process.argv.includes('--full');
const RETAINED = isFull ? RETAINED_TARGET : 1_000_000;
const SHARD = 'shardId-000000000000';

export async function* measureStreams(folder: (name: string) => string): AsyncGenerator<Figure> {
  const eddy = await startEddy({ dataDirectory: folder('eddy') });
  yield await batches(eddy, folder);
  yield* peers(eddy, folder);
  yield await fanOut(eddy);
  await eddy.stop();
  yield* reading(folder);
  yield* retained(folder('retained'));
}

/** The bytes of one PutRecords as one entry, each appended when one before is durable: what a request at least costs the disk. */
async function journalRecordsPerSecond(directory: string, waiters: number): Promise<number> {
  const engine = await open(directory);
  const payload = new Uint8Array(RECORDS_A_REQUEST * (DATA_BYTES + KEY_BYTES + 3)).fill(0x61);
  const facts = new Uint8Array(120).fill(0x62);
  const { journal } = engine;
  const waiting: number[] = [];
  const endsAt = performance.now() + 3_000;
  let done = 0;
  const startedAt = performance.now();
  await new Promise<void>((resolve) => {
    const append = (): void => void waiting.push(journal.append(facts, [payload]).end);
    journal.onDurable((durableEnd) => {
      while (waiting.length > 0 && (waiting[0] as number) <= durableEnd) {
        waiting.shift();
        done += 1;
        if (performance.now() < endsAt) append();
      }
      if (waiting.length === 0) resolve();
    });
    for (let i = 0; i < waiters; i += 1) append();
  });
  const seconds = (performance.now() - startedAt) / 1000;
  await engine.close();
  return (done * RECORDS_A_REQUEST) / seconds;
}

async function batches(eddy: Running, folder: (name: string) => string): Promise<Figure> {
  const put: number[] = [];
  const raw: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const options = { scenario: 'kinesis-put-batch', connections: '16', seconds: '3', distinct: true } as const;
    const report = await load(eddy, { ...options, pool: '100', 'body-bytes': String(DATA_BYTES), queue: 'batches' });
    put.push(report.messagesPerSecond);
    raw.push(await journalRecordsPerSecond(folder(`journal-${round}`), 16));
  }
  return {
    what: `PutRecords of ${RECORDS_A_REQUEST} x ${DATA_BYTES} B, records/s / the raw journal`,
    value: median(put.map((each, i) => each / (raw[i] as number))),
    unit: 'x',
    goal: { kind: 'at-least', reach: 0.2, beyond: 0.4 },
    note: `${median(put)} and ${Math.round(median(raw))} a second, 4 shards, 16 connections`,
  };
}

async function* peers(eddy: Running, folder: (name: string) => string): AsyncGenerator<Figure> {
  yield await against(eddy, await startKinesalite(folder('kinesalite')), 'kinesalite', { reach: 3, beyond: 5 });
  yield await against(eddy, await startKinesisLocal(), 'kinesis-local', { reach: 100, beyond: 200 });
}

async function against(
  eddy: Running,
  peer: Running | string,
  name: string,
  goal: { readonly reach: number; readonly beyond: number },
): Promise<Figure> {
  const what = `PutRecord ${DATA_BYTES} B, 16 connections / ${name}`;
  if (typeof peer === 'string') return { what, value: undefined, unit: '', note: peer };
  const options = {
    scenario: 'kinesis-put',
    connections: '16',
    seconds: '3',
    distinct: true,
    queue: 'single',
  } as const;
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push((await load(eddy, { ...options, 'body-bytes': String(DATA_BYTES) })).messagesPerSecond);
    theirs.push((await load(peer, { ...options, 'body-bytes': String(DATA_BYTES) })).messagesPerSecond);
  }
  await peer.stop();
  const value = median(ours.map((each, i) => each / (theirs[i] as number)));
  const note = `${median(ours)} and ${median(theirs)} a second`;
  return { what, value, unit: 'x', goal: { kind: 'at-least', ...goal }, note };
}

async function fanOut(eddy: Running): Promise<Figure> {
  const kinesis = clients.kinesis(eddy);
  const StreamName = 'fan-out';
  const StreamARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`;
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  const { Consumer } = await kinesis.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'bench' }));
  const subscription = new SubscribeToShardCommand({
    ConsumerARN: Consumer?.ConsumerARN,
    ShardId: SHARD,
    StartingPosition: { Type: 'LATEST' },
  });
  const { EventStream } = await kinesis.send(subscription);
  const took: number[] = [];
  let seen = (): void => {};
  const listening = (async () => {
    for await (const { SubscribeToShardEvent: event } of EventStream ?? []) {
      if (event?.Records?.length === 1) seen();
    }
  })();
  const Data = Buffer.alloc(DATA_BYTES, 'x');
  for (let i = 0; i < 300; i += 1) {
    const startedAt = performance.now();
    const arrived = new Promise<void>((resolve) => {
      seen = resolve;
    });
    const put = kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: 'k', Data }));
    await arrived;
    took.push(performance.now() - startedAt);
    await put;
  }
  kinesis.destroy();
  // The client keeps the connection for the open subscription, which ends with the server.
  listening.catch(() => {});
  const sorted = took.slice(100).sort((a, b) => a - b);
  return {
    what: 'PutRecord to event of enhanced fan-out, p50 end to end (AWS SDK)',
    value: median(sorted),
    unit: 'ms',
    goal: { kind: 'at-most', reach: 10, beyond: 3 },
    note: `p99 ${(sorted[Math.floor(sorted.length * 0.99)] as number).toFixed(1)} ms`,
  };
}

async function fill(eddy: Running, StreamName: string, count: number): Promise<void> {
  const kinesis = clients.kinesis(eddy);
  const Records = Array.from({ length: RECORDS_A_REQUEST }, (_, i) => ({
    PartitionKey: `key-${String(i).padStart(KEY_BYTES - 4, '0')}`,
    Data: Buffer.from(`${i} `.padEnd(DATA_BYTES, 'abcdefghij')),
  }));
  let left = count / RECORDS_A_REQUEST;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  kinesis.destroy();
}

/** A page of the newest records, which are in memory, and one of older ones, in a block that is not the last. */
async function* reading(folder: (name: string) => string): AsyncGenerator<Figure> {
  const eddy = await startEddy({ dataDirectory: folder('reading') });
  const kinesis = clients.kinesis(eddy);
  await kinesis.send(new CreateStreamCommand({ StreamName: 'tail', ShardCount: 1 }));
  await kinesis.send(new CreateStreamCommand({ StreamName: 'disk', ShardCount: 1 }));
  await fill(eddy, 'disk', PAGE * PAGES);
  // The last ones: they are in the journal's memory.
  await fill(eddy, 'tail', PAGE);
  kinesis.destroy();
  yield await page(eddy, { stream: 'tail', file: folder('tail'), pages: 1, reach: 0.3, beyond: 0.5 });
  yield await page(eddy, { stream: 'disk', file: folder('disk'), pages: 1, reach: 0.2, beyond: 0.4 });
  yield await page(eddy, { stream: 'disk', file: folder('each'), pages: PAGES, reach: 0.2, beyond: 0.4 });
  await eddy.stop();
}

interface PageOptions {
  readonly stream: 'tail' | 'disk';
  readonly file: string;
  /** Asked for in turn; `PAGES` are more than what is kept of blocks in memory. */
  readonly pages: number;
  readonly reach: number;
  readonly beyond: number;
}

/** Iterators of one page after another, from the oldest record on. */
async function iteratorsOf(eddy: Running, StreamName: string, pages: number): Promise<readonly string[]> {
  const kinesis = clients.kinesis(eddy);
  const iterators: string[] = [];
  const input = { StreamName, ShardId: SHARD, ShardIteratorType: 'TRIM_HORIZON' } as const;
  let { ShardIterator } = await kinesis.send(new GetShardIteratorCommand(input));
  for (let i = 0; i < pages; i += 1) {
    const { Records, NextShardIterator } = await kinesis.send(new GetRecordsCommand({ ShardIterator, Limit: PAGE }));
    // A page is shorter where blocks end and fresh records begin.
    if (Records?.length === PAGE) iterators.push(ShardIterator as string);
    ShardIterator = NextShardIterator;
  }
  kinesis.destroy();
  if (iterators.length < pages / 2) throw new Error(`${iterators.length} full pages, not ${pages}`);
  return iterators;
}

async function page(eddy: Running, { stream, file, pages, reach, beyond }: PageOptions): Promise<Figure> {
  const iterators = await iteratorsOf(eddy, stream, pages);
  const bodies = iterators.map((ShardIterator) => ({ ShardIterator, Limit: PAGE }));
  const asked = { target: 'Kinesis_20131202.GetRecords', bodies: JSON.stringify(bodies) };
  await drain(eddy, { ...asked, save: file });
  const fixed = await startFixed(file);
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push((await drain(eddy, asked)).bytesPerSecond);
    bare.push((await drain(fixed, asked)).bytesPerSecond);
  }
  await fixed.stop();
  const megabytes = (values: readonly number[]): string => (median(values) / 1e6).toFixed(0);
  return {
    what: `GetRecords of ${PAGE} x ${DATA_BYTES} B from ${stream === 'tail' ? 'the tail' : 'blocks'}${pages > 1 ? ', each page once' : ''}, MB/s / node:http`,
    value: median(ours.map((each, i) => each / (bare[i] as number))),
    unit: 'x',
    goal: { kind: 'at-least', reach, beyond },
    note: `${megabytes(ours)} and ${megabytes(bare)} MB/s of answers of ${(statSync(file).size / 1e6).toFixed(1)} MB`,
  };
}

async function* retained(dataDirectory: string): AsyncGenerator<Figure> {
  const first = await startEddy({ dataDirectory });
  const before = residentBytes(first.pid);
  await clients.kinesis(first).send(new CreateStreamCommand({ StreamName: 'kept', ShardCount: 4 }));
  await fill(first, 'kept', RETAINED);
  const after = residentBytes(first.pid);
  await first.stop();
  const idle = await startEddy({ dataDirectory: join(dataDirectory, '..', 'retained-idle') });
  const loaded = await startEddy({ dataDirectory });
  const bytes = residentBytes(loaded.pid) - residentBytes(idle.pid);
  await Promise.all([idle.stop(), loaded.stop()]);
  const share = RETAINED_TARGET / RETAINED;
  const extrapolated = share === 1 ? '' : `, extrapolated from ${RETAINED} (--full puts them all)`;
  yield {
    what: `memory for ${RETAINED_TARGET} retained records above idle, after a start`,
    value: (bytes * share) / 1e6,
    unit: 'MB',
    goal: { kind: 'at-most', reach: 150, beyond: 60 },
    note: `${(bytes / 1e6).toFixed(0)} MB measured; ${((after - before) / 1e6).toFixed(0)} MB right after putting${extrapolated}`,
  };
}
