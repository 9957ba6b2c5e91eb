// What IAM refuses, in AWS's words. AWS: IAM API reference; texts as recorded against the service (LocalStack,
// tests/aws/services/iam/*.snapshot.json).

import { type AwsError, clientError } from '#model/aws-error.ts';

export const accessDenied = (reason: string): AwsError => clientError('AccessDenied', reason, { status: 403 });

const noSuchEntity = (message: string): AwsError => clientError('NoSuchEntity', message, { status: 404 });
const deleteConflict = (message: string): AwsError => clientError('DeleteConflict', message, { status: 409 });
const alreadyExists = (message: string): AwsError => clientError('EntityAlreadyExists', message, { status: 409 });
const limitExceeded = (message: string): AwsError => clientError('LimitExceeded', message, { status: 409 });

export const validationError = (message: string): AwsError => clientError('ValidationError', message);
export const invalidInput = (message: string): AwsError => clientError('InvalidInput', message);
export const malformedPolicy = (message: string): AwsError => clientError('MalformedPolicyDocument', message);

export const entityNotFound = (noun: string, name: string): AwsError =>
  noSuchEntity(`The ${noun} with name ${name} cannot be found.`);
export const inlinePolicyNotFound = (noun: string, name: string): AwsError =>
  noSuchEntity(`The ${noun} policy with name ${name} cannot be found.`);
export const policyNotFound = (arn: string): AwsError => noSuchEntity(`Policy ${arn} was not found.`);
export const policyNotAttachable = (arn: string): AwsError =>
  noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
export const policyVersionNotFound = (arn: string, version: string): AwsError =>
  noSuchEntity(`Policy ${arn} version ${version} does not exist or is not attachable.`);
export const accessKeyNotFound = (id: string): AwsError =>
  noSuchEntity(`The Access Key with id ${id} cannot be found.`);
export const loginProfileNotFound = (name: string): AwsError =>
  noSuchEntity(`Login Profile for User ${name} cannot be found.`);
export const boundaryNotFound = (noun: string, name: string): AwsError =>
  noSuchEntity(`The ${noun} with name ${name} has no permissions boundary.`);

export const entityExists = (noun: 'Role' | 'User', name: string): AwsError =>
  alreadyExists(`${noun} with name ${name} already exists.`);
export const policyExists = (name: string): AwsError =>
  alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);

export const mustDetachPolicies = (): AwsError =>
  deleteConflict('Cannot delete entity, must detach all policies first.');
export const mustDeletePolicies = (): AwsError => deleteConflict('Cannot delete entity, must delete policies first.');
export const mustDeleteAccessKeys = (): AwsError =>
  deleteConflict('Cannot delete entity, must delete access keys first.');
export const policyIsAttached = (): AwsError => deleteConflict('Cannot delete a policy attached to entities.');
export const policyHasVersions = (): AwsError =>
  deleteConflict(
    "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
  );
export const versionIsDefault = (): AwsError => deleteConflict('Cannot delete the default version of a policy.');

export const quotaExceeded = (quota: string, limit: number): AwsError =>
  limitExceeded(`Cannot exceed quota for ${quota}: ${limit}`);
export const tooManyVersions = (): AwsError =>
  limitExceeded(
    'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
  );
export const inlinePoliciesTooLarge = (limits: { bytes: number; noun: string; name: string }): AwsError =>
  limitExceeded(`Maximum policy size of ${limits.bytes} bytes exceeded for ${limits.noun} ${limits.name}`);

export const invalidArn = (arn: string): AwsError => validationError(`ARN ${arn} is not valid.`);
export const invalidMarker = (): AwsError => validationError('Invalid Marker.');
export const awsManagedPolicy = (arn: string): AwsError =>
  accessDenied(`Policy ${arn} is managed by AWS and cannot be changed.`);
export const userNameNeeded = (): AwsError =>
  validationError('Must specify userName when calling with non-User credentials');
export const duplicateTagKeys = (isCaseless: boolean): AwsError =>
  invalidInput(`Duplicate tag keys found.${isCaseless ? ' Please note that Tag keys are case insensitive.' : ''}`);
/** AWS: user guide, "Rules for tagging in IAM and AWS STS": the prefix aws: is reserved. The text is that of its other services. */
export const reservedTagKey = (): AwsError =>
  invalidInput('aws: prefixed tag key names are not allowed for external use.');
