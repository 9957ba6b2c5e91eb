// What the facts of Pipes say to a person.

import type { FactKind } from '#cell/fact.ts';
import * as facts from './facts.ts';
import type { PipesState } from './state.ts';

type Story = (fact: never, state: PipesState) => string;

const told = <T>(_kind: FactKind<T>, story: (fact: T, state: PipesState) => string): Story => story as Story;

/** By the fact's name; `state` gives names to pipes that still exist. */
export const stories: Readonly<Record<string, Story>> = {
  PipeBatchTaken: told(
    facts.PipeBatchTaken,
    ({ pipe, messageIds }, state) => `${count(messageIds.length)} taken by ${nameOf(state, pipe)}`,
  ),
  PipeMessagesFilteredOut: told(
    facts.PipeMessagesFilteredOut,
    ({ pipe, messageIds }, state) =>
      `${count(messageIds.length)} deleted from the source: no filter of ${nameOf(state, pipe)} wants them`,
  ),
  PipeAsked: told(facts.PipeAsked, ({ pipe, execution, askedArn, messageIds, endsAtMs }, state) => {
    const until = new Date(endsAtMs).toISOString();
    return `${nameOf(state, pipe)} gave ${count(messageIds.length)} to ${askedArn} and waits for the answer until ${until} (execution ${execution})`;
  }),
  PipeRetryPlanned: told(facts.PipeRetryPlanned, ({ pipe, askedArn, code, detail, dueAtMs }, state) => {
    const due = new Date(dueAtMs).toISOString();
    return `${askedArn} could not take the events of ${nameOf(state, pipe)} now (${code}: ${detail}); it is asked again ${due}`;
  }),
  PipeBatchEnriched: told(
    facts.PipeBatchEnriched,
    ({ pipe, askedArn, messageIds, eventCount }, state) =>
      `${askedArn} enriched ${count(messageIds.length)} for ${nameOf(state, pipe)}: ${eventCount} events for the target`,
  ),
  PipeBatchEnded: told(facts.PipeBatchEnded, (fact, state) => {
    const { pipe, targetArn, messageIds, failedMessageIds, failedArn, code, detail } = fact;
    const name = nameOf(state, pipe);
    const done = messageIds.length - failedMessageIds.length;
    if (failedMessageIds.length === 0)
      return `${name} handed ${count(done)} on to ${targetArn}, and deleted them from the source`;
    const why = code === undefined ? '' : ` (${code}: ${detail})`;
    const rest = `${failedMessageIds.length} of ${count(messageIds.length)} of ${name} failed at ${failedArn}${why}`;
    return `${rest}; they will be visible in the source again after its visibility timeout`;
  }),
  PipeWindowOpened: told(
    facts.PipeWindowOpened,
    ({ pipe, untilMs }, state) => `${nameOf(state, pipe)} gathers a batch until ${new Date(untilMs).toISOString()}`,
  ),
  PipePaused: told(
    facts.PipePaused,
    ({ pipe, untilMs, reason }, state) =>
      `${nameOf(state, pipe)} takes nothing from its source until ${new Date(untilMs).toISOString()}: ${reason}`,
  ),
  PipeReadingBegan: told(facts.PipeReadingBegan, ({ pipe, shards }, state) => {
    const read = shards.filter(({ isFinished }) => !isFinished).map(({ shardId, place }) => `${shardId} from ${place}`);
    return `${nameOf(state, pipe)} reads its stream: ${read.join(', ') || 'no shard yet'}`;
  }),
  PipeStreamAdvanced: told(facts.PipeStreamAdvanced, (fact, state) => {
    const { pipe, shard, outcome, first, last, count: records, code, detail, retryAtMs, deadLetterArn } = fact;
    const span = records === 1 ? `record ${first}` : `${records} records, ${first} to ${last},`;
    const why = code === undefined ? '' : ` (${code}: ${detail})`;
    const when = retryAtMs === undefined ? '' : ` ${new Date(retryAtMs).toISOString()}`;
    const where = deadLetterArn === undefined ? '' : `; ${deadLetterArn} is told`;
    return `${nameOf(state, pipe)}, ${shard}: ${span} ${OUTCOMES[outcome]?.[records === 1 ? 0 : 1] ?? outcome}${when}${why}${where}`;
  }),
  PipeShardFinished: told(
    facts.PipeShardFinished,
    ({ pipe, shard }, state) => `${shard} is closed, and ${nameOf(state, pipe)} is through with it`,
  ),
  PipeShardsForgotten: told(
    facts.PipeShardsForgotten,
    ({ pipe, shards }, state) => `the stream of ${nameOf(state, pipe)} does not have ${shards.join(', ')} any more`,
  ),
  PipeStreamWaitPlanned: told(
    facts.PipeStreamWaitPlanned,
    ({ pipe, untilMs }, state) =>
      `${nameOf(state, pipe)} looks at its stream again ${new Date(untilMs).toISOString()} at the latest`,
  ),
};

/** Of one record, and of several. */
const OUTCOMES: Readonly<Record<string, readonly [one: string, several: string]>> = {
  done: ['was handed on', 'were handed on'],
  retry: ['failed and is tried again', 'failed and are tried again'],
  bisect: ['failed and is tried again', 'failed and are tried again in two halves'],
  'give-up': ['failed for the last time', 'failed for the last time'],
  'given-up': ['is given up', 'are given up'],
  expired: ['is given up: it is too old', 'are given up: they are too old'],
  filtered: ['is passed over: no filter wants it', 'are passed over: no filter wants them'],
};

function count(messages: number): string {
  return messages === 1 ? '1 message' : `${messages} messages`;
}

function nameOf(state: PipesState, key: string): string {
  const pipe = state.pipes.get(key);
  return pipe === undefined ? `pipe ${key}, which was deleted since` : `pipe ${pipe.name}`;
}
