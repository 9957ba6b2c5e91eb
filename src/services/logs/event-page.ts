// One page of events out of the blocks of one or many streams, in order of time (and of arrival within a millisecond), forwards
// or backwards. Payloads are read after the decision, so the blocks are chosen first: in order of their nearest event
// until they promise enough, and only events before the next unread block's are given. Cost does not grow with what
// lies behind the page.

import type { PayloadId } from '#cell/payloads.ts';
import { decodeBlock, type StoredEvent } from './event-block.ts';
import { PAGE_BYTES_MAX } from './limits.ts';
import type { LogBlock, LogStream } from './state.ts';

/** A place between events: behind the event with this time and number. */
export interface Cursor {
  readonly ms: number;
  readonly sequence: number;
}

export interface PageQuery {
  readonly streams: Iterable<LogStream>;
  /** Included. */
  readonly startMs: number;
  /** Excluded. */
  readonly endMs: number;
  readonly isBackward: boolean;
  readonly cursor: Cursor | undefined;
  readonly countMax: number;
  /** Stop choosing blocks when they have this many bytes. */
  readonly searchBytesMax: number;
  /** Undefined: every event is wanted, so that as many blocks are read as fill the page. */
  readonly wants: ((message: string) => boolean) | undefined;
}

export interface FoundEvent extends StoredEvent {
  readonly stream: LogStream;
  readonly ingestedAtMs: number;
}

export interface Page {
  /** In the order of the query's direction. */
  readonly events: readonly FoundEvent[];
  /** Where the next page begins; undefined when nothing is behind this one. */
  readonly next: Cursor | undefined;
}

interface Candidate {
  readonly stream: LogStream;
  readonly block: LogBlock;
}

export interface PlannedPage {
  readonly reads: readonly PayloadId[];
  readonly finish: (payloads: readonly Uint8Array[]) => Page;
}

export function planPage(query: PageQuery): PlannedPage {
  const candidates = candidatesOf(query);
  const chosenCount = chooseCount(candidates, query);
  const chosen = candidates.slice(0, chosenCount);
  const rest = candidates[chosenCount];
  const boundaryMs = rest === undefined ? undefined : nearMs(rest.block, query.isBackward);
  return {
    reads: chosen.map(({ block }) => block.payload),
    finish: (payloads) => readPage(query, { chosen, boundaryMs, payloads }),
  };
}

function candidatesOf(query: PageQuery): Candidate[] {
  const { startMs, endMs, cursor, isBackward } = query;
  const fromMs = cursor === undefined || isBackward ? startMs : Math.max(startMs, cursor.ms);
  const toMs = cursor === undefined || !isBackward ? endMs : Math.min(endMs, cursor.ms + 1);
  const candidates: Candidate[] = [];
  for (const stream of query.streams) {
    for (const block of stream.blocks) {
      if (block.maxMs >= fromMs && block.minMs < toMs) candidates.push({ stream, block });
    }
  }
  const sign = isBackward ? -1 : 1;
  return candidates.sort(
    (a, b) =>
      sign * (nearMs(a.block, isBackward) - nearMs(b.block, isBackward)) ||
      sign * (a.block.firstSequence - b.block.firstSequence),
  );
}

/** Time of the block's event that comes first in the direction. */
function nearMs(block: LogBlock, isBackward: boolean): number {
  return isBackward ? block.maxMs : block.minMs;
}

function chooseCount(candidates: readonly Candidate[], query: PageQuery): number {
  const { isBackward, countMax, searchBytesMax, cursor, wants } = query;
  const first = candidates[0];
  if (first === undefined) return 0;
  const startAt = cursor?.ms ?? nearMs(first.block, isBackward);
  let count = 0;
  let bytes = 0;
  for (const [i, { block }] of candidates.entries()) {
    const near = nearMs(block, isBackward);
    // The page must get past its beginning, else the next one would be the same.
    const hasProgress = isBackward ? near < startAt : near > startAt;
    const isEnough = (wants === undefined && count > countMax) || bytes >= searchBytesMax;
    if (isEnough && hasProgress) return i;
    count += block.count;
    bytes += block.bytes;
  }
  return candidates.length;
}

interface ReadBlocks {
  readonly chosen: readonly Candidate[];
  readonly boundaryMs: number | undefined;
  readonly payloads: readonly Uint8Array[];
}

function readPage(query: PageQuery, { chosen, boundaryMs, payloads }: ReadBlocks): Page {
  const found: FoundEvent[] = [];
  for (const [i, { stream, block }] of chosen.entries()) {
    for (const event of decodeBlock(payloads[i] as Uint8Array, block)) {
      if (!isWithin(event, query, boundaryMs)) continue;
      if (query.wants?.(event.message) === false) continue;
      found.push({ ...event, stream, ingestedAtMs: block.ingestedAtMs });
    }
  }
  const sign = query.isBackward ? -1 : 1;
  found.sort((a, b) => sign * (a.timestampMs - b.timestampMs) || sign * (a.sequence - b.sequence));
  const events = takeFitting(found, query.countMax);
  const last = events[events.length - 1];
  if (events.length < found.length && last !== undefined) {
    return { events, next: { ms: last.timestampMs, sequence: last.sequence } };
  }
  if (boundaryMs === undefined) return { events, next: undefined };
  // At the boundary, before all of its own events: blocks that end short of it are done with, and must not fill the next page's choice.
  return { events, next: { ms: boundaryMs, sequence: query.isBackward ? Number.MAX_SAFE_INTEGER : -1 } };
}

function isWithin(event: StoredEvent, query: PageQuery, boundaryMs: number | undefined): boolean {
  const { timestampMs, sequence } = event;
  if (timestampMs < query.startMs || timestampMs >= query.endMs) return false;
  if (boundaryMs !== undefined && (query.isBackward ? timestampMs <= boundaryMs : timestampMs >= boundaryMs))
    return false;
  const { cursor } = query;
  if (cursor === undefined) return true;
  const order = timestampMs - cursor.ms || sequence - cursor.sequence;
  return query.isBackward ? order < 0 : order > 0;
}

function takeFitting(found: readonly FoundEvent[], countMax: number): readonly FoundEvent[] {
  let bytes = 0;
  let count = 0;
  for (const event of found) {
    bytes += event.message.length;
    if (count === countMax || (bytes > PAGE_BYTES_MAX && count > 0)) break;
    count += 1;
  }
  return found.slice(0, count);
}
