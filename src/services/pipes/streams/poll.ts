// A pipe looks at its stream: shards that are new to it are begun, batches that are due are handed on, and more is read while there is room. It is woken by the stream,
// by the end of an execution, and by its timer; nothing polls by the clock.

import type { StreamView } from '#cell/stream-source.ts';
import { readSince, startingPosition } from '#structures/shard-reading/choices.ts';
import type { Work } from '#structures/shard-reading/records.ts';
import { shardNews } from '#structures/shard-reading/shard-order.ts';
import type { ShardReader } from '#structures/shard-reading/shard-reader.ts';
import { readSubject, roomFor } from '#structures/shard-reading/stream-run.ts';
import type { PipeDoc } from '../documents.ts';
import { stoppedReason } from '../errors.ts';
import { newExecution } from '../executing/execution.ts';
import { begin } from '../executing/run.ts';
import * as facts from '../facts.ts';
import { sourceProblem } from '../health.ts';
import { HELD_CHARACTERS_MAX } from '../limits.ts';
import { goOnAfter } from '../polling/batch.ts';
import { noteUnreadable } from '../polling/poll.ts';
import { pollerOf } from '../polling/source.ts';
import type { PipesTurn } from '../state.ts';
import { giveUp } from './give-up.ts';
import { recordEvent } from './record-event.ts';
import { type OpenStream, openStream, type PipeRecord, type PipeRun, runOf } from './source.ts';

export interface Polled extends OpenStream {
  readonly run: PipeRun;
  readonly view: StreamView;
}

interface Due {
  readonly reader: ShardReader<PipeRecord>;
  readonly work: Work<PipeRecord>;
}

export function pollStream(turn: PipesTurn, key: string, pipe: PipeDoc): void {
  const { polling } = turn.state.running;
  // An execution that ended at once: whoever began it goes on by itself.
  if (polling.has(key)) return;
  polling.add(key);
  look(turn, key, pipe);
  polling.delete(key);
}

function look(turn: PipesTurn, key: string, pipe: PipeDoc): void {
  const poller = pollerOf(turn.state, key);
  if (turn.nowMs < poller.pausedUntilMs) return;
  const open = openStream(turn, key, pipe);
  const view = open?.source.describe(open.turn, open.streamArn);
  if (open === undefined || view === undefined) {
    noteUnreadable(turn, { key, poller, reason: stoppedReason({ kind: 'stream-gone' }) });
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
    // What was handed on at once may have come back here already, and have changed what is to be read.
    if (turn.state.running.streams.get(key) !== run || !readMore(polled)) return;
  } while (finishShards(polled));
  const untilMs = run.wait(turn.nowMs, isBlocked);
  if (untilMs !== undefined) turn.record(facts.PipeStreamWaitPlanned, { pipe: key, untilMs });
}

/** The stream was deleted, and another one has its name: it is read as a new one. What is under way ends without a trace. */
function forgetOtherStream({ turn, key }: OpenStream, { createdAtMs }: StreamView): void {
  const places = turn.state.streams.of(key);
  if (places !== undefined && places.createdAtMs !== createdAtMs) turn.state.running.streams.delete(key);
}

function beginShards({ turn, key, stream, source, streamArn, run, view }: Polled): void {
  const { streams } = turn.state;
  const { gone, begun } = shardNews(view, streams.of(key), {
    position: startingPosition(stream),
    placeOf: (shardId, start) => source.placeOf(turn, { streamArn, shardId }, start),
  });
  if (gone.length > 0) turn.record(facts.PipeShardsForgotten, { pipe: key, shards: gone });
  if (begun !== undefined) {
    turn.record(facts.PipeReadingBegan, { pipe: key, createdAtMs: view.createdAtMs, shards: begun });
  }
  const now = streams.of(key);
  if (now !== undefined) run.follow(now);
}

/** True when something is left for which there is no room. */
function startWork(polled: Polled): boolean {
  const { turn, key, run } = polled;
  const { running } = turn.state;
  for (let due = run.takeExpired(turn.nowMs); due !== undefined; due = run.takeExpired(turn.nowMs)) {
    giveUp(polled, { ...due, outcome: 'expired' });
  }
  while (running.heldCharacters < HELD_CHARACTERS_MAX) {
    const due = run.takeWork(turn.nowMs);
    if (due === undefined) return false;
    execute(polled, due);
  }
  running.crowdedOut.add(key);
  return true;
}

function execute({ turn, key, pipe, run }: Polled, { reader, work }: Due): void {
  const { shardId } = reader;
  const { region } = turn.scope;
  const events = work.records.map((record) => recordEvent(record, { pipe, shardId, region }));
  for (const { text } of events) turn.state.running.heldCharacters += text.length;
  const hiddenUntilMs = Number.POSITIVE_INFINITY;
  const batch = { kind: 'stream' as const, key, runId: run.id, shardId, work, hiddenUntilMs };
  const execution = newExecution(turn, { pipe, batch, events });
  goOnAfter(turn, execution, begin(turn, execution));
}

/** False when the source cannot be read (any more). Without anything to read nothing is asked of IAM. */
function readMore({ turn, key, pipe, stream, source, streamArn, run, view }: Polled): boolean {
  const since = readSince(stream);
  const { streams, crowdedOut } = turn.state.running;
  const room = roomFor(streams.values());
  if (room <= 0) crowdedOut.add(key);
  const wishes = run.wishes(view.shards, room);
  const poller = pollerOf(turn.state, key);
  const problem = wishes.length > 0 ? sourceProblem(turn, pipe) : undefined;
  if (problem !== undefined) {
    for (const { shardId } of wishes) run.readers.get(shardId)?.notRead();
    noteUnreadable(turn, { key, poller, reason: stoppedReason(problem) });
    return false;
  }
  for (const { shardId, wish } of wishes) {
    const reader = { service: 'pipes', subject: readSubject(run, shardId, key) };
    source.read(turn, { streamArn, shardId, ...wish, ...since, reader });
  }
  return true;
}

function finishShards({ turn, key, run }: Polled): boolean {
  const finished = run.finished();
  for (const shard of finished) turn.record(facts.PipeShardFinished, { pipe: key, shard });
  return finished.length > 0;
}
