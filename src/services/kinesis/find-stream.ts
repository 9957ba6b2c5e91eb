// From what a client names to the stream, and to the permission that the call needs.

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { formatArn, parseArn } from '#model/arn.ts';
import { type AwsError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import type { Validation } from '#model/validation.ts';
import { streamKey } from './documents.ts';
import { invalidArgument, streamIdReserved, streamNotFound, validationRefusal } from './errors.ts';
import type { Stream } from './shard.ts';
import type { KinesisState, KinesisTurn } from './state.ts';
import { withResourceTags } from './tag-context.ts';
import { checks, STREAM_ARN, STREAM_NAME } from './validation.ts';

export interface StreamReference {
  readonly StreamName?: string | undefined;
  readonly StreamARN?: string | undefined;
  readonly StreamId?: string | undefined;
}

interface NamedStream {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly arn: string;
}

/** `more` adds what else the operation's input must satisfy: AWS tells everything that is broken at once. */
export function findStream(
  turn: KinesisTurn,
  input: StreamReference,
  more: (validation: Validation) => Validation = (validation) => validation,
): Stream | Refused {
  const problem = validationRefusal(
    more(
      checks()
        .pattern('streamName', input.StreamName, STREAM_NAME)
        .length('streamName', input.StreamName, { min: 1, max: 128 })
        .pattern('streamARN', input.StreamARN, STREAM_ARN),
    ),
  );
  if (problem !== undefined) return problem;
  const named = namedStream(turn, input);
  if ('code' in named) return refuse(named);
  return streamNamed(turn.state, named) ?? refuse(streamNotFound(named.name, named.account));
}

function streamNamed(state: KinesisState, named: NamedStream): Stream | undefined {
  const doc = state.streams.get(streamKey(named, named.name));
  return doc === undefined ? undefined : state.contents.get(doc.number);
}

export function streamByArn(state: KinesisState, arn: string): Stream | undefined {
  const named = nameInArn(arn);
  return named === undefined ? undefined : streamNamed(state, named);
}

function nameInArn(text: string): NamedStream | undefined {
  const arn = parseArn(text);
  if (arn?.service !== 'kinesis' || !arn.resource.startsWith('stream/')) return undefined;
  const name = arn.resource.slice('stream/'.length);
  return name === '' || name.includes('/') ? undefined : { name, account: arn.account, region: arn.region, arn: text };
}

/** Texts: AWS's, from radkawar/stackd. AWS: API reference: "When invoking this API, you must use either the StreamARN or the StreamName parameter, or both." */
function namedStream(turn: KinesisTurn, { StreamName, StreamARN, StreamId }: StreamReference): NamedStream | AwsError {
  if (StreamId !== undefined) return streamIdReserved();
  if (StreamARN === undefined) {
    if (StreamName === undefined) {
      return invalidArgument("Stream arn and stream name can't be empty at the same time");
    }
    const { account, region } = turn.scope;
    return { name: StreamName, account, region, arn: formatArn('kinesis', turn.scope, `stream/${StreamName}`) };
  }
  const named = nameInArn(StreamARN);
  if (named === undefined) return invalidArgument(`StreamARN ${StreamARN} is not the ARN of a stream.`);
  const foreign = regionProblem(turn, StreamARN);
  if (foreign !== undefined) return foreign;
  if (StreamName !== undefined && StreamName !== named.name) {
    return invalidArgument(
      `Input stream name ${StreamName} doesn't match the inferred name in stream arn ${named.name}`,
    );
  }
  return named;
}

/** ARNs reach other accounts, not other regions. Text: badmintoncryer/cdk-preflight (rules/kinesis) and radkawar/stackd. */
export function regionProblem({ scope }: KinesisTurn, arn: string): AwsError | undefined {
  const region = parseArn(arn)?.region;
  return region === undefined || region === scope.region
    ? undefined
    : invalidArgument(`The region specified in the ARN '${arn}' does not match the endpoint region`);
}

export function permission(action: string, stream: Stream): AuthorizationRequest {
  const { arn, account, policy, tags } = stream.doc;
  const asked = { action: `kinesis:${action}`, resource: arn, resourceAccount: account, resourcePolicy: policy };
  return withResourceTags(asked, tags);
}

/** The usual authorization: the named action on the stream of the input. What names no stream is refused when it is decided. */
export function onStream<I extends StreamReference>(action: string) {
  return (turn: KinesisTurn, input: I): AuthorizationRequest | undefined => {
    const named = namedStream(turn, input);
    if ('code' in named) return undefined;
    const stream = streamNamed(turn.state, named);
    if (stream !== undefined) return permission(action, stream);
    return { action: `kinesis:${action}`, resource: named.arn, resourceAccount: named.account };
  };
}

export { isRefused };
