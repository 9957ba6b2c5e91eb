// From what a client names to the queue, and to the permission that the call needs.

import type { AuthorizationRequest } from '#cell/authorization.ts';
import type { Turn } from '#cell/turn.ts';
import { type AwsError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { invalidAddress, missingParameter, queueDoesNotExist } from './errors.ts';
import { type Queue, queueKey, queueKeyOfArn } from './queue.ts';
import { parseQueueUrl } from './queue-url.ts';
import type { SqsState } from './state.ts';

export type SqsTurn = Turn<SqsState>;

export function findQueue(turn: SqsTurn, url: string | undefined): Queue | Refused {
  if (url === undefined || url === '') return refuse(missingParameter('QueueUrl'));
  const address = parseQueueUrl(url, turn.scope);
  if (address === undefined) return refuse(invalidAddress(url));
  return turn.state.queues.get(queueKey(address.scope, address.name)) ?? refuse(queueDoesNotExist());
}

export function queueByArn(state: SqsState, arn: string): Queue | undefined {
  const key = queueKeyOfArn(arn);
  return key === undefined ? undefined : state.queues.get(key);
}

/** `open`: the queue's policy may let other accounts call it. `owner`: AWS never applies cross-account permissions to it. */
export type Audience = 'open' | 'owner';

export function permission(action: string, queue: Queue, audience: Audience = 'open'): AuthorizationRequest {
  const resourcePolicy = audience === 'open' ? queue.policy : undefined;
  return { action: `sqs:${action}`, resource: queue.arn, resourceAccount: queue.account, resourcePolicy };
}

/** The usual authorization: the named action on the queue of the QueueUrl. */
export function onQueue<I extends { readonly QueueUrl?: string | undefined }>(action: string, audience?: Audience) {
  return (turn: SqsTurn, input: I): AuthorizationRequest | AwsError => {
    const queue = findQueue(turn, input.QueueUrl);
    return isRefused(queue) ? queue.refused : permission(action, queue, audience);
  };
}
