// Digests that a client sent with a document (DeleteObjects, configurations): AWS compares them as it does with objects. Of
// CompleteMultipartUpload checksums speak of the object that comes to be, and not of the document; Content-MD5 speaks of the document.

import { type AwsError, isRefused } from '#model/aws-error.ts';
import { BodyDigests } from '#runtime/objects/body-digests.ts';
import type { WireRequest } from '#wire/http-message.ts';
import { readBodyPlan } from '#wire/s3/body-plan.ts';
import { badChecksum, badMd5, digestMissing } from '#wire/s3/refusals.ts';

/** AWS, DeleteObjects: "The Content-MD5 request header is required for all Multi-Object Delete requests", or a checksum in its place. */
const DIGESTED: ReadonlySet<string> = new Set(['DeleteObjects']);

export function documentProblem(request: WireRequest, operation: string | undefined): AwsError | undefined {
  const { headers, body } = request;
  const names = Object.keys(headers);
  const isClaimed = names.some((name) => name === 'content-md5' || name.startsWith('x-amz-checksum-'));
  // A trailer is a checksum, too; then it is looked at with the body.
  const isSent = isClaimed || names.includes('x-amz-trailer');
  if (!isSent && operation !== undefined && DIGESTED.has(operation)) return digestMissing();
  if (!isClaimed || body.length === 0) return undefined;
  const isOfObject = operation === 'CompleteMultipartUpload';
  const claims = isOfObject ? { ...request, headers: { 'content-md5': headers['content-md5'] } } : request;
  const plan = readBodyPlan(claims, { announcedBytes: body.length, isAbsent: false });
  if (isRefused(plan)) return plan.refused;
  const digests = new BodyDigests({ checksum: plan.checksum, needsSha256: false });
  digests.update(body);
  const { md5, checksum } = digests.finish();
  const computed = Buffer.from(md5, 'hex').toString('base64');
  if (plan.md5 !== undefined && plan.md5 !== computed) return badMd5(plan.md5, computed);
  return plan.claimed === undefined || plan.claimed === checksum ? undefined : badChecksum(plan.checksum);
}
