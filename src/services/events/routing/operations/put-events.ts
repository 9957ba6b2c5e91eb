// PutEvents: each entry becomes an event, or fails alone. Recorded of AWS: an entry for a bus that does not exist is acknowledged, and lost;
// a denied one denies the whole request.

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { operation, type Reply } from '#cell/service-definition.ts';
import { refuse } from '#model/aws-error.ts';
import type {
  PutEventsInput,
  PutEventsOutput,
  PutEventsRequestEntry,
  PutEventsResultEntry,
} from '#wire/generated/events.ts';
import { busArn, busReference, lookUpBus } from '../../buses/find-bus.ts';
import { observeRefused } from '../../observing/observe.ts';
import type { EventsState, EventsTurn } from '../../state.ts';
import { entryProblem, requestProblem } from '../entries.ts';
import type { IncomingEvent } from '../event.ts';
import { EventLost } from '../facts.ts';
import { route } from '../route.ts';
import { traceHeaderOf } from '../trace-header.ts';

export const putEvents = operation<EventsState, PutEventsInput, PutEventsOutput>({
  authorize: access,
  decide(turn, input): Reply<PutEventsOutput> {
    const problem = requestProblem(input);
    if (problem !== undefined) return refuse(problem);
    const results: PutEventsResultEntry[] = [];
    let failed = 0;
    for (const entry of input.Entries ?? []) {
      const result = entryProblem(entry) ?? put(turn, entry);
      if (result.ErrorCode !== undefined) failed += 1;
      results.push(result);
    }
    return { output: { FailedEntryCount: failed, Entries: results } };
  },
});

/** One question for each bus, source and type: entries of one kind are many. */
function access(turn: EventsTurn, { Entries: entries = [] }: PutEventsInput): readonly AuthorizationRequest[] {
  const asked = new Map<string, AuthorizationRequest>();
  for (const entry of entries) {
    const { EventBusName, Source: source = '', DetailType: detailType = '' } = entry ?? {};
    const reference = busReference(turn.scope, EventBusName);
    const key = `${EventBusName ?? ''}\n${source}\n${detailType}`;
    if (reference === undefined || asked.has(key)) continue;
    asked.set(key, {
      action: 'events:PutEvents',
      resource: busArn(reference.scope, reference.name),
      resourceAccount: reference.scope.account,
      resourcePolicy: lookUpBus(turn.state, reference)?.policy,
      context: { 'events:source': source, 'events:detail-type': detailType, 'events:eventBusInvocation': 'false' },
    });
  }
  return [...asked.values()];
}

/** The entry has no problem. */
function put(turn: EventsTurn, entry: PutEventsRequestEntry): PutEventsResultEntry {
  const { Source: source = '', DetailType: detailType = '', Detail: detail = '', EventBusName, TraceHeader } = entry;
  const reference = busReference(turn.scope, EventBusName);
  const bus = reference === undefined ? undefined : lookUpBus(turn.state, reference);
  const id = turn.uuid();
  if (bus === undefined) {
    turn.record(EventLost, { eventId: id, bus: EventBusName ?? '', payload: undefined });
    return { EventId: id };
  }
  const { account, region } = turn.scope;
  const event: IncomingEvent = {
    id,
    bus,
    source,
    detailType,
    account,
    region,
    timeMs: entry.Time ?? turn.nowMs,
    resources: entry.Resources ?? [],
    detail,
    traceHeader: traceHeaderOf(TraceHeader, turn.request?.traceHeader),
  };
  const routed = route(turn, event);
  if (!('violation' in routed) || routed.violation.action === 'dead-lettered') return { EventId: id };
  observeRefused(turn, event, routed.violation);
  return { ErrorCode: routed.violation.code, ErrorMessage: routed.violation.message };
}
