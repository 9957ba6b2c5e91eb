// What facts and documents do to memory: packs come to lanes and leave them, and every lane has one timer, for when it is next looked at.

import type { FactKind } from '#cell/fact.ts';
import type { PayloadId } from '#cell/payloads.ts';
import { type ApplyContext, bind, type FactBinding, on, type TableBinding } from '#cell/service-definition.ts';
import type { StreamDoc } from './documents.ts';
import * as facts from './facts.ts';
import { BLOCK_POLICY } from './limits.ts';
import { planOf } from './plan.ts';
import {
  type FirehoseState,
  isEmpty,
  LANES,
  type Lane,
  type LaneName,
  laneOf,
  type StreamContent,
  subjectOf,
} from './state.ts';

type Fact<K> = K extends FactKind<infer T> ? T : never;

/** A lane is to be looked at: its buffer is full or old enough, or a retry is due. */
export const FLUSH_TIMER = 'flush';
/** Packs are old enough for a block. */
export const SEAL_TIMER = 'seal';
/** The source may have something to read; the subject is the stream's number. */
export const SOURCE_TIMER = 'source';

export function tableBindings(state: FirehoseState): readonly TableBinding[] {
  return [bind<StreamDoc>(state.streams, (_key, before, after, context) => changed(state, { before, after, context }))];
}

function changed(
  state: FirehoseState,
  change: { before: StreamDoc | undefined; after: StreamDoc | undefined; context: ApplyContext },
): void {
  const { before, after, context } = change;
  if (after === undefined) {
    const content = before === undefined ? undefined : state.contents.get(before.number);
    if (content !== undefined) dropContent(state, content, context);
    return;
  }
  state.nextNumber = Math.max(state.nextNumber, after.number + 1);
  const content = state.contents.get(after.number);
  const plan = planOf(after);
  if (content === undefined) {
    const made: StreamContent = { number: after.number, doc: after, plan, lanes: new Map(), shards: new Map() };
    state.contents.set(after.number, made);
    if (after.source !== undefined) {
      context.timers.set(SOURCE_TIMER, String(after.number), after.createdAtMs);
      context.watch(after.source.wakeKey, SOURCE_TIMER, String(after.number));
    }
    return;
  }
  content.doc = after;
  content.plan = plan;
  for (const lane of content.lanes.values()) planFlush(content, lane, context);
}

function dropContent(state: FirehoseState, content: StreamContent, context: ApplyContext): void {
  for (const lane of content.lanes.values()) {
    const { fresh } = lane.log;
    for (let i = 0; i < fresh.count; i += 1) context.payloads.release(fresh.at(i).payload as PayloadId);
    releaseHeld(lane, context);
    context.timers.clear(FLUSH_TIMER, subjectOf(content.number, lane.name));
    context.timers.clear(SEAL_TIMER, subjectOf(content.number, lane.name));
  }
  context.timers.clear(SOURCE_TIMER, String(content.number));
  const { source } = content.doc;
  if (source !== undefined) context.unwatch(source.wakeKey, SOURCE_TIMER, String(content.number));
  state.contents.delete(content.number);
}

interface Appended {
  readonly payload: number;
  readonly bytes: number;
  readonly atMs: number;
}

function append(
  content: StreamContent,
  name: LaneName,
  { appended, context }: { appended: Appended; context: ApplyContext },
): void {
  const lane = laneOf(content, name);
  context.payloads.retain(appended.payload as PayloadId);
  lane.log.append({ ...appended, timeMs: appended.atMs });
  planFlush(content, lane, context);
  const { count } = lane.log.fresh;
  if (count === 1 || count === BLOCK_POLICY.countMax) planSeal(content, lane, context);
}

/** When a lane is next looked at. */
function planFlush(content: StreamContent, lane: Lane, { timers }: ApplyContext): void {
  const subject = subjectOf(content.number, lane.name);
  const dueAtMs = dueOf(content, lane);
  if (dueAtMs === undefined) timers.clear(FLUSH_TIMER, subject);
  else timers.set(FLUSH_TIMER, subject, dueAtMs);
}

/** Undefined: nothing waits. */
export function dueOf({ plan }: StreamContent, lane: Lane): number | undefined {
  const { log, trouble, held, copy, splunk } = lane;
  if (isEmpty(lane)) return undefined;
  if (splunk !== undefined) return splunk.askAtMs;
  if (trouble !== undefined) return trouble.retryAtMs;
  const oldestAtMs = log.blocks[0]?.firstAtMs ?? (log.fresh.count > 0 ? log.fresh.at(0).atMs : 0);
  if (held !== undefined || copy !== undefined) return oldestAtMs;
  const { sizeBytes, intervalMs } = plan.bufferOf(lane.name);
  return log.bytes >= sizeBytes ? oldestAtMs : oldestAtMs + intervalMs;
}

function planSeal({ number }: StreamContent, { log, name }: Lane, { timers }: ApplyContext): void {
  const dueAtMs = log.fresh.count >= BLOCK_POLICY.countMax ? log.fresh.at(0).atMs : log.sealDueAtMs(BLOCK_POLICY);
  if (dueAtMs === undefined) timers.clear(SEAL_TIMER, subjectOf(number, name));
  else timers.set(SEAL_TIMER, subjectOf(number, name), dueAtMs);
}

/** Only what is fresh is released here: blocks are blobs, deleted by whoever decided. */
function dropBefore(lane: Lane, endSequence: number, { payloads }: ApplyContext): void {
  const { log } = lane;
  let blocks = 0;
  for (const block of log.blocks) if (block.firstSequence + block.count <= endSequence) blocks += 1;
  const count = Math.max(0, endSequence - log.sealedEnd);
  log.dropOldestBlocks(blocks);
  for (let i = 0; i < count; i += 1) payloads.release(log.fresh.at(i).payload as PayloadId);
  log.fresh.dropOldest(count);
}

function releaseHeld(lane: Lane, { payloads }: ApplyContext): void {
  for (const pack of lane.held?.packs ?? []) payloads.release(pack);
  lane.held = undefined;
}

function onLane<T extends { readonly stream: number; readonly lane: number }>(
  apply: (found: { readonly content: StreamContent; readonly lane: Lane }, fact: T, context: ApplyContext) => void,
) {
  return ({ contents }: FirehoseState, fact: T, context: ApplyContext): void => {
    const content = contents.get(fact.stream);
    const lane = content?.lanes.get(LANES[fact.lane] as LaneName);
    if (content !== undefined && lane !== undefined) apply({ content, lane }, fact, context);
  };
}

function recordsCame(
  content: StreamContent,
  fact: {
    readonly payload: number;
    readonly bytes: number;
    readonly atMs: number;
    readonly lane: number;
    readonly hasBackup: boolean;
  },
  context: ApplyContext,
): void {
  const { payload, bytes, atMs } = fact;
  const given = { appended: { payload, bytes, atMs }, context };
  append(content, LANES[fact.lane] as LaneName, given);
  if (fact.hasBackup) append(content, 'backup', given);
}

function recordsPut({ contents }: FirehoseState, fact: Fact<typeof facts.RecordsPut>, context: ApplyContext): void {
  const content = contents.get(fact.stream);
  if (content !== undefined) recordsCame(content, fact, context);
}

function sourceRead(
  { contents }: FirehoseState,
  fact: Fact<typeof facts.SourceRecordsRead>,
  context: ApplyContext,
): void {
  const content = contents.get(fact.stream);
  if (content === undefined) return;
  content.shards.set(fact.shard, { next: fact.next, isEnd: fact.isEnd });
  const { payload } = fact;
  if (payload !== undefined) recordsCame(content, { ...fact, payload }, context);
}

function transformed(
  { contents }: FirehoseState,
  { stream, payload, bytes, atMs }: Fact<typeof facts.RecordsTransformed>,
  context: ApplyContext,
): void {
  const content = contents.get(stream);
  if (content !== undefined) append(content, 'deliver', { appended: { payload, bytes, atMs }, context });
}

function forgetAttempts(lane: Lane): void {
  lane.trouble = undefined;
  lane.splunk = undefined;
  lane.copy = undefined;
}

/** The source is not read further than some buffers ahead: there may be room again. */
function readOn({ doc, number }: StreamContent, atMs: number, { timers }: ApplyContext): void {
  if (doc.source !== undefined) timers.set(SOURCE_TIMER, String(number), atMs);
}

export const factBindings: readonly FactBinding<FirehoseState>[] = [
  on(facts.RecordsPut, recordsPut),
  on(facts.SourceRecordsRead, sourceRead),
  on(facts.RecordsTransformed, transformed),
  on(
    facts.BatchEnded,
    onLane(({ content, lane }, fact, context) => {
      releaseHeld(lane, context);
      dropBefore(lane, fact.endSequence, context);
      forgetAttempts(lane);
      planFlush(content, lane, context);
      planSeal(content, lane, context);
      readOn(content, fact.atMs, context);
    }),
  ),
  on(
    facts.BatchFailed,
    onLane(({ content, lane }, fact, context) => {
      const { stream: _stream, lane: _lane, ...trouble } = fact;
      lane.trouble = trouble;
      lane.splunk = undefined;
      planFlush(content, lane, context);
    }),
  ),
  on(
    facts.BatchNarrowed,
    onLane(({ content, lane }, fact, context) => {
      const packs = fact.packs as readonly number[] as readonly PayloadId[];
      for (const pack of packs) context.payloads.retain(pack);
      releaseHeld(lane, context);
      dropBefore(lane, fact.endSequence, context);
      lane.held = { packs, bytes: fact.bytes };
      planFlush(content, lane, context);
      planSeal(content, lane, context);
    }),
  ),
  on(
    facts.SplunkBatchSent,
    onLane(({ content, lane }, { endSequence, requestId, ackId, sentAtMs, askAtMs }, context) => {
      lane.splunk = { endSequence, requestId, ackId, sentAtMs, askAtMs };
      planFlush(content, lane, context);
    }),
  ),
  on(
    facts.SplunkAsked,
    onLane(({ content, lane }, { askAtMs }, context) => {
      if (lane.splunk !== undefined) lane.splunk.askAtMs = askAtMs;
      planFlush(content, lane, context);
    }),
  ),
  on(
    facts.CopyPlanned,
    onLane(({ content, lane }, { endSequence, manifestUrl, objects, atMs }, context) => {
      dropBefore(lane, endSequence, context);
      forgetAttempts(lane);
      lane.copy = { manifestUrl, objects };
      planFlush(content, lane, context);
      planSeal(content, lane, context);
      readOn(content, atMs, context);
    }),
  ),
  on(
    facts.BufferBlockSealed,
    onLane(({ content, lane }, { count, storedBytes }, context) => {
      const sealed = { count, hasJoined: false, storedBytes };
      lane.log.seal(sealed, (payload) => context.payloads.release(payload as PayloadId));
      planSeal(content, lane, context);
    }),
  ),
  on(
    facts.BufferBlockPostponed,
    onLane(({ content, lane }, { retryAtMs }, { timers }) => {
      timers.set(SEAL_TIMER, subjectOf(content.number, lane.name), retryAtMs);
    }),
  ),
  on(facts.RecordHandedOver, () => {}),
  on(facts.SourcePaused, ({ contents }, { stream, untilMs }, { timers }) => {
    if (contents.has(stream)) timers.set(SOURCE_TIMER, String(stream), untilMs);
  }),
];
