// The constraints of Kinesis's members. Source: AWS's schema of Kinesis (2013-12-02).

import { Validation } from '#model/validation.ts';

const pattern = (shown: string) => ({ test: new RegExp(`^(?:${shown})$`), shown });

export const STREAM_NAME = pattern('[a-zA-Z0-9_.-]+');
export const STREAM_ARN = pattern('arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+');
export const SHARD_ID = STREAM_NAME;
export const HASH_KEY = pattern('0|([1-9]\\d{0,38})');
export const SEQUENCE_NUMBER = pattern('0|([1-9]\\d{0,128})');
export const RESOURCE_ARN = pattern('arn:aws.*:kinesis:.*:\\d{12}:.*stream/\\S+');

export const ID_LENGTH = { min: 1, max: 128 };
export const PAGE = { min: 1, max: 10_000 };

export const checks = (): Validation => new Validation();

export function checkShardId(validation: Validation, path: string, value: string | undefined): Validation {
  return validation.pattern(path, value, SHARD_ID).length(path, value, ID_LENGTH);
}
