// What facts and documents of archives do to memory. An archive's number that a fact names may be gone: blocks are written outside of turns.

import type { FactKind } from '#cell/fact.ts';
import { type ApplyContext, type FactBinding, on } from '#cell/service-definition.ts';
import type { EventsState } from '../state.ts';
import type { ArchiveDoc } from './documents.ts';
import { ArchiveBlockPostponed, ArchiveBlockSealed, ArchiveTrimmed, EventArchived } from './facts.ts';
import { BLOCK_POLICY, DAY_MS } from './limits.ts';
import { type ArchiveContent, newContent, payloadId } from './state.ts';

type Fact<K> = K extends FactKind<infer T> ? T : never;

/** Fresh events are old enough for a block. The subject of both is the archive's number. */
export const SEAL_TIMER = 'archive-seal';
/** The oldest block has expired. */
export const TRIM_TIMER = 'archive-trim';

export function archiveChanged({ archives }: EventsState) {
  return (_key: string, before: ArchiveDoc | undefined, after: ArchiveDoc | undefined, context: ApplyContext): void => {
    if (after === undefined) {
      const content = before === undefined ? undefined : archives.contents.get(before.number);
      if (content !== undefined) dropContent(archives, content, context);
      return;
    }
    const content = archives.contents.get(after.number) ?? newContent(after);
    archives.byRule.delete(content.doc.ruleNumber);
    content.doc = after;
    archives.contents.set(after.number, content);
    archives.byRule.set(after.ruleNumber, content);
    archives.nextArchive = Math.max(archives.nextArchive, after.number + 1);
    planTrim(content, context);
  };
}

function dropContent({ contents, byRule }: EventsState['archives'], content: ArchiveContent, context: ApplyContext) {
  const { fresh } = content.log;
  for (let i = 0; i < fresh.count; i += 1) context.payloads.release(payloadId(fresh.at(i).payload));
  context.timers.clear(SEAL_TIMER, String(content.number));
  context.timers.clear(TRIM_TIMER, String(content.number));
  contents.delete(content.number);
  byRule.delete(content.doc.ruleNumber);
}

function planSeal({ log, number }: ArchiveContent, context: ApplyContext): void {
  const dueAtMs = log.sealDueAtMs(BLOCK_POLICY);
  if (dueAtMs === undefined) context.timers.clear(SEAL_TIMER, String(number));
  else context.timers.set(SEAL_TIMER, String(number), dueAtMs);
}

function planTrim({ log, number, doc }: ArchiveContent, context: ApplyContext): void {
  const oldest = log.blocks[0];
  if (oldest === undefined || doc.retentionDays === 0) context.timers.clear(TRIM_TIMER, String(number));
  else context.timers.set(TRIM_TIMER, String(number), oldest.lastAtMs + doc.retentionDays * DAY_MS + 1);
}

function eventArchived({ archives }: EventsState, fact: Fact<typeof EventArchived>, context: ApplyContext): void {
  const content = archives.contents.get(fact.archive);
  if (content === undefined) return;
  const payload = payloadId(fact.payload);
  context.payloads.retain(payload);
  const { atMs, timeMs } = fact;
  content.log.append({ payload, bytes: context.payloads.lengthOf(payload), atMs, timeMs });
  if (content.log.fresh.count === 1) planSeal(content, context);
}

function blockSealed({ archives }: EventsState, fact: Fact<typeof ArchiveBlockSealed>, context: ApplyContext): void {
  const content = archives.contents.get(fact.archive);
  if (content === undefined) return;
  content.log.seal(fact, (payload) => context.payloads.release(payloadId(payload)));
  planSeal(content, context);
  planTrim(content, context);
}

function blockPostponed(_: EventsState, fact: Fact<typeof ArchiveBlockPostponed>, context: ApplyContext): void {
  context.timers.set(SEAL_TIMER, String(fact.archive), fact.retryAtMs);
}

function trimmed({ archives }: EventsState, fact: Fact<typeof ArchiveTrimmed>, context: ApplyContext): void {
  const content = archives.contents.get(fact.archive);
  if (content === undefined) return;
  content.log.dropOldestBlocks(fact.blocks);
  planTrim(content, context);
}

export const archiveFacts: readonly FactBinding<EventsState>[] = [
  on(EventArchived, eventArchived),
  on(ArchiveBlockSealed, blockSealed),
  on(ArchiveBlockPostponed, blockPostponed),
  on(ArchiveTrimmed, trimmed),
];
