// API destinations, and in memory only: the requests that wait or are under way. Deliveries and pipes make theirs again after a restart.

import type { DeliveryFailure, TargetParameters } from '#cell/target.ts';
import { Table } from '#structures/table.ts';
import type { ApiDestinationDoc } from './documents.ts';
import type { Lane } from './sending/lane.ts';

/** One event on its way to a destination. */
export interface Request {
  readonly id: number;
  readonly destinationArn: string;
  readonly asker: Asker;
  readonly text: string;
  readonly parameters: TargetParameters['http'];
  /** A token was refused and another one has been asked for: there is no third. */
  hasNewToken: boolean;
  /** Whoever asked is still on the stack: a failure is given back rather than reported. */
  isEntering: boolean;
  failedAtOnce?: DeliveryFailure;
}

/** Who gets the outcome. */
export type Asker =
  | { readonly kind: 'delivery'; readonly deliveryId: number }
  | { readonly kind: 'call'; readonly service: string; readonly subject: string };

/** A request that was sent. */
export interface OpenRequest {
  readonly request: Request;
  /** The Authorization header that it carried, when that was a token. */
  readonly token: string | undefined;
}

export class ApiDestinationsState {
  /** By account, region and name. */
  readonly table = new Table<ApiDestinationDoc>({
    name: 'events.api-destinations',
    indexes: { byArn: ({ arn }) => arn, byConnection: ({ connectionArn }) => connectionArn },
  });
  /** By the destination's ARN; those with requests only. */
  readonly lanes = new Map<string, Lane>();
  readonly open = new Map<number, OpenRequest>();
  /** ARNs of destinations that found no room although they might send. */
  readonly crowdedOut = new Set<string>();
  waitingCharacters = 0;
  nextRequest = 1;
}
