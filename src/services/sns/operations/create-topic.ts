// CreateTopic. AWS API reference: idempotent while name, attributes and tags are the same.

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { operation, type Reply } from '#cell/service-definition.ts';
import { formatArn } from '#model/arn.ts';
import { type AwsError, refuse } from '#model/aws-error.ts';
import { scopePrefix } from '#model/scope.ts';
import type { CreateTopicInput, CreateTopicOutput } from '#wire/generated/sns.ts';
import {
  fifoTopicNameInvalid,
  missingParameter,
  notAvailable,
  topicExistsWithOtherAttributes,
  topicExistsWithOtherTags,
  topicNameInvalid,
} from '../errors.ts';
import { TOPIC_NAME_LENGTH_MAX } from '../limits.ts';
import type { SnsState, SnsTurn, Tag, TopicDoc } from '../state.ts';
import { tagsProblem } from '../tags.ts';
import { shownTopicAttributes, topicAttributeProblem, withTopicAttribute } from '../topic-attributes.ts';

type Attributes = Readonly<Record<string, string>>;

export const createTopic = operation<SnsState, CreateTopicInput, CreateTopicOutput>({
  authorize(turn, input): AuthorizationRequest {
    const resource = formatArn('sns', turn.scope, input.Name ?? '');
    return { action: 'SNS:CreateTopic', resource, resourceAccount: turn.scope.account };
  },
  decide(turn, input): Reply<CreateTopicOutput> {
    const { Name: name, Attributes: given = {}, Tags = [] } = input;
    if (name === undefined) return refuse(missingParameter('Name'));
    const isFifo = given['FifoTopic']?.toLowerCase() === 'true';
    const arn = formatArn('sns', turn.scope, name);
    const problem = nameProblem(name, isFifo) ?? inputProblem(input, { arn, isFifo });
    if (problem !== undefined) return refuse(problem);
    const tags = Tags as readonly Tag[];
    const key = `${scopePrefix(turn.scope)}${name}`;
    const existing = turn.state.topics.get(key);
    if (existing !== undefined) {
      const difference = differenceTo(existing, given, tags);
      return difference === undefined ? { output: { TopicArn: arn } } : refuse(difference);
    }
    turn.put(turn.state.topics, key, newTopic(turn, { name, arn, isFifo, attributes: settings(given), tags }));
    return { output: { TopicArn: arn } };
  },
});

function newTopic(turn: SnsTurn, made: Pick<TopicDoc, 'name' | 'arn' | 'isFifo' | 'attributes' | 'tags'>): TopicDoc {
  const { account, region } = turn.scope;
  return { ...made, id: turn.state.nextId, account, region, subscriptionsDeleted: 0 };
}

function nameProblem(name: string, isFifo: boolean): AwsError | undefined {
  if (isFifo) {
    const isFine = /^[A-Za-z0-9_-]+\.fifo$/.test(name) && name.length <= TOPIC_NAME_LENGTH_MAX;
    return isFine ? undefined : fifoTopicNameInvalid();
  }
  return /^[A-Za-z0-9_-]+$/.test(name) && name.length <= TOPIC_NAME_LENGTH_MAX ? undefined : topicNameInvalid();
}

function inputProblem(input: CreateTopicInput, topic: { arn: string; isFifo: boolean }): AwsError | undefined {
  if (input.DataProtectionPolicy !== undefined && input.DataProtectionPolicy !== '') {
    return notAvailable('DataProtectionPolicy', 'message data protection');
  }
  for (const [name, value] of Object.entries(input.Attributes ?? {})) {
    const problem = name === 'FifoTopic' ? undefined : topicAttributeProblem(name, value, topic);
    if (problem !== undefined) return problem;
  }
  return tagsProblem(input.Tags);
}

/** What is stored: everything but FifoTopic, which the name tells. */
function settings(given: Attributes): Attributes {
  let attributes: Attributes = {};
  for (const [name, value] of Object.entries(given)) {
    if (name !== 'FifoTopic') attributes = withTopicAttribute(attributes, name, value);
  }
  return attributes;
}

function differenceTo(existing: TopicDoc, given: Attributes, tags: readonly Tag[]): AwsError | undefined {
  const shown = shownTopicAttributes(existing, { confirmed: 0, pending: 0 });
  for (const [name, value] of Object.entries(settings(given))) {
    if (shown[name] !== value) return topicExistsWithOtherAttributes();
  }
  const has = (tag: Tag): boolean => existing.tags.some(({ Key, Value }) => Key === tag.Key && Value === tag.Value);
  return tags.every(has) ? undefined : topicExistsWithOtherTags();
}
