// CreateLogStream, DeleteLogStream, DescribeLogStreams.

import { operation } from '#cell/service-definition.ts';
import { type AwsError, isRefused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type {
  CreateLogStreamInput,
  DeleteLogStreamInput,
  DescribeLogStreamsInput,
  DescribeLogStreamsOutput,
  LogStream as LogStreamOutput,
} from '#wire/generated/logs.ts';
import { createStream } from '../append.ts';
import {
  invalidNextToken,
  prefixWithEventTime,
  streamDoesNotExist,
  streamExists,
  validationFailed,
} from '../errors.ts';
import { LogStreamDeleted } from '../facts.ts';
import { groupOf, permission, streamNameProblem } from '../find-group.ts';
import { DESCRIBE_MAX } from '../limits.ts';
import { decodeToken, encodeToken } from '../page-token.ts';
import type { LogGroupDoc, LogStream, LogsState } from '../state.ts';

export const createLogStream = operation<LogsState, CreateLogStreamInput, object>({
  authorize: (turn, input) => permission(turn, 'CreateLogStream', input),
  decide(turn, input) {
    const problem = streamNameProblem(input.logStreamName);
    if (problem !== undefined) return refuse(problem);
    const group = groupOf(turn, input);
    if (isRefused(group)) return group;
    const name = input.logStreamName as string;
    if (turn.state.findStream(group.id, name) !== undefined) return refuse(streamExists());
    createStream(turn, group, name);
    return { output: {} };
  },
});

export const deleteLogStream = operation<LogsState, DeleteLogStreamInput, object>({
  authorize: (turn, input) => permission(turn, 'DeleteLogStream', input),
  decide(turn, input) {
    const problem = streamNameProblem(input.logStreamName);
    if (problem !== undefined) return refuse(problem);
    const group = groupOf(turn, input);
    if (isRefused(group)) return group;
    const stream = turn.state.findStream(group.id, input.logStreamName as string);
    if (stream === undefined) return refuse(streamDoesNotExist());
    turn.record(LogStreamDeleted, { stream: stream.id });
    return { output: {} };
  },
});

export const describeLogStreams = operation<LogsState, DescribeLogStreamsInput, DescribeLogStreamsOutput>({
  authorize: (turn, input) => permission(turn, 'DescribeLogStreams', input),
  decide(turn, input) {
    const problem = describeProblem(input);
    if (problem !== undefined) return refuse(problem);
    const group = groupOf(turn, input);
    if (isRefused(group)) return group;
    const { logStreamNamePrefix = '', orderBy = 'LogStreamName', descending = false, limit = DESCRIBE_MAX } = input;
    const question = ['streams', group.id, logStreamNamePrefix, orderBy, descending];
    const after = input.nextToken === undefined ? undefined : decodeToken<string>(turn, question, input.nextToken);
    if (input.nextToken !== undefined && after === undefined) return refuse(invalidNextToken());
    const keyOf = orderBy === 'LastEventTime' ? byTime : byName;
    const sign = descending ? -1 : 1;
    const waiting = [...turn.state.content(group.id).streams.values()]
      .filter((stream) => stream.name.startsWith(logStreamNamePrefix))
      .map((stream) => ({ stream, key: keyOf(stream) }))
      .filter(({ key }) => after === undefined || sign * compare(key, after) > 0)
      .sort((a, b) => sign * compare(a.key, b.key));
    const page = waiting.slice(0, limit);
    const last = page[page.length - 1];
    return {
      output: {
        logStreams: page.map(({ stream }) => describe(group, stream)),
        ...(waiting.length > limit && last !== undefined ? { nextToken: encodeToken(turn, question, last.key) } : {}),
      },
    };
  },
});

function describeProblem(input: DescribeLogStreamsInput): AwsError | undefined {
  const problem = new Validation()
    .oneOf('orderBy', input.orderBy, ['LogStreamName', 'LastEventTime'])
    .range('limit', input.limit, { min: 1, max: DESCRIBE_MAX }).text;
  if (problem !== undefined) return validationFailed(problem);
  const hasBoth = input.orderBy === 'LastEventTime' && input.logStreamNamePrefix !== undefined;
  return hasBoth ? prefixWithEventTime() : undefined;
}

const byName = (stream: LogStream): string => stream.name;
/** Fixed width, so that text order is number order; the name tells streams of one millisecond apart. */
const byTime = (stream: LogStream): string => `${String(stream.lastEventMs ?? 0).padStart(16, '0')}/${stream.name}`;

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function describe(group: LogGroupDoc, stream: LogStream): LogStreamOutput {
  const { firstEventMs, lastEventMs, lastIngestedMs } = stream;
  return {
    logStreamName: stream.name,
    creationTime: stream.createdAtMs,
    ...(firstEventMs === undefined ? {} : { firstEventTimestamp: firstEventMs }),
    ...(lastEventMs === undefined ? {} : { lastEventTimestamp: lastEventMs }),
    ...(lastIngestedMs === undefined ? {} : { lastIngestionTime: lastIngestedMs }),
    uploadSequenceToken: SEQUENCE_TOKEN,
    arn: `${group.arn}:log-stream:${stream.name}`,
    // AWS has reported 0 for streams since 2019.
    storedBytes: 0,
  };
}

/** AWS: sequence tokens are ignored since 2023, but still given. 56 digits as theirs. */
export const SEQUENCE_TOKEN = '4'.padEnd(56, '9');
