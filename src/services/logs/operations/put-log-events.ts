// PutLogEvents. Events too old or too new are left out and named by their indexes; the others are kept. The order of the
// batch, its size and its span are checked as a whole.

import { utf8Length } from '#base/bytes.ts';
import { operation } from '#cell/service-definition.ts';
import { type AwsError, isRefused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type {
  InputLogEvent,
  PutLogEventsInput,
  PutLogEventsOutput,
  RejectedLogEventsInfo,
} from '#wire/generated/logs.ts';
import { recordEvents } from '../append.ts';
import {
  batchSpansTooLong,
  batchTooLarge,
  emptyMessage,
  eventTooLarge,
  notAvailable,
  notChronological,
  streamDoesNotExist,
  validationFailed,
} from '../errors.ts';
import type { BlockEvent } from '../event-block.ts';
import { groupOf, permission, streamNameProblem } from '../find-group.ts';
import {
  AHEAD_MS_MAX,
  BATCH_BYTES_MAX,
  BATCH_EVENTS_MAX,
  BATCH_SPAN_MS_MAX,
  BEHIND_MS_MAX,
  DAY_MS,
  EVENT_BYTES_MAX,
  EVENT_OVERHEAD_BYTES,
} from '../limits.ts';
import type { LogsState } from '../state.ts';
import { SEQUENCE_TOKEN } from './streams.ts';

export const putLogEvents = operation<LogsState, PutLogEventsInput, PutLogEventsOutput>({
  authorize: (turn, input) => permission(turn, 'PutLogEvents', input),
  decide(turn, input) {
    const problem = streamNameProblem(input.logStreamName) ?? eventsProblem(input.logEvents);
    if (problem !== undefined) return refuse(problem);
    if (input.entity !== undefined) return refuse(notAvailable('entity'));
    const group = groupOf(turn, input);
    if (isRefused(group)) return group;
    const stream = turn.state.findStream(group.id, input.logStreamName as string);
    if (stream === undefined) return refuse(streamDoesNotExist());
    const events = (input.logEvents ?? []).map(({ timestamp, message }) => ({
      timestampMs: timestamp as number,
      message: message as string,
    }));
    const { accepted, rejected } = sift(events, turn.nowMs, group.retentionDays);
    if (accepted.length > 0) recordEvents(turn, stream, accepted);
    return {
      output: {
        nextSequenceToken: SEQUENCE_TOKEN,
        ...(rejected === undefined ? {} : { rejectedLogEventsInfo: rejected }),
      },
    };
  },
});

function eventsProblem(events: readonly InputLogEvent[] | undefined): AwsError | undefined {
  const validation = new Validation()
    .required('logEvents', events)
    .length('logEvents', events, { min: 1, max: BATCH_EVENTS_MAX });
  for (const [i, event] of (events ?? []).entries()) {
    validation.required(`logEvents.${i + 1}.member.timestamp`, event.timestamp);
    validation.required(`logEvents.${i + 1}.member.message`, event.message);
    validation.range(`logEvents.${i + 1}.member.timestamp`, event.timestamp, { min: 0, max: Number.MAX_SAFE_INTEGER });
  }
  if (validation.text !== undefined) return validationFailed(validation.text);
  return batchProblem(events as readonly { timestamp: number; message: string }[]);
}

function batchProblem(events: readonly { timestamp: number; message: string }[]): AwsError | undefined {
  let bytes = 0;
  let beforeMs = 0;
  for (const { timestamp, message } of events) {
    if (message === '') return emptyMessage();
    const eventBytes = utf8Length(message) + EVENT_OVERHEAD_BYTES;
    if (eventBytes > EVENT_BYTES_MAX) return eventTooLarge(eventBytes, EVENT_BYTES_MAX);
    if (timestamp < beforeMs) return notChronological();
    beforeMs = timestamp;
    bytes += eventBytes;
  }
  if (bytes > BATCH_BYTES_MAX) return batchTooLarge(bytes, BATCH_BYTES_MAX);
  const spanMs = beforeMs - (events[0]?.timestamp ?? beforeMs);
  return spanMs > BATCH_SPAN_MS_MAX ? batchSpansTooLong() : undefined;
}

/** The events are in order of time, so what is too old is at the beginning and what is too new at the end. */
function sift(events: readonly BlockEvent[], nowMs: number, retentionDays: number | undefined) {
  const expiredMs = retentionDays === undefined ? 0 : nowMs - retentionDays * DAY_MS;
  const oldMs = nowMs - BEHIND_MS_MAX;
  const newMs = nowMs + AHEAD_MS_MAX;
  const countOf = (isOut: (event: BlockEvent) => boolean): number => {
    const first = events.findIndex((event) => !isOut(event));
    return first < 0 ? events.length : first;
  };
  const oldCount = countOf((event) => event.timestampMs < oldMs);
  const expiredCount = countOf((event) => event.timestampMs < expiredMs);
  const newStart = countOf((event) => event.timestampMs <= newMs);
  const accepted = events.slice(Math.max(oldCount, expiredCount), newStart);
  const rejected: RejectedLogEventsInfo = {
    ...(newStart === events.length ? {} : { tooNewLogEventStartIndex: newStart }),
    ...(oldCount === 0 ? {} : { tooOldLogEventEndIndex: oldCount }),
    ...(expiredCount === 0 ? {} : { expiredLogEventEndIndex: expiredCount }),
  };
  return { accepted, rejected: accepted.length === events.length ? undefined : rejected };
}
