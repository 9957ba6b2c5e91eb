// Events of a webhook whose sender was verified, onto the partner bus of their source: all of them in one entry of the journal, or none.

import { operation } from '#cell/service-definition.ts';
import { type AwsError, clientError, refuse } from '#model/aws-error.ts';
import { ENTRY_BYTES_MAX } from '../../limits.ts';
import { entryBytes, entryProblem } from '../../routing/entries.ts';
import type { EventsState, EventsTurn } from '../../state.ts';
import { PartnerEventDropped } from '../facts.ts';
import { busOf, sourceKey, sourceState } from '../find.ts';
import { notTheServer } from '../internal.ts';
import { takeIn } from '../take-in.ts';

export interface PutWebhookEventsInput {
  readonly source: string;
  /** `webhook stripe`: for explanations. */
  readonly way: string;
  readonly events: readonly GivenEvent[];
}

interface GivenEvent {
  readonly detailType: string;
  /** JSON text of an object. */
  readonly detail: string;
  readonly resources?: readonly string[];
}

export interface PutWebhookEventsOutput {
  readonly eventIds: readonly string[];
  /** Why a schema of the bus did not allow an event; the others are on the bus. */
  readonly refused?: readonly string[];
}

export const putWebhookEvents = operation<EventsState, PutWebhookEventsInput, PutWebhookEventsOutput>({
  authorize: undefined,
  decide(turn, { source: name, way, events }) {
    const refused = notTheServer(turn);
    if (refused !== undefined) return refused;
    const problem = problemOf(name, events);
    if (problem !== undefined) return refuse(problem);
    const source = turn.state.partners.sources.get(sourceKey(turn.scope, name));
    const bus = source === undefined ? undefined : busOf(turn.state, source);
    if (source === undefined || bus === undefined) return refuse(noBus(turn, name));
    const isActive = sourceState(turn.state, source) === 'ACTIVE';
    const eventIds: string[] = [];
    const violations: string[] = [];
    for (const event of events) {
      const id = turn.uuid();
      const violation = isActive ? takeIn(turn, bus, { resources: [], ...event, id, source: name, way }) : undefined;
      if (!isActive) turn.record(PartnerEventDropped, { eventId: id, source: name, account: source.account });
      if (violation === undefined) eventIds.push(id);
      else violations.push(violation.message);
    }
    if (eventIds.length === 0) return refuse(webhookError(422, violations.join(' ')));
    return { output: violations.length === 0 ? { eventIds } : { eventIds, refused: violations } };
  },
});

/** The rules of PutEvents. */
function problemOf(name: string, events: readonly GivenEvent[]): AwsError | undefined {
  let bytes = 0;
  for (const { detailType, detail } of events) {
    const entry = { Source: name.slice('aws.'.length), DetailType: detailType, Detail: detail };
    bytes += entryBytes(entry);
    const problem = entryProblem(entry);
    if (problem !== undefined) return webhookError(400, problem.ErrorMessage ?? 'An event is not valid.');
  }
  return bytes < ENTRY_BYTES_MAX ? undefined : webhookError(413, 'The events are too large.');
}

function noBus({ scope }: EventsTurn, name: string): AwsError {
  const text = `Account ${scope.account} has no event bus ${name} in ${scope.region}: make it with CreateEventBus, Name and EventSourceName ${name}.`;
  return webhookError(404, text);
}

function webhookError(status: number, text: string): AwsError {
  return clientError('WebhookRefused', text, { status });
}
