// What IAM is asked before an operation on a topic. AWS writes SNS's actions in capitals where it denies them; policies
// match them in any case.

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { isRefused } from '#model/aws-error.ts';
import { findTopic } from './arns.ts';
import type { SnsTurn, TopicDoc } from './state.ts';
import { topicPolicy } from './topic-attributes.ts';

type Context = NonNullable<AuthorizationRequest['context']>;

/** Asks for one action on the topic that an input names; leaves a topic that does not exist to `decide`. */
export function onTopic<I>(action: string, arnOf: (input: I) => string | undefined) {
  return (turn: SnsTurn, input: I): AuthorizationRequest | undefined => {
    const found = findTopic(turn, arnOf(input));
    return isRefused(found) ? undefined : accessTo(turn, found.topic, action);
  };
}

export function accessTo(turn: SnsTurn, topic: TopicDoc, action: string, context: Context = {}): AuthorizationRequest {
  return {
    action: `SNS:${action}`,
    resource: topic.arn,
    resourceAccount: topic.account,
    resourcePolicy: topicPolicy(topic),
    // The default policy's condition: the account that asks. Nobody's request has none, so that the policy, which names
    // everybody as principal, does not let it in. Nor has a service's: as AWS's EventBridge user guide has it, a rule
    // needs a statement of its own in the policy of its topic.
    context: asksForItself(turn) ? { 'aws:SourceOwner': turn.scope.account, ...context } : context,
  };
}

function asksForItself({ principal }: SnsTurn): boolean {
  return principal.kind !== 'anonymous' && principal.kind !== 'service';
}

/**
 * For operations without a resource. AWS, Service Authorization Reference: those on one subscription are among them; who
 * owns it is asked by the operation itself.
 */
export function onAccount(action: string) {
  return (turn: SnsTurn): AuthorizationRequest => ({
    action: `SNS:${action}`,
    resource: '*',
    resourceAccount: turn.scope.account,
  });
}
