import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { SetTopicAttributesInput, SetTopicAttributesOutput } from '#wire/generated/sns.ts';
import { onTopic } from '../access.ts';
import { findTopic } from '../arns.ts';
import { missingParameter } from '../errors.ts';
import type { SnsState } from '../state.ts';
import { topicAttributeProblem, withTopicAttribute } from '../topic-attributes.ts';

export const setTopicAttributes = operation<SnsState, SetTopicAttributesInput, SetTopicAttributesOutput>({
  authorize: onTopic('SetTopicAttributes', (input) => input.TopicArn),
  decide(turn, input): Reply<SetTopicAttributesOutput> {
    const found = findTopic(turn, input.TopicArn);
    if (isRefused(found)) return found;
    const { AttributeName: name, AttributeValue: value = '' } = input;
    if (name === undefined) return refuse(missingParameter('AttributeName'));
    const { key, topic } = found;
    const problem = topicAttributeProblem(name, value, topic);
    if (problem !== undefined) return refuse(problem);
    turn.put(turn.state.topics, key, { ...topic, attributes: withTopicAttribute(topic.attributes, name, value) });
    return { output: {} };
  },
});
