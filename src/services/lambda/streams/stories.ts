// What the facts about streams say to a person.

import type { FactKind } from '#cell/fact.ts';
import type { LambdaState } from '../state.ts';
import * as facts from './facts.ts';

type Story = (fact: never, state: LambdaState) => string;

const told = <T>(_kind: FactKind<T>, story: (fact: T, state: LambdaState) => string): Story => story as Story;

interface Batch {
  readonly functionArn: string;
  readonly shard: string;
  readonly requestId: string;
  readonly first: string;
  readonly last: string;
  readonly count: number;
}

export const streamStories: Readonly<Record<string, Story>> = {
  StreamReadingBegan: told(facts.StreamReadingBegan, ({ mapping, shards }, state) => {
    const read = shards.filter(({ isFinished }) => !isFinished).map(({ shardId, place }) => `${shardId} from ${place}`);
    return `${sourceOf(state, mapping)} is read: ${read.join(', ') || 'no shard yet'}`;
  }),
  StreamBatchInvoked: told(facts.StreamBatchInvoked, (fact) => `${batchOf(fact)} and processed all`),
  StreamBatchFailed: told(facts.StreamBatchFailed, (fact) => {
    const { errorType, verdict, doneCount, retryAtMs } = fact;
    const done = doneCount === 0 ? '' : `; the first ${doneCount} are done`;
    const when = retryAtMs === undefined ? '' : ` ${new Date(retryAtMs).toISOString()}`;
    const next = { retry: `it is tried again${when}`, bisect: 'it is tried again in two halves' }[verdict];
    return `${batchOf(fact)}, which failed (${errorType})${done}; ${next ?? 'it is given up'}`;
  }),
  StreamBatchDiscarded: told(facts.StreamBatchDiscarded, (fact) => {
    const { condition, destinationArn, problem } = fact;
    const told =
      problem === undefined ? `; ${destinationArn} is told` : `; ${destinationArn} could not be told: ${problem}`;
    return `${spanOf(fact)} given up: ${condition}${destinationArn === undefined ? '' : told}`;
  }),
  StreamRecordsFilteredOut: told(facts.StreamRecordsFilteredOut, ({ mapping, shard, count }, state) => {
    const [records, them] = count === 1 ? ['1 record', 'it'] : [`${count} records`, 'them'];
    const from = `${records} of ${shard} of ${sourceOf(state, mapping)}`;
    return `${from} passed over by ${functionOf(state, mapping)}: no filter of its event source mapping wants ${them}`;
  }),
  StreamShardFinished: told(
    facts.StreamShardFinished,
    ({ mapping, shard }, state) => `${shard} of ${sourceOf(state, mapping)} is closed, and all of it was processed`,
  ),
  StreamShardsForgotten: told(
    facts.StreamShardsForgotten,
    ({ mapping, shards }, state) => `${sourceOf(state, mapping)} does not have ${shards.join(', ')} any more`,
  ),
  StreamWaitPlanned: told(
    facts.StreamWaitPlanned,
    ({ mapping, untilMs }, state) =>
      `${sourceOf(state, mapping)} is looked at again ${new Date(untilMs).toISOString()} at the latest`,
  ),
  StreamNotRead: told(
    facts.StreamNotRead,
    ({ mapping, problem }, state) => `${sourceOf(state, mapping)} could not be read: ${problem}`,
  ),
};

function batchOf(batch: Batch): string {
  return `${batch.functionArn} was invoked with ${spanOf(batch)} (request ${batch.requestId})`;
}

function spanOf({ count, shard, first, last }: Batch): string {
  if (count === 0) return `the end of a window of ${shard}`;
  return count === 1 ? `record ${first} of ${shard}` : `${count} records of ${shard}, ${first} to ${last},`;
}

function functionOf(state: LambdaState, mapping: string): string {
  return state.mappings.get(mapping)?.functionArn ?? 'a function';
}

function sourceOf(state: LambdaState, mapping: string): string {
  return state.mappings.get(mapping)?.sourceArn ?? `the stream of mapping ${mapping}, which was deleted since`;
}
