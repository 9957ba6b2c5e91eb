import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { GetTopicAttributesInput, GetTopicAttributesOutput } from '#wire/generated/sns.ts';
import { onTopic } from '../access.ts';
import { findTopic } from '../arns.ts';
import type { SnsState } from '../state.ts';
import { shownTopicAttributes } from '../topic-attributes.ts';

export const getTopicAttributes = operation<SnsState, GetTopicAttributesInput, GetTopicAttributesOutput>({
  authorize: onTopic('GetTopicAttributes', (input) => input.TopicArn),
  decide(turn, input): Reply<GetTopicAttributesOutput> {
    const found = findTopic(turn, input.TopicArn);
    if (isRefused(found)) return found;
    const confirmed = turn.state.routes.get(found.key)?.size ?? 0;
    const pending = turn.state.subscriptions.keysBy('byTopic', found.key).length - confirmed;
    return { output: { Attributes: shownTopicAttributes(found.topic, { confirmed, pending }) } };
  },
});
