// What has tags and a policy, named by its ARN: a stream or a consumer.

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { parseArn } from '#model/arn.ts';
import { isRefused, type Refused, refuse } from '#model/aws-error.ts';
import type { Validation } from '#model/validation.ts';
import { consumerKey } from './consumers/documents.ts';
import { consumerByArn, consumerPermission } from './consumers/find-consumer.ts';
import { notFound, streamIdReserved, validationRefusal } from './errors.ts';
import { permission, regionProblem, streamByArn } from './find-stream.ts';
import type { KinesisTurn } from './state.ts';
import type { Tags } from './tags.ts';
import { updateStream } from './update-stream.ts';
import { checks, RESOURCE_ARN } from './validation.ts';

export interface ResourceReference {
  readonly ResourceARN?: string | undefined;
  readonly StreamId?: string | undefined;
}

export interface Resource {
  readonly name: string;
  readonly account: string;
  readonly tags: Tags;
  readonly policy: string | undefined;
  permission(action: string): AuthorizationRequest;
  update(change: { readonly tags?: Tags; readonly policy?: string | undefined }): void;
}

export function findResource(
  turn: KinesisTurn,
  { ResourceARN, StreamId }: ResourceReference,
  more: (validation: Validation) => Validation = (validation) => validation,
): Resource | Refused {
  const invalid = validationRefusal(
    more(
      checks()
        .required('resourceARN', ResourceARN)
        .pattern('resourceARN', ResourceARN, RESOURCE_ARN)
        .length('resourceARN', ResourceARN, { min: 1, max: 2_048 }),
    ),
  );
  if (invalid !== undefined) return invalid;
  if (StreamId !== undefined) return refuse(streamIdReserved());
  const arn = ResourceARN as string;
  const foreign = regionProblem(turn, arn);
  if (foreign !== undefined) return refuse(foreign);
  return streamResource(turn, arn) ?? consumerResource(turn, arn) ?? refuse(notFound(`ResourceARN ${arn} not found.`));
}

function streamResource(turn: KinesisTurn, arn: string): Resource | undefined {
  const stream = streamByArn(turn.state, arn);
  if (stream === undefined) return undefined;
  const { name, account, tags, policy } = stream.doc;
  return {
    name,
    account,
    tags,
    policy,
    permission: (action) => permission(action, stream),
    update: (change) => updateStream(turn, stream, change),
  };
}

function consumerResource(turn: KinesisTurn, arn: string): Resource | undefined {
  const found = consumerByArn(turn.state, arn);
  if (found === undefined) return undefined;
  const { stream, consumer } = found;
  const { name, tags, policy } = consumer;
  return {
    name,
    account: stream.doc.account,
    tags,
    policy,
    permission: (action) => consumerPermission(action, found),
    update: (change) => turn.put(turn.state.consumers, consumerKey(consumer), { ...consumer, ...change }),
  };
}

/** The named action on the resource of the ARN, also on one that is not there: who may not ask learns nothing of that. */
export function onResource(action: string) {
  return (turn: KinesisTurn, input: ResourceReference): AuthorizationRequest | undefined => {
    const found = findResource(turn, input);
    if (!isRefused(found)) return found.permission(action);
    const arn = parseArn(input.ResourceARN ?? '');
    if (arn === undefined) return undefined;
    return { action: `kinesis:${action}`, resource: input.ResourceARN as string, resourceAccount: arn.account };
  };
}
