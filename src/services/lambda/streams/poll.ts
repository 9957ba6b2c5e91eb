// A mapping looks at its stream: shards that are new to it are begun, batches that are due are invoked, and more is read while there is room. It is woken by the stream,
// by the end of a batch, by capacity of its function, and by its timer; nothing polls by the clock.

import { utf8Encode } from '#base/bytes.ts';
import type { StreamView } from '#cell/stream-source.ts';
import { readSince, startingPosition } from '#structures/shard-reading/choices.ts';
import type { Work } from '#structures/shard-reading/records.ts';
import { shardNews } from '#structures/shard-reading/shard-order.ts';
import type { ShardReader } from '#structures/shard-reading/shard-reader.ts';
import { readSubject, roomFor } from '#structures/shard-reading/stream-run.ts';
import { noStreamPermission } from '../errors.ts';
import type { LambdaTurn } from '../find-function.ts';
import { hasCapacity } from '../invoking/capacity.ts';
import { startInvocation } from '../invoking/start.ts';
import { STREAM_BATCH_BYTES_MAX } from '../limits.ts';
import { deniedUntilMs, deny, mayRead } from '../source-permission.ts';
import { discard } from './discard.ts';
import * as facts from './facts.ts';
import { eventOf, type FunctionRecord } from './function-record.ts';
import { type FunctionRun, type OpenStream, openStream, runOf } from './source.ts';

export interface Polled extends OpenStream {
  readonly run: FunctionRun;
  readonly view: StreamView;
}

/** Plausible, after the text of function errors. */
const STREAM_GONE = 'PROBLEM: Stream not found';

export function pollStream(turn: LambdaTurn, key: string): void {
  const open = openStream(turn, key);
  if (open === undefined || !open.mapping.isEnabled) return;
  const view = open.source.describe(open.turn, open.streamArn);
  if (view === undefined) {
    if (turn.state.streamResults.get(key) !== STREAM_GONE) {
      turn.record(facts.StreamNotRead, { mapping: key, problem: STREAM_GONE, untilMs: undefined });
    }
    return;
  }
  forgetOtherStream(open, view);
  const run = runOf(open, view.retentionHours);
  if (run === undefined) return;
  const polled = { ...open, run, view };
  let isBlocked = false;
  // A shard that is finished lets its children begin.
  do {
    beginShards(polled);
    isBlocked = startWork(polled);
    readMore(polled);
  } while (finishShards(polled));
  planWait(polled, isBlocked);
}

/** The timer: for what the run waits for, or sooner for a role that is asked again. */
function planWait({ turn, key, run }: Polled, isBlocked: boolean): void {
  const askedMs = run.wait(turn.nowMs, isBlocked);
  const deniedMs = deniedUntilMs(turn, key);
  const plannedMs = run.waitUntilMs ?? 0;
  const isSooner = deniedMs !== undefined && (plannedMs <= turn.nowMs || deniedMs < plannedMs);
  if (isSooner) run.waitUntilMs = deniedMs;
  const untilMs = isSooner ? deniedMs : askedMs;
  if (untilMs !== undefined) turn.record(facts.StreamWaitPlanned, { mapping: key, untilMs });
}

/** Something was given back: mappings that found no room to read go on. */
export function pollCrowdedOut(turn: LambdaTurn): void {
  const { streams, crowdedOut } = turn.state.running;
  if (crowdedOut.size === 0 || roomFor(streams.values()) <= 0) return;
  const keys = [...crowdedOut];
  crowdedOut.clear();
  for (const key of keys) pollStream(turn, key);
}

/** The stream was deleted, and another one has its name: it is read as a new one. What is under way ends without a trace. */
function forgetOtherStream({ turn, key }: OpenStream, { createdAtMs }: StreamView): void {
  const places = turn.state.streams.of(key);
  if (places !== undefined && places.createdAtMs !== createdAtMs) turn.state.running.streams.delete(key);
}

function beginShards({ turn, key, mapping, source, streamArn, run, view }: Polled): void {
  const { streams } = turn.state;
  const { gone, begun } = shardNews(view, streams.of(key), {
    position: startingPosition(mapping.stream),
    placeOf: (shardId, start) => source.placeOf(turn, { streamArn, shardId }, start),
  });
  if (gone.length > 0) turn.record(facts.StreamShardsForgotten, { mapping: key, shards: gone });
  if (begun !== undefined) {
    turn.record(facts.StreamReadingBegan, { mapping: key, createdAtMs: view.createdAtMs, shards: begun });
  }
  const now = streams.of(key);
  if (now !== undefined) run.follow(now);
}

/** True when something is left that waits for the function's concurrency. */
function startWork(polled: Polled): boolean {
  const { turn, run, found } = polled;
  for (let due = run.takeExpired(turn.nowMs); due !== undefined; due = run.takeExpired(turn.nowMs)) {
    discard(polled, { ...due, condition: 'RecordAgeExceeded', requestId: turn.uuid() });
  }
  while (hasCapacity(turn.state, found.key, found.doc)) {
    const due = run.takeWork(turn.nowMs);
    if (due === undefined) return false;
    if (isTooLarge(due.work)) discard(polled, { ...due, condition: 'RetryAttemptsExhausted', requestId: turn.uuid() });
    else invoke(polled, due);
  }
  return true;
}

/** AWS: an event of a function has 6 MB at most, a record of a stream may have more: nothing can be invoked with it. Which condition its destination sees is ours. */
function isTooLarge({ records }: Work<FunctionRecord>): boolean {
  return records.length === 1 && (records[0]?.bytes ?? 0) > STREAM_BATCH_BYTES_MAX;
}

function invoke(
  { turn, key, mapping, found, run }: Polled,
  { reader, work }: { readonly reader: ShardReader<FunctionRecord>; readonly work: Work<FunctionRecord> },
): void {
  const { shardId } = reader;
  startInvocation(turn, {
    found,
    requestId: turn.uuid(),
    invokedArn: mapping.functionArn,
    event: { bytes: utf8Encode(eventOf({ mapping, found, shardId, region: turn.scope.region }, work)) },
    purpose: {
      kind: 'stream-batch',
      batch: { mappingKey: key, functionArn: mapping.functionArn, runId: run.id, shardId, work },
    },
  });
}

function readMore({ turn, key, mapping, source, streamArn, run, view }: Polled): void {
  if (deniedUntilMs(turn, key) !== undefined) return;
  const since = readSince(mapping.stream);
  const { streams, crowdedOut } = turn.state.running;
  const room = roomFor(streams.values());
  if (room <= 0) crowdedOut.add(key);
  const wishes = run.wishes(view.shards, room);
  if (wishes.length > 0 && !mayRead(turn, source, mapping.sourceArn)) {
    for (const { shardId } of wishes) run.readers.get(shardId)?.notRead();
    const problem = `PROBLEM: ${noStreamPermission(mapping.sourceArn).message}`;
    deny(turn, key);
    turn.record(facts.StreamNotRead, { mapping: key, problem, untilMs: undefined });
    return;
  }
  for (const { shardId, wish } of wishes) {
    const reader = { service: 'lambda', subject: readSubject(run, shardId, key) };
    source.read(turn, { streamArn, shardId, ...wish, ...since, reader });
  }
}

function finishShards({ turn, key, run }: Polled): boolean {
  const finished = run.finished();
  for (const shard of finished) turn.record(facts.StreamShardFinished, { mapping: key, shard });
  return finished.length > 0;
}
