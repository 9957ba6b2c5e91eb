// What the facts of Lambda say to a person.

import type { FactKind } from '#cell/fact.ts';
import * as facts from './facts.ts';
import type { LambdaState } from './state.ts';
import { streamStories } from './streams/stories.ts';

type Story = (fact: never, state: LambdaState) => string;

const told = <T>(_kind: FactKind<T>, story: (fact: T, state: LambdaState) => string): Story => story as Story;

/** By the fact's name. */
export const stories: Readonly<Record<string, Story>> = {
  AsyncInvocationAccepted: told(facts.AsyncInvocationAccepted, ({ event, invokedArn, requestId, sourceArn }) => {
    const from = sourceArn === undefined ? '' : ` from ${sourceArn}`;
    return `event ${event} for ${invokedArn} accepted${from}, with the request id ${requestId}`;
  }),
  AsyncAttemptFailed: told(
    facts.AsyncAttemptFailed,
    ({ event, attempt, errorType, retryAtMs }) =>
      `attempt ${attempt} with event ${event} failed (${errorType}); the next one is due ${new Date(retryAtMs).toISOString()}`,
  ),
  AsyncRetryReleased: told(facts.AsyncRetryReleased, ({ event }) => `event ${event} is tried again`),
  AsyncInvocationDecided: told(
    facts.AsyncInvocationDecided,
    ({ event, condition, attempts }) => `event ${event}: ${condition} after ${attempts} attempts; this is reported`,
  ),
  AsyncInvocationEnded: told(facts.AsyncInvocationEnded, ({ event, outcome, detail }) =>
    detail === undefined ? `event ${event} ${outcome}` : `event ${event} ${outcome}: ${detail}`,
  ),
  BatchWindowOpened: told(
    facts.BatchWindowOpened,
    ({ mapping, untilMs }, state) =>
      `${sourceOf(state, mapping)} has messages; a batch is gathered until ${new Date(untilMs).toISOString()}`,
  ),
  MappingDenied: told(
    facts.MappingDenied,
    ({ mapping, untilMs }, state) =>
      `the role of ${state.mappings.get(mapping)?.functionArn ?? 'the function'} may not read ${sourceOf(state, mapping)}; it is asked again ${new Date(untilMs).toISOString()}`,
  ),
  BatchInvoked: told(facts.BatchInvoked, (fact) => {
    const { functionArn, requestId, messageIds, failedMessageIds, errorType } = fact;
    const taken = `${functionArn} was invoked with ${count(messageIds.length)} (request ${requestId})`;
    if (failedMessageIds.length === 0) return `${taken} and processed all`;
    const why = errorType === undefined ? 'reported by the function' : errorType;
    return `${taken}; ${failedMessageIds.length} failed (${why}) and will be visible again after the visibility timeout`;
  }),
  MessagesFilteredOut: told(
    facts.MessagesFilteredOut,
    ({ mapping, messageIds }, state) =>
      `${count(messageIds.length)} of ${sourceOf(state, mapping)} deleted: no filter of the event source mapping wants them`,
  ),
  ...streamStories,
};

function count(messages: number): string {
  return messages === 1 ? '1 message' : `${messages} messages`;
}

function sourceOf(state: LambdaState, mapping: string): string {
  return state.mappings.get(mapping)?.sourceArn ?? `the queue of mapping ${mapping}, which was deleted since`;
}
