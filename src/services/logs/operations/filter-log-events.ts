// FilterLogEvents: all streams of a group, or some, interleaved by time. A page looks through a bounded amount of data, so
// it may be empty and still have a next one, as with AWS.

import { operation } from '#cell/service-definition.ts';
import { type AwsError, isRefused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type { FilteredLogEvent, FilterLogEventsInput, FilterLogEventsOutput } from '#wire/generated/logs.ts';
import {
  invalidNextToken,
  invalidParameter,
  namesAndPrefix,
  notAvailable,
  streamDoesNotExist,
  validationFailed,
} from '../errors.ts';
import { formatEventId } from '../event-id.ts';
import { type Cursor, type FoundEvent, planPage } from '../event-page.ts';
import { compileFilterPattern, PATTERN_LENGTH_MAX } from '../filter-pattern/filter-pattern.ts';
import { groupOf, type LogsTurn, permission } from '../find-group.ts';
import { DAY_MS, PAGE_EVENTS_MAX, SEARCH_BYTES_MAX } from '../limits.ts';
import { decodeToken, encodeToken } from '../page-token.ts';
import type { LogGroupDoc, LogStream, LogsState } from '../state.ts';

export const filterLogEvents = operation<LogsState, FilterLogEventsInput, FilterLogEventsOutput>({
  authorize: (turn, input) => permission(turn, 'FilterLogEvents', input),
  decide(turn, input) {
    const problem = problemOf(input);
    if (problem !== undefined) return refuse(problem);
    const group = groupOf(turn, input);
    if (isRefused(group)) return group;
    const streams = streamsOf(turn, group, input);
    if (streams === undefined) return refuse(streamDoesNotExist());
    const compiled = compileFilterPattern(input.filterPattern ?? '');
    if ('problem' in compiled) return refuse(invalidParameter(compiled.problem));
    const question = questionOf(group, input);
    const cursor = input.nextToken === undefined ? undefined : decodeToken<Cursor>(turn, question, input.nextToken);
    if (input.nextToken !== undefined && cursor === undefined) return refuse(invalidNextToken());
    const keptFromMs = group.retentionDays === undefined ? 0 : turn.nowMs - group.retentionDays * DAY_MS;
    const { reads, finish } = planPage({
      streams,
      startMs: Math.max(keptFromMs, input.startTime ?? 0),
      endMs: input.endTime === undefined ? Number.POSITIVE_INFINITY : input.endTime + 1,
      isBackward: input.startFromHead === false,
      cursor,
      countMax: input.limit ?? PAGE_EVENTS_MAX,
      searchBytesMax: SEARCH_BYTES_MAX,
      wants: (input.filterPattern ?? '').trim() === '' ? undefined : compiled.test,
    });
    return {
      reads,
      output(payloads) {
        const page = finish(payloads);
        return {
          events: page.events.map(render),
          searchedLogStreams: [],
          ...(page.next === undefined ? {} : { nextToken: encodeToken(turn, question, page.next) }),
        };
      },
    };
  },
});

function problemOf(input: FilterLogEventsInput): AwsError | undefined {
  const time = { min: 0, max: Number.MAX_SAFE_INTEGER };
  const problem = new Validation()
    .range('limit', input.limit, { min: 1, max: PAGE_EVENTS_MAX })
    .range('startTime', input.startTime, time)
    .range('endTime', input.endTime, time)
    .length('filterPattern', input.filterPattern, { max: PATTERN_LENGTH_MAX })
    .length('logStreamNames', input.logStreamNames, { min: 1, max: 100 }).text;
  if (problem !== undefined) return validationFailed(problem);
  if (input.unmask === true) return notAvailable('unmask');
  const hasBoth = input.logStreamNames !== undefined && input.logStreamNamePrefix !== undefined;
  return hasBoth ? namesAndPrefix() : undefined;
}

/** Undefined when a stream that was named does not exist. */
function streamsOf(turn: LogsTurn, group: LogGroupDoc, input: FilterLogEventsInput): LogStream[] | undefined {
  const { streams } = turn.state.content(group.id);
  if (input.logStreamNames === undefined) {
    const prefix = input.logStreamNamePrefix ?? '';
    return [...streams.values()].filter((stream) => stream.name.startsWith(prefix));
  }
  const named = input.logStreamNames.map((name) => streams.get(name));
  return named.every((stream) => stream !== undefined) ? named : undefined;
}

function questionOf(group: LogGroupDoc, input: FilterLogEventsInput): unknown {
  const { logStreamNames = null, logStreamNamePrefix = null, filterPattern = null, startTime = null } = input;
  const { endTime = null, startFromHead = true } = input;
  return ['events', group.id, logStreamNames, logStreamNamePrefix, filterPattern, startTime, endTime, startFromHead];
}

function render(event: FoundEvent): FilteredLogEvent {
  return {
    logStreamName: event.stream.name,
    timestamp: event.timestampMs,
    message: event.message,
    ingestionTime: event.ingestedAtMs,
    eventId: formatEventId({ ms: event.timestampMs, sequence: event.sequence }),
  };
}
