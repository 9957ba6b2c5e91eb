// What the facts of CloudWatch Logs say to a person. The events themselves are read with the API, so appends are not told.

import type { FactKind } from '#cell/fact.ts';
import * as facts from './facts.ts';
import * as objectFacts from './objects/facts.ts';
import type { LogsState } from './state.ts';

type Story = (fact: never, state: LogsState) => string;

const told = <T>(_kind: FactKind<T>, story: (fact: T, state: LogsState) => string): Story => story as Story;

/** By the fact's name. An empty sentence: nothing a person would miss. */
export const stories: Readonly<Record<string, Story>> = {
  LogStreamCreated: told(
    facts.LogStreamCreated,
    ({ group, streamName }, state) => `log stream ${streamName} created in ${groupName(state, group)}`,
  ),
  LogStreamDeleted: told(facts.LogStreamDeleted, ({ stream }) => `log stream number ${stream} deleted`),
  LogEventsAppended: told(facts.LogEventsAppended, () => ''),
  LogEventsWritten: told(facts.LogEventsWritten, () => ''),
  LogLineTaken: told(facts.LogLineTaken, ({ stream }, state) => `written to ${streamName(state, stream)}`),
  LogObjectBegun: told(objectFacts.LogObjectBegun, () => ''),
  LogLinesCollected: told(
    objectFacts.LogLinesCollected,
    ({ object }) => `logged for object number ${object} of a bucket`,
  ),
  LogObjectClosed: told(objectFacts.LogObjectClosed, () => ''),
  LogObjectDelayed: told(
    objectFacts.LogObjectDelayed,
    ({ object, reason }) => `log object number ${object} could not be made, and is made again later: ${reason}`,
  ),
  LogObjectEnded: told(objectFacts.LogObjectEnded, ({ object, bucket, key, problem }) =>
    problem === undefined
      ? `log object number ${object} written to s3://${bucket}/${key}`
      : `log object number ${object} for the bucket ${bucket} dropped: ${problem}`,
  ),
  LogEventsTrimmed: told(
    facts.LogEventsTrimmed,
    ({ group, beforeMs }, state) =>
      `events before ${new Date(beforeMs).toISOString()} removed from ${groupName(state, group)}: their retention is over`,
  ),
};

function groupName(state: LogsState, id: number): string {
  const content = state.contents.get(id);
  const name = content === undefined ? undefined : state.groups.get(content.key)?.name;
  return name ?? `log group number ${id}, which was deleted since`;
}

function streamName(state: LogsState, id: number): string {
  const stream = state.streams.get(id);
  if (stream === undefined) return `log stream number ${id}, which was deleted since`;
  return `the log group ${groupName(state, stream.groupId)}, stream ${stream.name}`;
}
