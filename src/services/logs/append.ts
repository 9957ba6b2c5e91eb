// Writing events: shared by PutLogEvents and by services that write their own logs.

import { assert } from '#base/assert.ts';
import { utf8Length } from '#base/bytes.ts';
import type { LogAppend } from '#cell/doors.ts';
import type { Turn } from '#cell/turn.ts';
import { formatArn } from '#model/arn.ts';
import { type BlockEvent, encodeBlock } from './event-block.ts';
import { LogEventsAppended, LogEventsWritten, LogStreamCreated } from './facts.ts';
import { EVENT_BYTES_MAX, EVENT_OVERHEAD_BYTES } from './limits.ts';
import { groupKey, type LogGroupDoc, type LogStream, type LogsState } from './state.ts';
import { shipToSubscribers } from './subscriptions/ship.ts';

/** `events` are in order of time and not empty. */
export function recordEvents(
  turn: Turn<LogsState>,
  stream: LogStream,
  events: readonly BlockEvent[],
  kind: typeof LogEventsAppended | typeof LogEventsWritten = LogEventsAppended,
): void {
  const [first] = events;
  const last = events[events.length - 1];
  assert(first !== undefined && last !== undefined, 'a block has events');
  const firstSequence = turn.state.nextSequence;
  const bytes = events.reduce((sum, event) => sum + utf8Length(event.message) + EVENT_OVERHEAD_BYTES, 0);
  turn.record(kind, {
    stream: stream.id,
    payload: turn.storePayload(encodeBlock(events)),
    count: events.length,
    bytes,
    minMs: first.timestampMs,
    maxMs: last.timestampMs,
    ingestedAtMs: turn.nowMs,
  });
  turn.wake(`logs/${stream.groupId}`);
  shipToSubscribers(turn, stream, { events, firstSequence });
}

/** The door for other services: makes group and stream as AWS does when a service writes its own log. */
export function appendOwnLog(turn: Turn<LogsState>, entry: LogAppend): void {
  if (!mayAppend(turn, entry)) return;
  appendToGroup(turn, ensureGroup(turn, entry), entry);
}

/** AWS: CreateLogGroup and CreateLogStream are needed where there is none yet, PutLogEvents always. */
function mayAppend(turn: Turn<LogsState>, { scope, group, stream, principal }: LogAppend): boolean {
  if (principal === undefined) return true;
  const may = (action: string, resource: string): boolean => {
    const asked = {
      action: `logs:${action}`,
      resource: formatArn('logs', scope, resource),
      resourceAccount: scope.account,
    };
    return turn.authorize({ ...asked, principal }).isAllowed;
  };
  const known = turn.state.groups.get(groupKey(scope, group));
  if (known === undefined && !may('CreateLogGroup', `log-group:${group}:*`)) return false;
  const ofStream = `log-group:${group}:log-stream:${stream}`;
  const hasStream = known !== undefined && turn.state.findStream(known.id, stream) !== undefined;
  if (!hasStream && !may('CreateLogStream', ofStream)) return false;
  return may('PutLogEvents', ofStream);
}

/** Lines that a service writes; the stream is made when it is not there. */
export function appendToGroup(
  turn: Turn<LogsState>,
  group: LogGroupDoc,
  entry: Pick<LogAppend, 'stream' | 'events'>,
): void {
  const stream = turn.state.findStream(group.id, entry.stream) ?? createStream(turn, group, entry.stream);
  const events = entry.events
    .filter((event) => event.message !== '')
    .map(({ timestampMs, message }) => ({ timestampMs: Math.floor(timestampMs), message: cut(message) }))
    .sort((a, b) => a.timestampMs - b.timestampMs);
  if (events.length > 0) recordEvents(turn, stream, events, LogEventsWritten);
}

function ensureGroup(turn: Turn<LogsState>, { scope, group: name }: LogAppend): LogGroupDoc {
  const key = groupKey(scope, name);
  const known = turn.state.groups.get(key);
  if (known !== undefined) return known;
  const arn = formatArn('logs', scope, `log-group:${name}`);
  const doc: LogGroupDoc = { id: turn.state.nextGroupId, name, arn, createdAtMs: turn.nowMs, tags: {} };
  turn.put(turn.state.groups, key, doc);
  return doc;
}

export function createStream(turn: Turn<LogsState>, group: LogGroupDoc, streamName: string): LogStream {
  const stream = turn.state.nextStreamId;
  turn.record(LogStreamCreated, { group: group.id, stream, streamName, createdAtMs: turn.nowMs });
  return turn.state.stream(stream);
}

/** A line longer than an event may be: its beginning is kept, as AWS does with function output. */
function cut(message: string): string {
  const room = EVENT_BYTES_MAX - EVENT_OVERHEAD_BYTES;
  return utf8Length(message) <= room ? message : message.slice(0, Math.floor(room / 3));
}
