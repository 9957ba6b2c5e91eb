// Condition keys of S3's own that a bucket's policy may ask for. AWS: Service Authorization Reference, "Condition keys for Amazon S3". A key that
// does not exist is refused: a denial that can never hold would look like one that does. Keys of features that are not here (access points,
// jobs, Object Lock) may be asked for; no request has them, as on AWS where the feature is not used.

import type { PolicyStatement } from '#model/policy-document.ts';

const KEYS: ReadonlySet<string> = new Set(
  `
  accessgrantsinstancearn accesspointnetworkorigin authtype dataaccesspointaccount dataaccesspointarn delimiter destinationregion
  existingjoboperation existingjobpriority if-match if-none-match inventoryaccessibleoptionalfields isreplicationpauserequest
  jobsuspendedcause locationconstraint max-keys object-lock-legal-hold object-lock-mode object-lock-remaining-retention-days
  object-lock-retain-until-date objectcreationoperation prefix replicationpauseduration requestjoboperation requestjobpriority
  requestobjecttagkeys resourceaccount signatureage signatureversion tlsversion versionid x-amz-acl x-amz-bucket-namespace
  x-amz-content-sha256 x-amz-copy-source x-amz-grant-full-control x-amz-grant-read x-amz-grant-read-acp x-amz-grant-write
  x-amz-grant-write-acp x-amz-metadata-directive x-amz-object-ownership x-amz-server-side-encryption
  x-amz-server-side-encryption-aws-kms-key-id x-amz-server-side-encryption-customer-algorithm x-amz-storage-class
  x-amz-website-redirect-location
  `
    .trim()
    .split(/\s+/),
);
const TAGGED = /^(?:existingobjecttag|requestobjecttag|buckettag|accesspointtag)\/./;

/** AWS's text; undefined: nothing is wrong. */
export function conditionKeyProblem({ conditions }: PolicyStatement): string | undefined {
  const keys = Object.values(conditions).flatMap((each) => Object.keys(each));
  return keys.some((key) => !isKnown(key.toLowerCase())) ? 'Policy has an invalid condition key' : undefined;
}

function isKnown(key: string): boolean {
  if (!key.startsWith('s3:')) return true;
  const name = key.slice('s3:'.length);
  return KEYS.has(name) || TAGGED.test(name);
}
