// Publish to a topic. Order of checks as AWS's replies show it. Text messages to phones and push notifications are not
// available and refused.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { PublishInput, PublishOutput } from '#wire/generated/sns.ts';
import { onTopic } from '../access.ts';
import { findTopic } from '../arns.ts';
import { invalidParameterReason, missingParameter, notAvailable } from '../errors.ts';
import { readMessage, topicProblem } from '../outgoing-message.ts';
import { publish as publishTo } from '../publish.ts';
import type { SnsState } from '../state.ts';

/** AWS takes a topic's ARN in either of the two. */
const topicArnOf = (input: PublishInput): string | undefined => input.TopicArn ?? input.TargetArn;

export const publish = operation<SnsState, PublishInput, PublishOutput>({
  authorize: onTopic('Publish', topicArnOf),
  decide(turn, input): Reply<PublishOutput> {
    const message = readMessage(input, 'messageAttributes');
    if (isRefused(message)) return message;
    if (input.PhoneNumber !== undefined) return refuse(notAvailable('PhoneNumber', 'sending text messages'));
    const arn = topicArnOf(input);
    if (arn === undefined) return refuse(missingParameter('TopicArn or TargetArn'));
    if (input.TargetArn?.includes(':endpoint/') === true) {
      return refuse(invalidParameterReason('TargetArn', 'No endpoint found for the target arn specified'));
    }
    const found = findTopic(turn, arn);
    if (isRefused(found)) return found;
    const problem = topicProblem(found.topic, input);
    return problem === undefined ? { output: publishTo(turn, found, message) } : refuse(problem);
  },
});
