// What a delivery destination can be: a log group, or a delivery stream of Firehose. Buckets and X-Ray are refused by name.

import { parseArn } from '#model/arn.ts';
import type { AwsError } from '#model/aws-error.ts';
import { scopeOf } from '#model/scope.ts';
import { groupDoesNotExist } from '../errors.ts';
import { groupNameOfArn, type LogsTurn } from '../find-group.ts';
import { groupKey } from '../state.ts';
import * as errors from './errors.ts';

/** Members of AWS's DeliveryDestinationType. */
export type DestinationType = 'CWL' | 'FH';

const STREAM = /^deliverystream\/[a-zA-Z0-9_.-]{1,64}$/;

export function destinationTypeOf(resourceArn: string): DestinationType | undefined {
  const arn = parseArn(resourceArn);
  if (arn === undefined) return undefined;
  if (arn.service === 'firehose' && STREAM.test(arn.resource)) return 'FH';
  return groupNameOfArn(resourceArn) === undefined ? undefined : 'CWL';
}

/** AWS: API reference, PutDeliveryDestination: it is created in the account of what it stands for. A stream is looked for when a delivery is created. */
export function resourceProblem(turn: LogsTurn, resourceArn: string, type: DestinationType): AwsError | undefined {
  const arn = parseArn(resourceArn);
  if (arn === undefined) return errors.resourceNotAccessible();
  const isOwn = arn.account === turn.scope.account;
  if (type === 'FH') return isOwn ? undefined : errors.resourceNotAccessible();
  const key = groupKey(scopeOf(arn.account, arn.region), groupNameOfArn(resourceArn) ?? '');
  return isOwn && turn.state.groups.has(key) ? undefined : groupDoesNotExist();
}
