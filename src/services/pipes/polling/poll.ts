// The poller of a pipe that reads a queue (of one that reads a stream: ../streams): woken when its queue has something, it takes batches while there is room, and has their messages' bodies read. Nothing of it is durable:
// what was taken and not deleted becomes visible again by the queue's visibility timeout, whatever happens here.

import { isPolling } from '../documents.ts';
import { stoppedReason } from '../errors.ts';
import { PipeBatchTaken, PipePaused, PipeWindowOpened } from '../facts.ts';
import { sourceProblem } from '../health.ts';
import { BATCHES_START, HELD_CHARACTERS_MAX, UNREADABLE_RETRY_MS } from '../limits.ts';
import type { Batch, PipesTurn, Poller } from '../state.ts';
import { pollStream } from '../streams/poll.ts';
import { readOn } from './read.ts';
import { type OpenSource, openSource, pollerOf } from './source.ts';

interface Polled extends OpenSource {
  readonly key: string;
  readonly poller: Poller;
}

export function poll(turn: PipesTurn, key: string): void {
  const pipe = turn.state.pipes.get(key);
  if (pipe === undefined || !isPolling(pipe)) return;
  if (pipe.source.stream !== undefined) {
    pollStream(turn, key, pipe);
    return;
  }
  const poller = pollerOf(turn.state, key);
  if (turn.nowMs < poller.pausedUntilMs || poller.inFlight >= poller.limit) return;
  const open = openSource(turn, pipe);
  // Without anything to take nothing is asked of IAM, unless it was found wanting.
  const isIdle = open !== undefined && open.source.readiness(open.turn, pipe.sourceArn).visibleCount === 0;
  if (isIdle && poller.problem === undefined) return;
  const problem = sourceProblem(turn, pipe);
  if (problem !== undefined || open === undefined) {
    noteUnreadable(turn, { key, poller, reason: stoppedReason(problem ?? { kind: 'gone' }) });
    return;
  }
  poller.problem = undefined;
  takeBatches({ ...open, key, poller });
}

function takeBatches(polled: Polled): void {
  const { poller } = polled;
  while (hasRoom(polled) && isBatchDue(polled)) {
    if (!takeBatch(polled)) break;
  }
  // Idle again: the next burst begins small.
  if (poller.inFlight === 0 && poller.failuresInRow === 0) poller.limit = BATCHES_START;
}

export function noteUnreadable(
  turn: PipesTurn,
  { key, poller, reason }: { readonly key: string; readonly poller: Poller; readonly reason: string },
): void {
  poller.problem = reason;
  poller.pausedUntilMs = turn.nowMs + UNREADABLE_RETRY_MS;
  turn.record(PipePaused, { pipe: key, untilMs: poller.pausedUntilMs, reason });
}

/** The timer of a batching window: what is there now is a batch, as soon as there is room for it. */
export function windowOver(turn: PipesTurn, key: string): void {
  turn.state.running.pollers.get(key)?.window.end(turn.nowMs);
  poll(turn, key);
}

function hasRoom({ turn, key, poller }: Polled): boolean {
  if (poller.inFlight >= poller.limit) return false;
  const { running } = turn.state;
  if (running.heldCharacters < HELD_CHARACTERS_MAX) return true;
  running.crowdedOut.add(key);
  return false;
}

function isBatchDue({ turn, key, pipe, source, poller }: Polled): boolean {
  const { windowSeconds = 0, batchSize } = pipe.source;
  if (windowSeconds === 0) return true;
  const { visibleCount } = source.readiness(turn, pipe.sourceArn);
  const look = poller.window.look({ visibleCount, batchSize, windowMs: windowSeconds * 1000, nowMs: turn.nowMs });
  if (typeof look === 'object') turn.record(PipeWindowOpened, { pipe: key, untilMs: look.openedUntilMs });
  return look === 'due';
}

function takeBatch({ turn, key, pipe, source, poller }: Polled): boolean {
  const messages = source.receive(turn, pipe.sourceArn, { countMax: pipe.source.batchSize });
  if (messages.length === 0) return false;
  const { running } = turn.state;
  const hiddenSeconds = source.describe(turn, pipe.sourceArn)?.visibilityTimeoutSeconds ?? 0;
  const batch: Batch = {
    kind: 'queue',
    number: String(running.nextBatch),
    key,
    messages,
    takenAtMs: turn.nowMs,
    hiddenUntilMs: turn.nowMs + hiddenSeconds * 1000,
    next: 0,
    piece: [],
    pieceBytes: 0,
    failedGroups: new Set(),
  };
  running.nextBatch += 1;
  poller.inFlight += 1;
  turn.record(PipeBatchTaken, { pipe: key, messageIds: messages.map(({ messageId }) => messageId) });
  readOn(turn, batch);
  return true;
}
