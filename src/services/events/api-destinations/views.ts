// How API destinations look in replies.

import type { ApiDestination, DescribeApiDestinationOutput } from '#wire/generated/events.ts';
import type { EventsState } from '../state.ts';
import type { ApiDestinationDoc } from './documents.ts';
import { stateOf } from './find-destination.ts';

/** What CreateApiDestination and UpdateApiDestination answer. */
export function changedDestination(state: EventsState, doc: ApiDestinationDoc) {
  return {
    ApiDestinationArn: doc.arn,
    ApiDestinationState: stateOf(state, doc),
    CreationTime: doc.createdAtMs,
    LastModifiedTime: doc.modifiedAtMs,
  };
}

export function listedDestination(state: EventsState, doc: ApiDestinationDoc): ApiDestination {
  return {
    ...changedDestination(state, doc),
    Name: doc.name,
    ConnectionArn: doc.connectionArn,
    InvocationEndpoint: doc.endpoint,
    HttpMethod: doc.method,
    InvocationRateLimitPerSecond: doc.ratePerSecond,
  };
}

export function describedDestination(state: EventsState, doc: ApiDestinationDoc): DescribeApiDestinationOutput {
  const description = doc.description === undefined ? {} : { Description: doc.description };
  return { ...listedDestination(state, doc), ...description };
}
