// Sources as clients see them. Times of sources that do not expire are left out.

import type { DescribeEventSourceOutput, PartnerEventSourceAccount } from '#wire/generated/events.ts';
import type { EventsState } from '../state.ts';
import type { EventSourceDoc } from './documents.ts';
import { partnerOf, sourceArn, sourceState } from './find.ts';

/** For its customer; in lists and alone the same. */
export function shownSource(state: EventsState, source: EventSourceDoc): DescribeEventSourceOutput {
  return {
    Arn: sourceArn(source.region, source.name),
    CreatedBy: partnerOf(source.name),
    CreationTime: source.createdAtMs,
    ExpirationTime: source.expiresAtMs,
    Name: source.name,
    State: sourceState(state, source),
  };
}

/** For the partner. */
export function shownAccount(state: EventsState, source: EventSourceDoc): PartnerEventSourceAccount {
  return {
    Account: source.account,
    CreationTime: source.createdAtMs,
    ExpirationTime: source.expiresAtMs,
    State: sourceState(state, source),
  };
}
