// What is refused of forms. Codes: S3 API reference, "Error responses"; texts and members as AWS answers them, recorded in LocalStack's
// snapshots and in issues of upload libraries. What no record shows is marked as ours.

import { type AwsError, clientError } from '#model/aws-error.ts';
import { accessDenied, invalidArgument } from '../refusals.ts';

export const malformedForm = (): AwsError =>
  clientError('MalformedPOSTRequest', 'The body of your POST request is not well-formed multipart/form-data.');
/** AWS's spelling, and its code without the `Error` that the reference has. */
export const fieldsTooLong = (max: number): AwsError =>
  clientError('MaxPostPreDataLengthExceeded', 'Your POST request fields preceeding the upload file was too large.', {
    members: { MaxPostPreDataLengthBytes: max },
  });
export const notOneFile = (count: number): AwsError =>
  invalidArgument('file', String(count), 'POST requires exactly one file upload per request.');
export const fieldMissing = (name: string): AwsError =>
  invalidArgument(
    name,
    '',
    `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`,
  );
/** Ours: a form that is signed in its head, too. */
export const signedTwice = (): AwsError =>
  clientError(
    'InvalidRequest',
    'A form is authenticated by its fields (policy and signature), not by an Authorization header or query parameters.',
  );
export const invalidPolicy = (reason: string): AwsError =>
  clientError('InvalidPolicyDocument', `Invalid Policy: ${reason}`);
export const policyExpired = (): AwsError => accessDenied('Invalid according to Policy: Policy expired.');
export const conditionFailed = (condition: string): AwsError =>
  accessDenied(`Invalid according to Policy: Policy Condition failed: ${condition}`);
export const extraFields = (names: readonly string[]): AwsError =>
  accessDenied(`Invalid according to Policy: Extra input fields: ${names.join(', ').slice(0, 1024)}`);
export const uploadTooSmall = (proposed: number, min: number): AwsError =>
  clientError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
    members: { ProposedSize: proposed, MinSizeAllowed: min },
  });
/** Ours: metadata whose name could not stand in the head of an answer. */
export const invalidFieldName = (name: string): AwsError =>
  invalidArgument(name.slice(0, 128), '', 'The name of a metadata field must be a valid HTTP header name.');
/** Ours: a line break, which would end a header. */
export const invalidFieldValue = (name: string, value: string): AwsError =>
  invalidArgument(name.slice(0, 128), value, `The value of ${name.slice(0, 128)} must not contain control characters.`);
