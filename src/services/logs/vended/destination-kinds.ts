// What a delivery destination can be: a log group, a delivery stream of Firehose, or a bucket, also with a prefix. X-Ray is refused by name.

import { parseArn } from '#model/arn.ts';
import type { AwsError } from '#model/aws-error.ts';
import { scopeOf } from '#model/scope.ts';
import { groupDoesNotExist } from '../errors.ts';
import { groupNameOfArn, type LogsTurn } from '../find-group.ts';
import { groupKey } from '../state.ts';
import * as errors from './errors.ts';

/** Members of AWS's DeliveryDestinationType. */
export type DestinationType = 'CWL' | 'FH' | 'S3';

const STREAM = /^deliverystream\/[a-zA-Z0-9_.-]{1,64}$/;

export function destinationTypeOf(resourceArn: string): DestinationType | undefined {
  const arn = parseArn(resourceArn);
  if (arn === undefined) return undefined;
  if (arn.service === 's3' && arn.resource !== '') return 'S3';
  if (arn.service === 'firehose' && STREAM.test(arn.resource)) return 'FH';
  return groupNameOfArn(resourceArn) === undefined ? undefined : 'CWL';
}

/** `arn:aws:s3:::logs/shop` is the bucket `logs` with the prefix `shop`. */
export function bucketOf(resourceArn: string): { readonly bucket: string; readonly prefix: string } {
  const { resource = '' } = parseArn(resourceArn) ?? {};
  const [bucket = '', ...folders] = resource.split('/');
  return { bucket, prefix: folders.join('/') };
}

export function bucketProblem(turn: LogsTurn, bucket: string, owner: string): AwsError | undefined {
  const isOwners = turn.doors.objects?.findBucket(turn, bucket)?.account === owner;
  return isOwners ? undefined : errors.resourceNotAccessible();
}

/** AWS: API reference, PutDeliveryDestination: it is created in the account of what it stands for. A stream is looked for when a delivery is created. */
export function resourceProblem(turn: LogsTurn, resourceArn: string, type: DestinationType): AwsError | undefined {
  const arn = parseArn(resourceArn);
  if (arn === undefined) return errors.resourceNotAccessible();
  const { account } = turn.scope;
  if (type === 'S3') return bucketProblem(turn, bucketOf(resourceArn).bucket, account);
  const isOwn = arn.account === account;
  if (type === 'FH') return isOwn ? undefined : errors.resourceNotAccessible();
  const key = groupKey(scopeOf(arn.account, arn.region), groupNameOfArn(resourceArn) ?? '');
  return isOwn && turn.state.groups.has(key) ? undefined : groupDoesNotExist();
}
