// What facts and documents do to memory. A shard that a fact names may be gone: blocks are written outside of turns.

import { assertDefined } from '#base/assert.ts';
import type { FactKind } from '#cell/fact.ts';
import type { PayloadId } from '#cell/payloads.ts';
import { type ApplyContext, bind, type FactBinding, on, type TableBinding } from '#cell/service-definition.ts';
import type { ShardDoc, StreamDoc } from './documents.ts';
import { RecordHandedOver, RecordsPut, ShardBlockPostponed, ShardBlockSealed, ShardTrimmed } from './facts.ts';
import { BLOCK_POLICY, hoursMs } from './limits.ts';
import { Shard, Stream } from './shard.ts';
import type { KinesisState } from './state.ts';

type Fact<K> = K extends FactKind<infer T> ? T : never;

/** Fresh records are old enough for a block. The subject of both is the shard's. */
export const SEAL_TIMER = 'shard-seal';
/** The oldest block has expired, or a closed shard with all it had. */
export const TRIM_TIMER = 'shard-trim';

export const payloadId = (payload: number): PayloadId => payload as PayloadId;

export function tableBindings(state: KinesisState): readonly TableBinding[] {
  return [
    bind<StreamDoc>(state.streams, (_key, before, after, context) => streamChanged(state, { before, after, context })),
    bind(state.accounts),
    bind<ShardDoc>(state.shards, (_key, before, after, context) => shardChanged(state, { before, after, context })),
  ];
}

interface Change<Doc> {
  readonly before: Doc | undefined;
  readonly after: Doc | undefined;
  readonly context: ApplyContext;
}

/** A stream's shards are put after it and dropped before it. */
function streamChanged(state: KinesisState, { before, after, context }: Change<StreamDoc>): void {
  if (after === undefined) {
    if (before !== undefined) state.contents.delete(before.number);
    return;
  }
  state.nextStream = Math.max(state.nextStream, after.number + 1);
  const known = state.contents.get(after.number);
  if (known === undefined) {
    state.contents.set(after.number, new Stream(after));
    return;
  }
  known.doc = after;
  if (before?.retentionHours === after.retentionHours) return;
  for (const shard of known.shards.values()) planTrim(known, shard, context);
}

function shardChanged(state: KinesisState, { before, after, context }: Change<ShardDoc>): void {
  const doc = assertDefined(after ?? before, 'a shard that was or is');
  const stream = state.contents.get(doc.stream);
  if (stream === undefined) return;
  stream.shardsChanged();
  const known = stream.shards.get(doc.index);
  if (after === undefined) {
    if (known !== undefined) dropShard(stream, known, context);
    return;
  }
  const shard = known ?? new Shard(after);
  shard.doc = after;
  stream.shards.set(after.index, shard);
  planTrim(stream, shard, context);
}

function dropShard(stream: Stream, shard: Shard, context: ApplyContext): void {
  const { fresh } = shard.log;
  for (let i = 0; i < fresh.count; i += 1) context.payloads.release(payloadId(fresh.at(i).payload));
  context.timers.clear(SEAL_TIMER, shard.subject);
  context.timers.clear(TRIM_TIMER, shard.subject);
  stream.shards.delete(shard.doc.index);
}

function planSeal(shard: Shard, context: ApplyContext): void {
  const dueAtMs = shard.log.sealDueAtMs(BLOCK_POLICY);
  if (dueAtMs === undefined) context.timers.clear(SEAL_TIMER, shard.subject);
  else context.timers.set(SEAL_TIMER, shard.subject, dueAtMs);
}

function planTrim({ doc }: Stream, shard: Shard, context: ApplyContext): void {
  const { closedAtMs } = shard.doc;
  const newestMs = shard.log.blocks[0]?.lastAtMs ?? closedAtMs;
  if (newestMs === undefined) context.timers.clear(TRIM_TIMER, shard.subject);
  else context.timers.set(TRIM_TIMER, shard.subject, goesAtMs(doc, newestMs));
}

/** Of a block's newest record, or of a shard that was closed without any. */
function goesAtMs({ horizonMs = 0, retentionHours }: StreamDoc, newestMs: number): number {
  return newestMs < horizonMs ? horizonMs : newestMs + hoursMs(retentionHours) + 1;
}

export function findShard(state: KinesisState, stream: number, shard: number): Shard | undefined {
  return state.contents.get(stream)?.shards.get(shard);
}

function recordsPut(state: KinesisState, fact: Fact<typeof RecordsPut>, context: ApplyContext): void {
  const shard = findShard(state, fact.stream, fact.shard);
  if (shard === undefined) return;
  const payload = payloadId(fact.payload);
  context.payloads.retain(payload);
  const { count, atMs } = fact;
  shard.log.append({ payload, count, bytes: context.payloads.lengthOf(payload), atMs });
  if (shard.log.fresh.count === 1) planSeal(shard, context);
}

function blockSealed(state: KinesisState, fact: Fact<typeof ShardBlockSealed>, context: ApplyContext): void {
  const stream = state.contents.get(fact.stream);
  const shard = stream?.shards.get(fact.shard);
  if (stream === undefined || shard === undefined) return;
  shard.log.seal(fact, (payload) => context.payloads.release(payloadId(payload)));
  planSeal(shard, context);
  planTrim(stream, shard, context);
}

function blockPostponed(_: KinesisState, fact: Fact<typeof ShardBlockPostponed>, context: ApplyContext): void {
  context.timers.set(SEAL_TIMER, `${fact.stream}/${fact.shard}`, fact.retryAtMs);
}

function trimmed(state: KinesisState, fact: Fact<typeof ShardTrimmed>, context: ApplyContext): void {
  const stream = state.contents.get(fact.stream);
  const shard = stream?.shards.get(fact.shard);
  if (stream === undefined || shard === undefined) return;
  shard.log.dropOldestBlocks(fact.blocks);
  planTrim(stream, shard, context);
}

export const factBindings: readonly FactBinding<KinesisState>[] = [
  on(RecordsPut, recordsPut),
  on(ShardBlockSealed, blockSealed),
  on(ShardBlockPostponed, blockPostponed),
  on(ShardTrimmed, trimmed),
  on(RecordHandedOver, () => {}),
];
