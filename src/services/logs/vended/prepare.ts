// What happens to what a delivery leads to when it is set up, as far as whoever sets it up may do that. What is in another account its owner prepares. AWS:
// CloudWatch Logs user guide, "Logging that requires additional permissions [V2]".

import type { BucketDestination, LogSource } from '#cell/log-delivery.ts';
import { parseArn } from '#model/arn.ts';
import { type AwsError, isRefused } from '#model/aws-error.ts';
import { scopeOf } from '#model/scope.ts';
import type { LogsTurn } from '../find-group.ts';
import { fixedPrefix } from '../objects/key.ts';
import { callOperation } from '../own-call.ts';
import { POLICY_NAME, withStatement } from './delivery-policy.ts';
import { DELIVERY_SERVICE } from './delivery-service.ts';
import { bucketProblem } from './destination-kinds.ts';
import { prepareGroup } from './prepare-group.ts';
import type { VendedRoute } from './routes.ts';

/** Why there can be no delivery; then nothing was recorded. */
export function prepare(
  turn: LogsTurn,
  { source, place }: Pick<VendedRoute, 'source' | 'place'>,
): AwsError | undefined {
  if (place.kind === 'stream') return prepareStream(turn, place.streamArn);
  if (place.kind === 'bucket') return prepareBucket(turn, source, place);
  prepareGroup(turn, place);
  return undefined;
}

/** AWS, "Logs sent to Firehose": "AWS gives this tag to the destination delivery stream when you set up the logging"; the caller needs TagDeliveryStream. */
function prepareStream(turn: LogsTurn, streamArn: string): AwsError | undefined {
  const arn = parseArn(streamArn);
  if (arn === undefined || arn.account !== turn.scope.account) return undefined;
  const own = turn.within(scopeOf(arn.account, arn.region), turn.principal) as LogsTurn;
  const tagged = callOperation(own, {
    service: 'firehose',
    operation: 'TagDeliveryStream',
    input: {
      DeliveryStreamName: arn.resource.slice('deliverystream/'.length),
      Tags: [{ Key: 'LogDeliveryEnabled', Value: 'true' }],
    },
  });
  return isRefused(tagged) ? tagged.refused : undefined;
}

/** AWS, "Logs sent to Amazon S3": a bucket's policy gets the statement when the caller may read and put it; what others wrote for the service stays. */
function prepareBucket(turn: LogsTurn, source: LogSource, destination: BucketDestination): AwsError | undefined {
  const { bucket: Bucket, owner } = destination;
  const problem = bucketProblem(turn, Bucket, owner);
  if (problem !== undefined) return problem;
  if (owner !== turn.scope.account) return undefined;
  const read = callOperation(turn, { service: 's3', operation: 'GetBucketPolicy', input: { Bucket } });
  if (isRefused(read) && read.refused.code !== 'NoSuchBucketPolicy') return undefined;
  const before = isRefused(read) ? undefined : (read.output as { readonly Policy: string }).Policy;
  // AWS adds nothing to a policy with NotAction or NotPrincipal.
  const isOthers = before !== undefined && !before.includes(POLICY_NAME) && before.includes(DELIVERY_SERVICE);
  if (isOthers || (before !== undefined && /"Not(?:Action|Principal)"/.test(before))) return undefined;
  const { partition } = turn.scope;
  const resource = `arn:${partition}:s3:::${Bucket}/${fixedPrefix({ source, destination })}*`;
  const { account, region } = source;
  const equals = { 's3:x-amz-acl': 'bucket-owner-full-control' };
  const added = { action: 's3:PutObject', resource, scope: { account, region, partition }, equals };
  const Policy = withStatement(before, added, { Id: POLICY_NAME });
  if (Policy !== undefined)
    callOperation(turn, { service: 's3', operation: 'PutBucketPolicy', input: { Bucket, Policy } });
  return undefined;
}
