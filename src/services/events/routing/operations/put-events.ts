import { operation, type Reply } from '#cell/service-definition.ts';
import type {
  PutEventsInput,
  PutEventsOutput,
  PutEventsRequestEntry,
  PutEventsResultEntry,
} from '#wire/generated/events.ts';
import { busReference, lookUpBus } from '../../buses/find-bus.ts';
import type { EventsState, EventsTurn } from '../../state.ts';
import { route } from '../route.ts';

export const putEvents = operation<EventsState, PutEventsInput, PutEventsOutput>({
  authorize: undefined,
  decide(turn, input): Reply<PutEventsOutput> {
    const entries = (input.Entries ?? []).map((entry) => put(turn, entry));
    const failed = entries.filter((entry) => entry.ErrorCode !== undefined).length;
    return { output: { FailedEntryCount: failed, Entries: entries } };
  },
});

function put(turn: EventsTurn, entry: PutEventsRequestEntry): PutEventsResultEntry {
  const reference = busReference(turn.scope, entry.EventBusName);
  const bus = reference === undefined ? undefined : lookUpBus(turn.state, reference);
  const id = turn.uuid();
  if (bus === undefined) return { EventId: id };
  const routed = route(turn, {
    id,
    bus,
    source: entry.Source ?? '',
    detailType: entry.DetailType ?? '',
    account: turn.scope.account,
    region: turn.scope.region,
    timeMs: entry.Time ?? turn.nowMs,
    resources: entry.Resources ?? [],
    detail: entry.Detail ?? '',
    traceHeader: entry.TraceHeader,
  });
  if (!('violation' in routed) || routed.violation.action === 'dead-lettered') return { EventId: id };
  return { ErrorCode: routed.violation.code, ErrorMessage: routed.violation.message };
}
