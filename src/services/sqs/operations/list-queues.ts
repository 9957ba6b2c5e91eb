// ListQueues: by prefix, a page at a time.

import { operation } from '#cell/service-definition.ts';
import { refuse } from '#model/aws-error.ts';
import { scopePrefix } from '#model/scope.ts';
import type { ListQueuesInput, ListQueuesOutput } from '#wire/generated/sqs.ts';
import { invalidValue } from '../errors.ts';
import { limits } from '../limits.ts';
import { decodePageToken, encodePageToken } from '../page-token.ts';
import { queueArn } from '../queue.ts';
import { formatQueueUrl } from '../queue-url.ts';
import type { SqsState } from '../state.ts';

export const listQueues = operation<SqsState, ListQueuesInput, ListQueuesOutput>({
  authorize: (turn) => ({
    action: 'sqs:ListQueues',
    resource: queueArn(turn.scope, '*'),
    resourceAccount: turn.scope.account,
  }),
  decide(turn, input) {
    const { QueueNamePrefix: namePrefix = '', NextToken: token, MaxResults: limit } = input;
    if (limit !== undefined && !(limit >= 1 && limit <= limits.listMax)) {
      const reason = `MaxResults must be an integer between 1 and ${limits.listMax}.`;
      return refuse(invalidValue('MaxResults', limit, reason));
    }
    const prefix = `${scopePrefix(turn.scope)}${namePrefix}`;
    const list = `queues ${prefix}`;
    const afterKey = token === undefined ? undefined : decodePageToken(turn, list, token);
    if (token !== undefined && afterKey === undefined) {
      return refuse(invalidValue('NextToken', token, 'The token was not given out for this list.'));
    }
    const page = turn.state.queues.page({
      prefix,
      limit: limit ?? limits.listMax,
      ...(afterKey === undefined ? {} : { afterKey }),
    });
    if (page.items.length === 0) return { output: {} };
    const baseUrl = turn.request?.baseUrl ?? turn.advertisedUrl;
    const urls = page.items.map(({ doc }) => formatQueueUrl(baseUrl, doc));
    // AWS: a token comes only when MaxResults was set.
    if (limit === undefined || page.lastKey === undefined) return { output: { QueueUrls: urls } };
    return { output: { QueueUrls: urls, NextToken: encodePageToken(turn, list, page.lastKey) } };
  },
});
