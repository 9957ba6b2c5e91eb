// Which actions a bucket's policy may speak of, and of what: some are about objects, some about the bucket. AWS: Service Authorization
// Reference, "Actions defined by Amazon S3" (resource types `object*` and `bucket*`). Texts of refusals as AWS answers them, recorded in
// questions of users. An action that is in neither list is left alone: AWS adds some every year.

import { wildcardMatches } from '#base/wildcard.ts';
import type { PolicyStatement } from '#model/policy-document.ts';

const OF_OBJECTS = words(`
  AbortMultipartUpload BypassGovernanceRetention DeleteObject DeleteObjectTagging DeleteObjectVersion DeleteObjectVersionTagging GetObject
  GetObjectAcl GetObjectAttributes GetObjectLegalHold GetObjectRetention GetObjectTagging GetObjectTorrent GetObjectVersion GetObjectVersionAcl
  GetObjectVersionAttributes GetObjectVersionForReplication GetObjectVersionTagging GetObjectVersionTorrent ListMultipartUploadParts
  ObjectOwnerOverrideToBucketOwner PutObject PutObjectAcl PutObjectLegalHold PutObjectRetention PutObjectTagging PutObjectVersionAcl
  PutObjectVersionTagging ReplicateDelete ReplicateObject ReplicateTags RestoreObject
`);
const OF_BUCKETS = words(`
  CreateBucket DeleteBucket DeleteBucketPolicy DeleteBucketWebsite GetAccelerateConfiguration GetAnalyticsConfiguration GetBucketAcl GetBucketCORS
  GetBucketLocation GetBucketLogging GetBucketNotification GetBucketObjectLockConfiguration GetBucketOwnershipControls GetBucketPolicy
  GetBucketPolicyStatus GetBucketPublicAccessBlock GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite
  GetEncryptionConfiguration GetIntelligentTieringConfiguration GetInventoryConfiguration GetLifecycleConfiguration GetMetricsConfiguration
  GetReplicationConfiguration ListBucket ListBucketMultipartUploads ListBucketVersions PutAccelerateConfiguration PutAnalyticsConfiguration
  PutBucketAcl PutBucketCORS PutBucketLogging PutBucketNotification PutBucketObjectLockConfiguration PutBucketOwnershipControls PutBucketPolicy
  PutBucketPublicAccessBlock PutBucketRequestPayment PutBucketTagging PutBucketVersioning PutBucketWebsite PutEncryptionConfiguration
  PutIntelligentTieringConfiguration PutInventoryConfiguration PutLifecycleConfiguration PutMetricsConfiguration PutReplicationConfiguration
`);

/** AWS's text; undefined: nothing is wrong. */
export function actionProblem(statement: PolicyStatement): string | undefined {
  const { actions, notActions, resources } = statement;
  if ([...(actions ?? []), ...(notActions ?? [])].some((action) => !isOfS3(action))) return 'Policy has invalid action';
  const isIdle = actions?.some((action) => !appliesToAny(action, resources ?? ['*'])) === true;
  return isIdle ? 'Action does not apply to any resource(s) in statement' : undefined;
}

function isOfS3(action: string): boolean {
  return action === '*' || action.toLowerCase().startsWith('s3:');
}

function appliesToAny(action: string, resources: readonly string[]): boolean {
  const pattern = action.toLowerCase().replace(/^s3:/, '');
  const isOfObjects = OF_OBJECTS.some((name) => wildcardMatches(pattern, name));
  const isOfBuckets = OF_BUCKETS.some((name) => wildcardMatches(pattern, name));
  if (isOfObjects === isOfBuckets) return true;
  return resources.some((resource) => (isOfObjects ? mayBeObject(resource) : mayBeBucket(resource)));
}

/** `arn:aws:s3:::bucket/key`, or a pattern that may match one. */
function mayBeObject(resource: string): boolean {
  return resource.includes('/') || resource.endsWith('*');
}

function mayBeBucket(resource: string): boolean {
  const slash = resource.indexOf('/');
  return slash === -1 || resource.slice(0, slash).includes('*');
}

function words(text: string): readonly string[] {
  return text.toLowerCase().trim().split(/\s+/);
}
