// PutPartnerEvents: a partner gives events to the buses of its customers. Each becomes an event there, goes nowhere, or fails alone.

import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type {
  PutPartnerEventsInput,
  PutPartnerEventsOutput,
  PutPartnerEventsRequestEntry,
  PutPartnerEventsResultEntry,
} from '#wire/generated/events.ts';
import { validation } from '../../errors.ts';
import { ENTRY_BYTES_MAX } from '../../limits.ts';
import { entryBytes, entryProblem } from '../../routing/entries.ts';
import type { EventsState, EventsTurn } from '../../state.ts';
import { entriesConstraints } from '../constraints.ts';
import { PartnerEventDropped } from '../facts.ts';
import { busOf, findOffered, onAllSources, sourceOf, sourceState } from '../find.ts';
import { takeIn } from '../take-in.ts';

export const putPartnerEvents = operation<EventsState, PutPartnerEventsInput, PutPartnerEventsOutput>({
  authorize: onAllSources('PutPartnerEvents'),
  decide(turn, { Entries }) {
    const broken = entriesConstraints(Entries).text;
    if (broken !== undefined) return refuse(validation(broken));
    const entries = Entries ?? [];
    const bytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
    // AWS: PutEvents in the same case.
    if (bytes >= ENTRY_BYTES_MAX) {
      return refuse(validation('Total size of the entries in the request is over the limit.'));
    }
    const results = entries.map((entry) => put(turn, entry));
    const failed = results.filter(({ ErrorCode }) => ErrorCode !== undefined).length;
    return { output: { FailedEntryCount: failed, Entries: results } };
  },
});

/** AWS: PutEvents for a source that is not the caller's; for PutPartnerEvents it is not published. */
const NOT_AUTHORIZED: PutPartnerEventsResultEntry = {
  ErrorCode: 'NotAuthorizedForSourceException',
  ErrorMessage: 'Not authorized for the source.',
};

/**
 * AWS: partner onboarding guide, FAQ: a source that is PENDING "will accept events sent by a SaaS partner system when calling
 * PutPartnerEvents, but does not deliver them".
 */
function put(turn: EventsTurn, entry: PutPartnerEventsRequestEntry): PutPartnerEventsResultEntry {
  // The same rules as PutEvents has, which keeps names that begin with `aws.` from everybody else.
  const problem = entryProblem({ ...entry, Source: entry.Source?.slice('aws.'.length) });
  if (problem !== undefined) return problem;
  const { Source: name = '', DetailType: detailType = '', Detail: detail = '', Resources: resources = [] } = entry;
  const offered = findOffered(turn, name);
  if (isRefused(offered)) return NOT_AUTHORIZED;
  const id = turn.uuid();
  const source = sourceOf(turn.state, offered);
  const isActive = source !== undefined && sourceState(turn.state, source) === 'ACTIVE';
  const bus = isActive ? busOf(turn.state, source) : undefined;
  if (bus === undefined) {
    turn.record(PartnerEventDropped, { eventId: id, source: name, account: offered.customer });
    return { EventId: id };
  }
  const way = `partner ${turn.scope.account}`;
  const violation = takeIn(turn, bus, { id, source: name, detailType, resources, detail, timeMs: entry.Time, way });
  return violation === undefined ? { EventId: id } : { ErrorCode: violation.code, ErrorMessage: violation.message };
}
