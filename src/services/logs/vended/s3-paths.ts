// Where in a bucket the objects of a delivery are. AWS: API reference, S3DeliveryConfiguration; that a delivery begins with the service's folder and an update leaves
// it out when it does not say it: hashicorp/terraform-provider-aws 46328; the folder of buses: terraform-aws-modules/terraform-aws-eventbridge, examples;
// the refusal: KensioSoftware/yulin 1003.

import type { AwsError } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type { S3DeliveryConfiguration } from '#wire/generated/logs.ts';
import { isPath } from '../objects/key.ts';
import type { DestinationType } from './destination-kinds.ts';
import type { S3Paths } from './documents.ts';
import * as errors from './errors.ts';

const SERVICE_PATH = 'AWSLogs/{account-id}/EventBusLogs/';
const PATH_LENGTH_MAX = 256;

/** `paths`: what would be kept. */
export function s3Problem(
  asked: S3DeliveryConfiguration | undefined,
  type: DestinationType | undefined,
  paths: S3Paths,
): AwsError | undefined {
  if (asked === undefined) return undefined;
  if (type !== 'S3') return errors.onlyForBuckets();
  const name = 's3DeliveryConfiguration.suffixPath';
  const problem = new Validation().length(name, asked.suffixPath, { min: 1, max: PATH_LENGTH_MAX }).text;
  if (problem !== undefined) return errors.validation(problem);
  return isPath(paths.suffixPath, paths.isHive) ? undefined : errors.invalidSuffixPath();
}

export function newPaths({ suffixPath = '', enableHiveCompatiblePath }: S3DeliveryConfiguration = {}): S3Paths {
  return { suffixPath: SERVICE_PATH + suffixPath.replace(/^\/+/, ''), isHive: enableHiveCompatiblePath === true };
}

export function updatedPaths(before = newPaths(), asked: S3DeliveryConfiguration = {}): S3Paths {
  const { suffixPath = before.suffixPath, enableHiveCompatiblePath: isHive = before.isHive } = asked;
  return { suffixPath: suffixPath.replace(/^\/+/, ''), isHive };
}

export function shownPaths({ suffixPath, isHive }: S3Paths): S3DeliveryConfiguration {
  return { suffixPath, enableHiveCompatiblePath: isHive };
}
