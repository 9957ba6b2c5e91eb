// GetQueueUrl, also of another account's queue (QueueOwnerAWSAccountId).

import { operation } from '#cell/service-definition.ts';
import { isRefused, type Refused, refuse } from '#model/aws-error.ts';
import type { GetQueueUrlInput, GetQueueUrlOutput } from '#wire/generated/sqs.ts';
import { missingParameter, queueDoesNotExist } from '../errors.ts';
import { permission, type SqsTurn } from '../find-queue.ts';
import { type Queue, queueKey } from '../queue.ts';
import { formatQueueUrl } from '../queue-url.ts';
import type { SqsState } from '../state.ts';

export const getQueueUrl = operation<SqsState, GetQueueUrlInput, GetQueueUrlOutput>({
  authorize(turn, input) {
    const queue = named(turn, input);
    return isRefused(queue) ? queue.refused : permission('GetQueueUrl', queue);
  },
  decide(turn, input) {
    const queue = named(turn, input);
    if (isRefused(queue)) return queue;
    return { output: { QueueUrl: formatQueueUrl(turn.request?.baseUrl ?? turn.advertisedUrl, queue) } };
  },
});

function named(turn: SqsTurn, input: GetQueueUrlInput): Queue | Refused {
  const { QueueName: name, QueueOwnerAWSAccountId: account = turn.scope.account } = input;
  if (name === undefined || name === '') return refuse(missingParameter('QueueName'));
  return turn.state.queues.get(queueKey({ ...turn.scope, account }, name)) ?? refuse(queueDoesNotExist());
}
