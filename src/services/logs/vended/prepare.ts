// What happens to what a delivery leads to when it is set up, as far as whoever sets it up may do that. What is in another account its owner prepares. AWS:
// CloudWatch Logs user guide, "Logging that requires additional permissions [V2]".

import type { BucketDestination, LogDelivery, LogDestination, LogSource } from '#cell/log-delivery.ts';
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
  if (place.kind !== 'group') return prepareDeliveries(turn, [{ source, destination: place }])?.refused;
  prepareGroup(turn, place);
  return undefined;
}

/** Buckets are looked for before anything is recorded, and are let in when nothing can be refused any more. */
export function prepareDeliveries<D extends LogDelivery>(
  turn: LogsTurn,
  deliveries: readonly D[],
): { readonly delivery: D; readonly refused: AwsError } | undefined {
  for (const check of [bucketRefusal, streamRefusal]) {
    for (const delivery of deliveries) {
      const refused = check(turn, delivery.destination);
      if (refused !== undefined) return { delivery, refused };
    }
  }
  for (const { source, destination } of deliveries) {
    if (destination.kind === 'bucket') letIntoBucket(turn, source, destination);
  }
  return undefined;
}

function bucketRefusal(turn: LogsTurn, destination: LogDestination): AwsError | undefined {
  return destination.kind === 'bucket' ? bucketProblem(turn, destination.bucket, destination.owner) : undefined;
}

/** AWS, "Logs sent to Firehose": "AWS gives this tag to the destination delivery stream when you set up the logging"; the caller needs TagDeliveryStream. */
function streamRefusal(turn: LogsTurn, destination: LogDestination): AwsError | undefined {
  const arn = destination.kind === 'stream' ? parseArn(destination.streamArn) : undefined;
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
function letIntoBucket(turn: LogsTurn, source: LogSource, destination: BucketDestination): void {
  const { bucket: Bucket, owner } = destination;
  if (owner !== turn.scope.account) return;
  const read = callOperation(turn, { service: 's3', operation: 'GetBucketPolicy', input: { Bucket } });
  if (isRefused(read) && read.refused.code !== 'NoSuchBucketPolicy') return;
  const before = isRefused(read) ? undefined : (read.output as { readonly Policy: string }).Policy;
  // AWS adds nothing to a policy with NotAction or NotPrincipal.
  const isOthers = before !== undefined && !before.includes(POLICY_NAME) && before.includes(DELIVERY_SERVICE);
  if (isOthers || (before !== undefined && /"Not(?:Action|Principal)"/.test(before))) return;
  const { partition } = turn.scope;
  const resource = `arn:${partition}:s3:::${Bucket}/${fixedPrefix({ source, destination })}*`;
  const { account, region } = source;
  const equals = { 's3:x-amz-acl': 'bucket-owner-full-control' };
  const added = { action: 's3:PutObject', resource, scope: { account, region, partition }, equals };
  const Policy = withStatement(before, added, { Id: POLICY_NAME });
  if (Policy !== undefined)
    callOperation(turn, { service: 's3', operation: 'PutBucketPolicy', input: { Bucket, Policy } });
}
