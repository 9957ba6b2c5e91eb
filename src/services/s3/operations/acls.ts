// ACLs: the owner has full control, and nobody else has a grant. AWS: "When you apply this setting [BucketOwnerEnforced], ACLs are disabled …
// requests to set ACLs or update ACLs fail and return the AccessControlListNotSupported error code. Requests to read ACLs are still supported."

import { operation, type Reply } from '#cell/service-definition.ts';
import { type AwsError, isRefused, refuse } from '#model/aws-error.ts';
import type {
  AccessControlPolicy,
  GetBucketAclInput,
  GetBucketAclOutput,
  GetObjectAclInput,
  GetObjectAclOutput,
  PutBucketAclInput,
  PutObjectAclInput,
  PutObjectAclOutput,
} from '#wire/generated/s3.ts';
import type { BucketDoc } from '../bucket.ts';
import { changesBucket, readsBucket } from '../configuration.ts';
import { aclNotSupported, headerNotAvailable, notAvailable } from '../errors.ts';
import { aclProblem } from '../object-headers.ts';
import { ownerOf } from '../owner.ts';
import { readRequestFor } from '../read-access.ts';
import { findObject } from '../read-object.ts';
import type { S3State, S3Turn } from '../state.ts';

export const getBucketAcl = readsBucket<GetBucketAclInput, GetBucketAclOutput>(
  'GetBucketAcl',
  (bucket, { turn }): GetBucketAclOutput => ownersAcl(turn, bucket),
);

export const putBucketAcl = changesBucket<PutBucketAclInput>('PutBucketAcl', (bucket, { input, turn }) => {
  if (bucket.ownership?.Rules?.[0]?.ObjectOwnership !== 'BucketOwnerPreferred') return refuse(aclNotSupported());
  const write = input.GrantWrite === undefined ? undefined : headerNotAvailable('x-amz-grant-write', input.GrantWrite);
  const problem = write ?? aclProblem(bucket, input) ?? grantsProblem(turn, bucket, input.AccessControlPolicy);
  return problem === undefined ? {} : refuse(problem);
});

export const getObjectAcl = operation<S3State, GetObjectAclInput, GetObjectAclOutput>({
  authorize: readRequestFor('GetObjectAcl', 'GetObjectVersionAcl'),
  decide(turn, input): Reply<GetObjectAclOutput> {
    const found = findObject(turn, input);
    return isRefused(found) ? found : { output: ownersAcl(turn, found.bucket) };
  },
});

export const putObjectAcl = operation<S3State, PutObjectAclInput, PutObjectAclOutput>({
  authorize: readRequestFor('PutObjectAcl', 'PutObjectVersionAcl'),
  decide(turn, input): Reply<PutObjectAclOutput> {
    const found = findObject(turn, input);
    if (isRefused(found)) return found;
    const { bucket } = found;
    if (bucket.ownership?.Rules?.[0]?.ObjectOwnership !== 'BucketOwnerPreferred') return refuse(aclNotSupported());
    const problem = aclProblem(bucket, input) ?? grantsProblem(turn, bucket, input.AccessControlPolicy);
    return problem === undefined ? { output: {} } : refuse(problem);
  },
});

function ownersAcl(turn: S3Turn, { account }: BucketDoc): GetBucketAclOutput {
  const Owner = ownerOf(turn, account);
  return { Owner, Grants: [{ Grantee: { ...Owner, Type: 'CanonicalUser' }, Permission: 'FULL_CONTROL' }] };
}

/** A document that says what is so anyway may be put; any other grant is not done here. */
function grantsProblem(
  turn: S3Turn,
  { account }: BucketDoc,
  policy: AccessControlPolicy | undefined,
): AwsError | undefined {
  const { ID } = ownerOf(turn, account);
  const isOwners = (policy?.Grants ?? []).every(
    ({ Grantee, Permission }) => Grantee?.ID === ID && Permission === 'FULL_CONTROL',
  );
  return isOwners ? undefined : notAvailable('An ACL that grants others than the owner');
}
