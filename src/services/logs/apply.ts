// What facts and group documents do to memory. Total: a stream or group that a fact names exists.

import type { FactKind } from '#cell/fact.ts';
import type { PayloadId } from '#cell/payloads.ts';
import { type ApplyContext, type FactBinding, on } from '#cell/service-definition.ts';
import {
  LogEventsAppended,
  LogEventsTrimmed,
  LogEventsWritten,
  LogLineTaken,
  LogStreamCreated,
  LogStreamDeleted,
} from './facts.ts';
import { DAY_MS } from './limits.ts';
import { objectFacts } from './objects/apply.ts';
import type { GroupContent, LogGroupDoc, LogStream, LogsState } from './state.ts';

type Fact<K> = K extends FactKind<infer T> ? T : never;

/** The timer that looks for events older than the retention; its subject is the group's number. */
export const TRIM_TIMER = 'trim';

export function groupChanged(state: LogsState) {
  return (
    key: string,
    before: LogGroupDoc | undefined,
    after: LogGroupDoc | undefined,
    context: ApplyContext,
  ): void => {
    if (after === undefined) {
      if (before !== undefined) dropContent(state, state.content(before.id), context);
      return;
    }
    let content = state.contents.get(after.id);
    if (content === undefined) {
      content = { id: after.id, key, streams: new Map(), storedBytes: 0, trimAtMs: undefined };
      state.contents.set(after.id, content);
      state.nextGroupId = Math.max(state.nextGroupId, after.id + 1);
    }
    if (before?.retentionDays === after.retentionDays) return;
    planTrim(content, after.retentionDays === undefined ? undefined : after.retentionChangedAtMs, context);
  };
}

function planTrim(content: GroupContent, atMs: number | undefined, context: ApplyContext): void {
  content.trimAtMs = atMs;
  if (atMs === undefined) context.timers.clear(TRIM_TIMER, String(content.id));
  else context.timers.set(TRIM_TIMER, String(content.id), atMs);
}

function dropContent(state: LogsState, content: GroupContent, context: ApplyContext): void {
  for (const stream of content.streams.values()) dropStream(state, stream, context);
  context.timers.clear(TRIM_TIMER, String(content.id));
  state.contents.delete(content.id);
}

function dropStream(state: LogsState, stream: LogStream, context: ApplyContext): void {
  for (const { payload } of stream.blocks) context.payloads.release(payload);
  state.streams.delete(stream.id);
}

function streamCreated(state: LogsState, fact: Fact<typeof LogStreamCreated>): void {
  const stream: LogStream = {
    id: fact.stream,
    groupId: fact.group,
    name: fact.streamName,
    createdAtMs: fact.createdAtMs,
    firstEventMs: undefined,
    lastEventMs: undefined,
    lastIngestedMs: undefined,
    storedBytes: 0,
    blocks: [],
  };
  addStream(state, stream);
}

export function addStream(state: LogsState, stream: LogStream): void {
  state.content(stream.groupId).streams.set(stream.name, stream);
  state.streams.set(stream.id, stream);
  state.nextStreamId = Math.max(state.nextStreamId, stream.id + 1);
}

function streamDeleted(state: LogsState, fact: Fact<typeof LogStreamDeleted>, context: ApplyContext): void {
  const stream = state.stream(fact.stream);
  const content = state.content(stream.groupId);
  content.streams.delete(stream.name);
  content.storedBytes -= stream.storedBytes;
  dropStream(state, stream, context);
}

function eventsAppended(state: LogsState, fact: Fact<typeof LogEventsAppended>, context: ApplyContext): void {
  const { count, bytes, minMs, maxMs, ingestedAtMs } = fact;
  const payload = fact.payload as PayloadId;
  const stream = state.stream(fact.stream);
  const content = state.content(stream.groupId);
  context.payloads.retain(payload);
  stream.blocks.push({ payload, firstSequence: state.nextSequence, count, bytes, minMs, maxMs, ingestedAtMs });
  state.nextSequence += count;
  stream.firstEventMs = Math.min(stream.firstEventMs ?? minMs, minMs);
  stream.lastEventMs = Math.max(stream.lastEventMs ?? maxMs, maxMs);
  stream.lastIngestedMs = ingestedAtMs;
  stream.storedBytes += bytes;
  content.storedBytes += bytes;
  const retentionDays = state.groups.get(content.key)?.retentionDays;
  if (retentionDays === undefined || content.trimAtMs !== undefined) return;
  planTrim(content, ingestedAtMs + retentionDays * DAY_MS, context);
}

function eventsTrimmed(state: LogsState, fact: Fact<typeof LogEventsTrimmed>, context: ApplyContext): void {
  const content = state.content(fact.group);
  for (const stream of content.streams.values()) {
    const kept = stream.blocks.filter((block) => block.maxMs >= fact.beforeMs);
    if (kept.length === stream.blocks.length) continue;
    for (const block of stream.blocks) {
      if (block.maxMs >= fact.beforeMs) continue;
      context.payloads.release(block.payload);
      stream.storedBytes -= block.bytes;
      content.storedBytes -= block.bytes;
    }
    stream.blocks = kept;
  }
  planTrim(content, fact.nextTrimAtMs, context);
}

export const factBindings: readonly FactBinding<LogsState>[] = [
  on(LogStreamCreated, streamCreated),
  on(LogStreamDeleted, streamDeleted),
  on(LogEventsAppended, eventsAppended),
  on(LogEventsWritten, eventsAppended),
  on(LogEventsTrimmed, eventsTrimmed),
  on(LogLineTaken, () => {}),
  ...objectFacts,
];
