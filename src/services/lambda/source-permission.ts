// Whether the role of a mapping's function may read the source: asked when the mapping is made or changed, and before anything is read. A role that lost the permission
// reads nothing, and is asked again after a while. AWS: developer guide, "Lambda execution role": what reads the source acts as the function's role.

import type { PollSource } from '#cell/poll-source.ts';
import { type StreamSource, streamArnOf } from '#cell/stream-source.ts';
import type { Turn } from '#cell/turn.ts';
import { parseArn } from '#model/arn.ts';
import type { LambdaTurn } from './find-function.ts';

const QUEUE_ACTIONS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
const STREAM_ACTIONS = [
  'kinesis:GetRecords',
  'kinesis:GetShardIterator',
  'kinesis:DescribeStream',
  'kinesis:ListShards',
];
const LOOK_AGAIN_MS = 30_000;

/** `turn`: in the source's scope, as the function's role. */
export function mayPoll(turn: Turn, source: PollSource, queueArn: string): boolean {
  return missingOfQueue(turn, source, queueArn) === undefined;
}

/** The first action that the role may not do: `ReceiveMessage`. `turn`: as above. */
export function missingOfQueue(turn: Turn, source: PollSource, queueArn: string): string | undefined {
  const asked = { resource: queueArn, resourcePolicy: source.policy?.(turn, queueArn) };
  return QUEUE_ACTIONS.find((action) => !mayAll(turn, [action], asked))?.slice('sqs:'.length);
}

/** What a mapping of the stream itself needs when it is made. `turn`: as above. */
export function maySetUp(turn: Turn, source: StreamSource, streamArn: string): boolean {
  return mayAll(turn, STREAM_ACTIONS, { resource: streamArn, resourcePolicy: source.policy(turn, streamArn) });
}

/** `sourceArn`: of a stream, or of a consumer, whose records are pushed on AWS. `turn`: as above. */
export function mayRead(turn: Turn, source: StreamSource, sourceArn: string): boolean {
  const action = streamArnOf(sourceArn) === sourceArn ? 'kinesis:GetRecords' : 'kinesis:SubscribeToShard';
  return mayAll(turn, [action], { resource: sourceArn, resourcePolicy: source.policy(turn, sourceArn) });
}

function mayAll(
  turn: Turn,
  actions: readonly string[],
  asked: { readonly resource: string; readonly resourcePolicy: string | undefined },
): boolean {
  const resourceAccount = parseArn(asked.resource)?.account ?? turn.scope.account;
  return actions.every((action) => turn.authorize({ ...asked, resourceAccount, action }).isAllowed);
}

/** When to ask again; undefined: the role was not denied the source a moment ago. */
export function deniedUntilMs({ state, nowMs }: LambdaTurn, key: string): number | undefined {
  const untilMs = state.running.deniedUntilMs.get(key) ?? 0;
  return untilMs > nowMs ? untilMs : undefined;
}

/** Returns when to ask again. */
export function deny({ state, nowMs }: LambdaTurn, key: string): number {
  const untilMs = nowMs + LOOK_AGAIN_MS;
  state.running.deniedUntilMs.set(key, untilMs);
  return untilMs;
}
