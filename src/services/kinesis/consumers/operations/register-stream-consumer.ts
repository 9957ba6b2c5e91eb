// RegisterStreamConsumer. The consumer can be used at once.

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { operation, type Reply } from '#cell/service-definition.ts';
import { type AwsError, isRefused, refuse } from '#model/aws-error.ts';
import { scopeOf } from '#model/scope.ts';
import type { RegisterStreamConsumerInput, RegisterStreamConsumerOutput } from '#wire/generated/kinesis.ts';
import { isCommitted } from '../../account.ts';
import { validationRefusal } from '../../errors.ts';
import { onStream, streamByArn } from '../../find-stream.ts';
import type { Stream } from '../../shard.ts';
import type { KinesisState, KinesisTurn } from '../../state.ts';
import { withRequestTags } from '../../tag-context.ts';
import { checkTags, tagsProblem } from '../../tags.ts';
import { checks, STREAM_ARN } from '../../validation.ts';
import { consumerArn, consumerKey } from '../documents.ts';
import { consumerExists, tooManyConsumers } from '../errors.ts';
import { checkConsumerName, consumersOf, reservedProblem, streamOf } from '../find-consumer.ts';
import { ADVANTAGE_CONSUMERS_MAX, CONSUMERS_MAX } from '../limits.ts';
import { consumerView } from '../views.ts';

export const registerStreamConsumer = operation<
  KinesisState,
  RegisterStreamConsumerInput,
  RegisterStreamConsumerOutput
>({
  authorize: permissions,
  decide(turn, input): Reply<RegisterStreamConsumerOutput> {
    const validation = checks()
      .required('streamARN', input.StreamARN)
      .pattern('streamARN', input.StreamARN, STREAM_ARN)
      .required('consumerName', input.ConsumerName);
    const invalid = validationRefusal(checkTags(checkConsumerName(validation, input.ConsumerName), input.Tags));
    if (invalid !== undefined) return invalid;
    const stream = streamOf(turn, input.StreamARN as string);
    if (isRefused(stream)) return stream;
    const name = input.ConsumerName as string;
    const problem = problemOf(turn, stream, input);
    if (problem !== undefined) return refuse(problem);
    const consumer = {
      stream: stream.doc.number,
      name,
      arn: consumerArn(stream.doc, name, turn.nowMs),
      createdAtMs: turn.nowMs,
      tags: { ...input.Tags },
    };
    turn.put(turn.state.consumers, consumerKey(consumer), consumer);
    return { output: { Consumer: consumerView(consumer, 'CREATING') } };
  },
});

/** AWS: API reference: who gives tags must be allowed kinesis:TagResource for the consumer that will be registered. */
function permissions(turn: KinesisTurn, input: RegisterStreamConsumerInput): AuthorizationRequest[] | undefined {
  const register = onStream('RegisterStreamConsumer')(turn, input);
  if (register === undefined) return undefined;
  const stream = streamByArn(turn.state, input.StreamARN ?? '');
  if (stream === undefined || Object.keys(input.Tags ?? {}).length === 0) return [register];
  const resource = consumerArn(stream.doc, input.ConsumerName ?? '', turn.nowMs);
  const tagging = { action: 'kinesis:TagResource', resource, resourceAccount: stream.doc.account };
  return [register, tagging].map((asked) => withRequestTags(asked, { tags: input.Tags }));
}

function problemOf(turn: KinesisTurn, stream: Stream, input: RegisterStreamConsumerInput): AwsError | undefined {
  const { doc } = stream;
  const name = input.ConsumerName as string;
  const known = consumersOf(turn.state, stream);
  const problem = reservedProblem(input) ?? tagsProblem(input.Tags, doc.name, doc.account);
  if (problem !== undefined) return problem;
  if (known.some((consumer) => consumer.name === name)) return consumerExists(name, doc);
  const isAdvantage = doc.mode === 'ON_DEMAND' && isCommitted(turn, scopeOf(doc.account, doc.region));
  const quota = isAdvantage ? ADVANTAGE_CONSUMERS_MAX : CONSUMERS_MAX;
  return known.length >= quota ? tooManyConsumers(doc, quota) : undefined;
}
