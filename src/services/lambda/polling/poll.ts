// The poller of an event source mapping of a queue (of a stream: ../streams): woken when its queue has something, it takes batches while the function and the
// mapping have room, and has their payloads read. Nothing of it is durable: what was taken and not deleted becomes
// visible again by the queue's visibility timeout, whatever happens here.

import type { PollSource } from '#cell/poll-source.ts';
import type { Turn } from '#cell/turn.ts';
import { parseArn } from '#model/arn.ts';
import { isRefused } from '#model/aws-error.ts';
import { scopeOf } from '#model/scope.ts';
import { BatchWindow } from '#structures/batch-window.ts';
import type { MappingDoc } from '../documents.ts';
import { BatchWindowOpened, MappingDenied } from '../facts.ts';
import { type FoundVersion, findVersion, type LambdaTurn } from '../find-function.ts';
import { hasCapacity, runningCount } from '../invoking/capacity.ts';
import { POLLERS_START } from '../limits.ts';
import { sessionOf } from '../roles.ts';
import { deniedUntilMs, deny, mayPoll } from '../source-permission.ts';
import type { LambdaState, Poller } from '../state.ts';
import { pollStream } from '../streams/poll.ts';

export interface Polled {
  readonly turn: LambdaTurn;
  readonly key: string;
  readonly mapping: MappingDoc;
  readonly source: PollSource;
  readonly found: FoundVersion;
  readonly poller: Poller;
}

/** Everything a poller works with; undefined when it has nothing to do (any more). */
export function polledOf(turn: LambdaTurn, key: string): Polled | undefined {
  const mapping = turn.state.mappings.get(key);
  if (mapping === undefined) return undefined;
  const arn = parseArn(mapping.sourceArn);
  const source = turn.doors.sources.get(arn?.service ?? '');
  const found = findVersion(turn, mapping.functionArn);
  if (source === undefined || arn === undefined || isRefused(found)) return undefined;
  const scope = scopeOf(arn.account, arn.region);
  const own = turn.within(scope, sessionOf(turn, found.doc, found.settings)) as Turn<LambdaState>;
  if (!source.exists(own, mapping.sourceArn)) return undefined;
  return { turn: own, key, mapping, source, found, poller: pollerOf(turn.state, key) };
}

function pollerOf(state: LambdaState, key: string): Poller {
  const { pollers } = state.running;
  let poller = pollers.get(key);
  if (poller === undefined) {
    poller = { inFlight: 0, limit: POLLERS_START, window: new BatchWindow(), filters: undefined };
    pollers.set(key, poller);
  }
  return poller;
}

export function poll(turn: LambdaTurn, key: string): void {
  if (turn.state.mappings.get(key)?.stream !== undefined) {
    pollStream(turn, key);
    return;
  }
  const polled = polledOf(turn, key);
  if (polled === undefined || !polled.mapping.isEnabled || deniedUntilMs(turn, key) !== undefined) return;
  while (hasRoom(polled) && isBatchDue(polled)) {
    if (!takeBatch(polled)) break;
  }
  // Idle again: the next burst begins small.
  if (polled.poller.inFlight === 0) polled.poller.limit = POLLERS_START;
}

/** The timer of a batching window: what is there now is a batch, as soon as there is room for it. */
export function windowOver(turn: LambdaTurn, key: string): void {
  const polled = polledOf(turn, key);
  if (polled === undefined) return;
  polled.poller.window.end(turn.nowMs);
  poll(turn, key);
}

function hasRoom({ turn, found, mapping, poller }: Polled): boolean {
  if (poller.inFlight >= Math.min(poller.limit, mapping.maximumConcurrency ?? poller.limit)) return false;
  // Batches being read will want to run as well.
  const reading = turn.state.running.batches.size;
  const reserved = found.doc.reservedConcurrency;
  if (reserved !== undefined && runningCount(turn.state, found.key) + reading >= reserved) return false;
  return hasCapacity(turn.state, found.key, found.doc);
}

/** Without a window at once; with one, when a batch is full, else a window is opened at the first message. */
function isBatchDue({ turn, key, mapping, source, poller }: Polled): boolean {
  if (mapping.windowSeconds === 0) return true;
  const look = poller.window.look({
    visibleCount: source.readiness(turn, mapping.sourceArn).visibleCount,
    batchSize: mapping.batchSize,
    windowMs: mapping.windowSeconds * 1000,
    nowMs: turn.nowMs,
  });
  if (typeof look === 'object') turn.record(BatchWindowOpened, { mapping: key, untilMs: look.openedUntilMs });
  return look === 'due';
}

function takeBatch({ turn, key, mapping, source, poller }: Polled): boolean {
  // Without anything to take nobody is asked: what would be noted says nothing about a message.
  if (source.readiness(turn, mapping.sourceArn).visibleCount === 0) return false;
  if (!mayPoll(turn, source, mapping.sourceArn)) {
    turn.record(MappingDenied, { mapping: key, untilMs: deny(turn, key) });
    return false;
  }
  const messages = source.receive(turn, mapping.sourceArn, { countMax: mapping.batchSize });
  if (messages.length === 0) return false;
  const { running } = turn.state;
  const id = String(running.nextId);
  running.nextId += 1;
  running.batches.set(id, { mappingKey: key, messages });
  poller.inFlight += 1;
  turn.perform({
    performer: 'read-payloads',
    input: null,
    payloads: messages.map((message) => message.payload),
    then: { reaction: 'batch-read', subject: id },
  });
  return true;
}
