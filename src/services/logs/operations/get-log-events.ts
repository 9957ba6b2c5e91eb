// GetLogEvents: one stream, page by page in both directions. At an end the token that was given comes back, so that a
// client which compares tokens stops.

import { operation } from '#cell/service-definition.ts';
import { type AwsError, isRefused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type { GetLogEventsInput, GetLogEventsOutput } from '#wire/generated/logs.ts';
import { invalidNextToken, notAvailable, streamDoesNotExist, validationFailed } from '../errors.ts';
import { formatEventToken, parseEventToken } from '../event-id.ts';
import { type Cursor, type Page, planPage } from '../event-page.ts';
import { groupOf, permission, streamNameProblem } from '../find-group.ts';
import { DAY_MS, PAGE_BYTES_MAX, PAGE_EVENTS_MAX } from '../limits.ts';
import type { LogsState } from '../state.ts';

export const getLogEvents = operation<LogsState, GetLogEventsInput, GetLogEventsOutput>({
  authorize: (turn, input) => permission(turn, 'GetLogEvents', input),
  decide(turn, input) {
    const problem = problemOf(input);
    if (problem !== undefined) return refuse(problem);
    const group = groupOf(turn, input);
    if (isRefused(group)) return group;
    const stream = turn.state.findStream(group.id, input.logStreamName as string);
    if (stream === undefined) return refuse(streamDoesNotExist());
    const token = input.nextToken === undefined ? undefined : parseEventToken(input.nextToken);
    if (input.nextToken !== undefined && token === undefined) return refuse(invalidNextToken());
    const isBackward = token === undefined ? input.startFromHead !== true : token.isBackward;
    const { retentionDays } = group;
    const keptFromMs = retentionDays === undefined ? 0 : turn.nowMs - retentionDays * DAY_MS;
    const { reads, finish } = planPage({
      streams: [stream],
      startMs: Math.max(keptFromMs, input.startTime ?? 0),
      endMs: input.endTime ?? Number.POSITIVE_INFINITY,
      isBackward,
      cursor: token?.cursor,
      countMax: input.limit ?? PAGE_EVENTS_MAX,
      searchBytesMax: 2 * PAGE_BYTES_MAX,
      wants: undefined,
    });
    return { reads, output: (payloads) => render(finish(payloads), isBackward, token?.cursor) };
  },
});

function problemOf(input: GetLogEventsInput): AwsError | undefined {
  const problem = new Validation()
    .range('limit', input.limit, { min: 1, max: PAGE_EVENTS_MAX })
    .range('startTime', input.startTime, { min: 0, max: Number.MAX_SAFE_INTEGER })
    .range('endTime', input.endTime, { min: 0, max: Number.MAX_SAFE_INTEGER }).text;
  if (problem !== undefined) return validationFailed(problem);
  if (input.unmask === true) return notAvailable('unmask');
  return streamNameProblem(input.logStreamName);
}

const NO_EVENTS_YET: Cursor = { ms: 0, sequence: 0 };

function render(page: Page, isBackward: boolean, given: Cursor | undefined): GetLogEventsOutput {
  const events = isBackward ? [...page.events].reverse() : page.events;
  const first = events[0];
  const last = events[events.length - 1];
  const ahead = page.next ?? given ?? NO_EVENTS_YET;
  const start = first === undefined ? ahead : { ms: first.timestampMs, sequence: first.sequence };
  const end = last === undefined ? ahead : { ms: last.timestampMs, sequence: last.sequence };
  return {
    events: events.map(({ timestampMs, message, ingestedAtMs }) => ({
      timestamp: timestampMs,
      message,
      ingestionTime: ingestedAtMs,
    })),
    nextForwardToken: formatEventToken({ isBackward: false, cursor: isBackward ? end : (page.next ?? end) }),
    nextBackwardToken: formatEventToken({ isBackward: true, cursor: isBackward ? (page.next ?? start) : start }),
  };
}
