// The stream that a mapping names, checked as AWS does when a mapping is made or changed: it is there, and the function's role may read it. Source: Lambda developer
// guide, "Configuring your Lambda function's execution role" for Kinesis, AWSLambdaKinesisExecutionRole.

import { streamArnOf } from '#cell/stream-source.ts';
import type { Turn } from '#cell/turn.ts';
import { parseArn } from '#model/arn.ts';
import { type Refused, refuse } from '#model/aws-error.ts';
import { rootOf } from '#model/principal.ts';
import { scopeOf } from '#model/scope.ts';
import { noStreamPermission, notAvailable, streamNotFound, unrecognizedSource } from '../errors.ts';
import type { FoundVersion, LambdaTurn } from '../find-function.ts';
import { sessionOf } from '../roles.ts';
import { mayRead, maySetUp } from '../source-permission.ts';

export function checkedStream(turn: LambdaTurn, found: FoundVersion, sourceArn: string): { wakeKey: string } | Refused {
  const source = turn.doors.streams.get('kinesis');
  const arn = parseArn(sourceArn);
  if (source === undefined || arn === undefined) return refuse(unrecognizedSource(sourceArn));
  const resource = streamArnOf(sourceArn);
  const own = turn.within(scopeOf(arn.account, arn.region), sessionOf(turn, found.doc, found.settings));
  if (source.describe(own, resource) === undefined) return refuse(streamNotFound(sourceArn));
  if (!maySetUp(own, source, resource)) return refuse(noStreamPermission(sourceArn));
  const problem =
    resource === sourceArn ? undefined : consumerProblem(own.within(own.scope, rootOf(arn.account)), sourceArn);
  if (problem !== undefined) return problem;
  return mayRead(own, source, sourceArn)
    ? { wakeKey: source.wakeKey(resource) }
    : refuse(noStreamPermission(sourceArn));
}

/** That the consumer is there, whoever asks: the role's permission is another question (AWS's own policy for such roles does not let it describe one). */
function consumerProblem(turn: Turn, consumerArn: string): Refused | undefined {
  const { operations } = turn.doors;
  if (operations.find('kinesis', 'DescribeStreamConsumer') !== 'callable') {
    return refuse(notAvailable('A mapping of a stream consumer'));
  }
  const result = operations.call(turn, {
    service: 'kinesis',
    operation: 'DescribeStreamConsumer',
    input: { ConsumerARN: consumerArn },
    then: { reaction: 'tidied', subject: '' },
  });
  if ('succeeded' in result) return undefined;
  return refuse('refused' in result ? streamNotFound(consumerArn) : notAvailable('A mapping of a stream consumer'));
}
