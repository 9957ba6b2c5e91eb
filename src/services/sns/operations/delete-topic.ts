// DeleteTopic. AWS API reference: also deletes the topic's subscriptions; deleting a topic that does not exist is no error.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { DeleteTopicInput, DeleteTopicOutput } from '#wire/generated/sns.ts';
import { onTopic } from '../access.ts';
import { findTopic } from '../arns.ts';
import type { SnsState } from '../state.ts';

export const deleteTopic = operation<SnsState, DeleteTopicInput, DeleteTopicOutput>({
  authorize: onTopic('DeleteTopic', (input) => input.TopicArn),
  decide(turn, input): Reply<DeleteTopicOutput> {
    const found = findTopic(turn, input.TopicArn);
    if (isRefused(found)) return found.refused.code === 'NotFound' ? { output: {} } : found;
    const { topics, subscriptions } = turn.state;
    for (const key of subscriptions.keysBy('byTopic', found.key)) turn.drop(subscriptions, key);
    turn.drop(topics, found.key);
    return { output: {} };
  },
});
