// From what a client names to the consumer, and to the permission that the call needs.

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { type AwsError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import type { Validation } from '#model/validation.ts';
import { invalidArgument, streamIdReserved, streamNotFound, validationRefusal } from '../errors.ts';
import { regionProblem, streamByArn } from '../find-stream.ts';
import type { Stream } from '../shard.ts';
import type { KinesisState, KinesisTurn } from '../state.ts';
import { withResourceTags } from '../tag-context.ts';
import { checks, ID_LENGTH, STREAM_ARN, STREAM_NAME } from '../validation.ts';
import { type ConsumerDoc, consumerKey, consumersPrefix } from './documents.ts';
import { consumerNotFound } from './errors.ts';

export interface ConsumerReference {
  readonly StreamARN?: string | undefined;
  readonly ConsumerName?: string | undefined;
  readonly ConsumerARN?: string | undefined;
  readonly StreamId?: string | undefined;
}

export interface FoundConsumer {
  readonly stream: Stream;
  readonly consumer: ConsumerDoc;
}

const CONSUMER_ARN = {
  test: /^arn:aws.*:kinesis:.*:\d{12}:.*stream\/[a-zA-Z0-9_.-]+\/consumer\/[a-zA-Z0-9_.-]+:[0-9]+$/,
  shown: '^(arn):aws.*:kinesis:.*:\\d{12}:.*stream\\/[a-zA-Z0-9_.-]+\\/consumer\\/[a-zA-Z0-9_.-]+:[0-9]+',
};
const ARN_PARTS = /^(.*:(\d{12}):stream\/([^/]+))\/consumer\/([^/:]+):(\d+)$/;

export function checkConsumerName(validation: Validation, name: string | undefined): Validation {
  return validation.pattern('consumerName', name, STREAM_NAME).length('consumerName', name, ID_LENGTH);
}

export function checkConsumerArn(validation: Validation, arn: string | undefined): Validation {
  return validation.pattern('consumerARN', arn, CONSUMER_ARN).length('consumerARN', arn, { min: 1, max: 2048 });
}

/** What is wrong with a member that AWS reserves. */
export function reservedProblem(input: { readonly StreamId?: string | undefined }): AwsError | undefined {
  return input.StreamId === undefined ? undefined : streamIdReserved();
}

/** AWS: API reference, DescribeStreamConsumer: the ARN, or stream and name, or all three as long as they do not conflict. */
export function findConsumer(turn: KinesisTurn, input: ConsumerReference): FoundConsumer | Refused {
  const { StreamARN, ConsumerName, ConsumerARN } = input;
  const validation = checks().pattern('streamARN', StreamARN, STREAM_ARN);
  const invalid = validationRefusal(checkConsumerArn(checkConsumerName(validation, ConsumerName), ConsumerARN));
  if (invalid !== undefined) return invalid;
  const problem = reservedProblem(input);
  if (problem !== undefined) return refuse(problem);
  if (ConsumerARN !== undefined) return byArn(turn, input, ConsumerARN);
  if (StreamARN === undefined || ConsumerName === undefined) {
    return refuse(invalidArgument('Either ConsumerARN or both StreamARN and ConsumerName must be provided.'));
  }
  const stream = streamOf(turn, StreamARN);
  if (isRefused(stream)) return stream;
  const consumer = turn.state.consumers.get(consumerKey({ stream: stream.doc.number, name: ConsumerName }));
  return consumer === undefined ? refuse(consumerNotFound(ConsumerName, stream.doc)) : { stream, consumer };
}

function byArn(
  turn: KinesisTurn,
  { StreamARN, ConsumerName }: ConsumerReference,
  arn: string,
): FoundConsumer | Refused {
  const foreign = regionProblem(turn, arn);
  if (foreign !== undefined) return refuse(foreign);
  const found = consumerByArn(turn.state, arn);
  if (found === undefined) {
    const [, , account = turn.scope.account, stream = '', name = arn] = ARN_PARTS.exec(arn) ?? [];
    return refuse(consumerNotFound(name, { name: stream, account }));
  }
  const isOther =
    (StreamARN !== undefined && StreamARN !== found.stream.doc.arn) ||
    (ConsumerName !== undefined && ConsumerName !== found.consumer.name);
  if (!isOther) return found;
  return refuse(invalidArgument(`StreamARN and ConsumerName do not name the consumer of ConsumerARN ${arn}.`));
}

export function streamOf(turn: KinesisTurn, arn: string): Stream | Refused {
  const foreign = regionProblem(turn, arn);
  if (foreign !== undefined) return refuse(foreign);
  const stream = streamByArn(turn.state, arn);
  if (stream !== undefined) return stream;
  const [, account = turn.scope.account, name = arn] = /:(\d{12}):stream\/([^/]+)/.exec(arn) ?? [];
  return refuse(streamNotFound(name, account));
}

export function consumerByArn(state: KinesisState, arn: string): FoundConsumer | undefined {
  const [, streamArn = '', , , name = ''] = ARN_PARTS.exec(arn) ?? [];
  const stream = streamByArn(state, streamArn);
  if (stream === undefined) return undefined;
  const consumer = state.consumers.get(consumerKey({ stream: stream.doc.number, name }));
  return consumer?.arn === arn ? { stream, consumer } : undefined;
}

export function consumersOf(state: KinesisState, stream: Stream): readonly ConsumerDoc[] {
  return state.consumers.list(consumersPrefix(stream.doc.number));
}

/** The stream is being deleted. */
export function dropConsumers(turn: KinesisTurn, stream: Stream): void {
  for (const consumer of consumersOf(turn.state, stream)) turn.drop(turn.state.consumers, consumerKey(consumer));
}

/** For operations on a consumer: the resource is the consumer, and its own policy speaks along (from memory of AWS's authorization reference). */
export function onConsumer<I extends ConsumerReference>(action: string) {
  return (turn: KinesisTurn, input: I): AuthorizationRequest | undefined => {
    const found = findConsumer(turn, input);
    return isRefused(found) ? unfound(turn, action, input) : consumerPermission(action, found);
  };
}

/** A consumer that is not there: who may not ask learns nothing of that. */
function unfound(turn: KinesisTurn, action: string, input: ConsumerReference): AuthorizationRequest | undefined {
  const { ConsumerARN, StreamARN, ConsumerName } = input;
  const resource =
    ConsumerARN ?? (StreamARN === undefined ? undefined : `${StreamARN}/consumer/${ConsumerName ?? ''}:0`);
  if (resource === undefined) return undefined;
  return {
    action: `kinesis:${action}`,
    resource,
    resourceAccount: /:(\d{12}):/.exec(resource)?.[1] ?? turn.scope.account,
  };
}

export function consumerPermission(action: string, { stream, consumer }: FoundConsumer): AuthorizationRequest {
  const { arn: resource, policy: resourcePolicy, tags } = consumer;
  const resourceAccount = stream.doc.account;
  return withResourceTags({ action: `kinesis:${action}`, resource, resourceAccount, resourcePolicy }, tags);
}
