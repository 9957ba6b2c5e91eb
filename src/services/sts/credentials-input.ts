// What operations that hand out credentials share.

import type { AwsError } from '#model/aws-error.ts';
import type { Credentials } from '#wire/generated/sts.ts';
import { constraintError } from './errors.ts';
import type { IssuedCredentials } from './sessions.ts';

export function checkDuration(
  seconds: number | undefined,
  { min, max }: { readonly min: number; readonly max: number },
): AwsError | undefined {
  if (seconds === undefined || (seconds >= min && seconds <= max)) return undefined;
  const bound = seconds < min ? `greater than or equal to ${min}` : `less than or equal to ${max}`;
  return constraintError('durationSeconds', seconds, `Member must have value ${bound}`);
}

export function renderCredentials(issued: IssuedCredentials): Credentials {
  return {
    AccessKeyId: issued.accessKeyId,
    SecretAccessKey: issued.secretAccessKey,
    SessionToken: issued.sessionToken,
    Expiration: issued.expiresAtMs,
  };
}
