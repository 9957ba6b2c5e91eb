// A jq expression is compiled before a destination has it: AWS refuses one that is broken. jq is not of the cell: a performer is asked, and the
// request is decided when it has answered, as if it had come only then.

import type { Reply } from '#cell/service-definition.ts';
import type { Outcome } from '#cell/turn.ts';
import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import type { DestinationDoc } from '../documents.ts';
import { brokenQuery, cannotCheckQuery } from '../errors.ts';
import { CHECK_QUERY, type CheckedQuery, type QueryToCheck } from '../performing.ts';
import type { FirehoseTurn, QueryCheck } from '../state.ts';
import { readProcessors } from './processors.ts';

export const QUERY_CHECKED = 'query-checked';

/** What follows when nothing else is wrong with a request. */
export interface Ready<O> {
  readonly destination: DestinationDoc;
  carryOut(): O;
}

/** `plan` says what is wrong, or how the request is carried out; it is asked again when the expression is known to be right. */
export function carryOutChecked<O>(turn: FirehoseTurn, plan: (turn: FirehoseTurn) => Ready<O> | Refused): Reply<O> {
  const ready = plan(turn);
  if ('refused' in ready) return ready;
  const query = queryOf(ready.destination);
  if (query === undefined) return { output: ready.carryOut() };
  const ticket = turn.defer();
  const subject = turn.uuid();
  const decide = (later: FirehoseTurn): { readonly output: unknown } | { readonly refused: AwsError } => {
    const again = plan(later);
    return 'refused' in again ? again : { output: again.carryOut() };
  };
  const { scope, principal } = turn;
  turn.state.checking.set(subject, { ticket, decide, within: { scope, principal } } satisfies QueryCheck);
  const input: QueryToCheck = { query };
  turn.perform({ performer: CHECK_QUERY, input, then: { reaction: QUERY_CHECKED, subject } });
  return { deferred: ticket };
}

function queryOf({ kind, description }: DestinationDoc): string | undefined {
  if (kind !== 's3' || description.DynamicPartitioningConfiguration?.Enabled !== true) return undefined;
  return readProcessors(description.ProcessingConfiguration).partitionQuery;
}

export function queryChecked(turn: FirehoseTurn, subject: string, outcome: Outcome): void {
  const check = turn.state.checking.get(subject);
  if (check === undefined) return;
  turn.state.checking.delete(subject);
  const { ticket, decide, within } = check;
  if ('failed' in outcome) turn.resolve(ticket, refuse(cannotCheckQuery()));
  else {
    const { problem } = outcome.result as CheckedQuery;
    const acting = turn.within(within.scope, within.principal);
    turn.resolve(ticket, problem === undefined ? decide(acting) : refuse(brokenQuery(problem)));
  }
}
