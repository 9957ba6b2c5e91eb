// ListDeadLetterSourceQueues: queues whose redrive policy names this one.

import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type {
  ListDeadLetterSourceQueuesInput as Input,
  ListDeadLetterSourceQueuesOutput as Output,
} from '#wire/generated/sqs.ts';
import { invalidValue } from '../errors.ts';
import { findQueue, onQueue } from '../find-queue.ts';
import { limits } from '../limits.ts';
import { decodePageToken, encodePageToken } from '../page-token.ts';
import { formatQueueUrl } from '../queue-url.ts';
import type { SqsState } from '../state.ts';

export const listDeadLetterSourceQueues = operation<SqsState, Input, Output>({
  authorize: onQueue('ListDeadLetterSourceQueues'),
  decide(turn, input) {
    const queue = findQueue(turn, input.QueueUrl);
    if (isRefused(queue)) return queue;
    const { NextToken: token, MaxResults: limit } = input;
    if (limit !== undefined && !(limit >= 1 && limit <= limits.listMax)) {
      const reason = `MaxResults must be an integer between 1 and ${limits.listMax}.`;
      return refuse(invalidValue('MaxResults', limit, reason));
    }
    const list = `sources ${queue.arn}`;
    const afterKey = token === undefined ? '' : decodePageToken(turn, list, token);
    if (afterKey === undefined) {
      return refuse(invalidValue('NextToken', token, 'The token was not given out for this list.'));
    }
    const keys = turn.state.queues.keysBy('byDeadLetter', queue.arn).filter((key) => key > afterKey);
    const shown = keys.slice(0, limit ?? limits.listMax);
    const baseUrl = turn.request?.baseUrl ?? turn.advertisedUrl;
    const queueUrls = shown.flatMap((key) => {
      const source = turn.state.queues.get(key);
      return source === undefined ? [] : [formatQueueUrl(baseUrl, source)];
    });
    const last = shown[shown.length - 1];
    if (limit === undefined || last === undefined || shown.length === keys.length) return { output: { queueUrls } };
    return { output: { queueUrls, NextToken: encodePageToken(turn, list, last) } };
  },
});
