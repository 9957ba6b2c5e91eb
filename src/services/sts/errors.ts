// What STS refuses, in AWS's words. AWS: STS API reference.

import { type AwsError, clientError } from '#model/aws-error.ts';

export const accessDenied = (reason: string): AwsError => clientError('AccessDenied', reason, { status: 403 });
export const validationError = (message: string): AwsError => clientError('ValidationError', message);
export const malformedPolicy = (message: string): AwsError => clientError('MalformedPolicyDocument', message);

/** STS tells the value in its message, other services do not. */
export function constraintError(member: string, value: unknown, constraint: string): AwsError {
  const shown = value === undefined ? 'null' : `'${String(value)}'`;
  return validationError(
    value === undefined
      ? `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`
      : `1 validation error detected: Value ${shown} at '${member}' failed to satisfy constraint: ${constraint}`,
  );
}

export const invalidArn = (arn: string): AwsError => validationError(`${arn} is invalid`);
export const durationTooLong = (): AwsError =>
  validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
export const chainedDurationTooLong = (): AwsError =>
  validationError('The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.');
export const policyTooLarge = (): AwsError =>
  clientError('PackedPolicyTooLarge', 'Packed size of policy consumes more than 100% of allotted space.');
export const policyNotFound = (arn: string): AwsError =>
  validationError(`Policy ${arn} does not exist or is not attachable.`);
export const notAvailable = (member: string, what: string): AwsError =>
  validationError(`${member}: ${what} not available here.`);
export const needsLongTermCredentials = (): AwsError =>
  accessDenied('Cannot call GetSessionToken with session credentials');
export const notSigned = (): AwsError =>
  clientError('MissingAuthenticationToken', 'Request is missing Authentication Token', { status: 403 });
export const unknownAccessKey = (): AwsError => validationError('The access key id is not known.');
