// Delivery streams by name, and the permissions that operations on them need. AWS: Service Authorization Reference, "Amazon Kinesis Firehose":
// one resource type, `arn:aws:firehose:region:account:deliverystream/name`.

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { formatArn, parseArn } from '#model/arn.ts';
import { type Refused, refuse } from '#model/aws-error.ts';
import { type Scope, scopePrefix } from '#model/scope.ts';
import type { Tag } from '#wire/generated/firehose.ts';
import { streamDoesNotExist } from './errors.ts';
import type { FirehoseTurn, StreamContent } from './state.ts';

const RESOURCE = 'deliverystream/';

export const streamKey = (scope: Scope, name: string): string => `${scopePrefix(scope)}${name}`;

export const streamArn = (scope: Scope, name: string): string => formatArn('firehose', scope, `${RESOURCE}${name}`);

interface NamedStream {
  readonly DeliveryStreamName?: string | undefined;
}

export function findStream(turn: FirehoseTurn, name: string): StreamContent | Refused {
  return contentOf(turn, turn.scope, name) ?? refuse(streamDoesNotExist(name, turn.scope.account));
}

/** By the ARN that others have: targets of rules, subscriptions. */
export function streamByArn(turn: FirehoseTurn, arn: string): StreamContent | undefined {
  const parsed = parseArn(arn);
  if (parsed?.service !== 'firehose' || !parsed.resource.startsWith(RESOURCE)) return undefined;
  return contentOf(turn, parsed, parsed.resource.slice(RESOURCE.length));
}

function contentOf({ state }: FirehoseTurn, scope: Pick<Scope, 'account' | 'region'>, name: string) {
  const doc = state.streams.get(`${scope.account}/${scope.region}/${name}`);
  return doc === undefined ? undefined : state.contents.get(doc.number);
}

/** On the stream that the input names. */
export function onStream(action: string) {
  return (turn: FirehoseTurn, input: NamedStream): AuthorizationRequest =>
    permission(turn, action, { name: input.DeliveryStreamName ?? '' });
}

export function permission(
  turn: FirehoseTurn,
  action: string,
  { name, tags = [] }: { readonly name: string; readonly tags?: readonly Tag[] | undefined },
): AuthorizationRequest {
  const context: Record<string, string | readonly string[]> = {};
  const kept = turn.state.streams.get(streamKey(turn.scope, name))?.tags ?? {};
  for (const [key, value] of Object.entries(kept)) context[`aws:ResourceTag/${key}`] = value;
  for (const { Key = '', Value = '' } of tags) context[`aws:RequestTag/${Key}`] = Value;
  if (tags.length > 0) context['aws:TagKeys'] = tags.map(({ Key = '' }) => Key);
  return {
    action: `firehose:${action}`,
    resource: streamArn(turn.scope, name),
    resourceAccount: turn.scope.account,
    context,
  };
}
