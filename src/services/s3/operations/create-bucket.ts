// CreateBucket. Names are one space for all accounts of the process. AWS: since April 2023 new buckets have all of Block Public Access on, and
// ACLs off ("Default settings for new S3 buckets FAQ").

import { operation, type Reply } from '#cell/service-definition.ts';
import { type AwsError, isRefused, refuse } from '#model/aws-error.ts';
import type { CreateBucketInput, CreateBucketOutput } from '#wire/generated/s3.ts';
import { contextOf } from '../access.ts';
import { type BucketDoc, bucketArn } from '../bucket.ts';
import { isBucketName } from '../bucket-name.ts';
import {
  bucketExists,
  bucketOwnedByYou,
  headerNotAvailable,
  illegalLocation,
  invalidBucketAcl,
  invalidBucketName,
  invalidLocation,
  notAvailable,
} from '../errors.ts';
import { ownershipProblem } from '../ownership.ts';
import type { S3State, S3Turn } from '../state.ts';
import { readTags } from '../tags.ts';

const BLOCKED = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };

export const createBucket = operation<S3State, CreateBucketInput, CreateBucketOutput>({
  authorize: (turn, input) => ({
    action: 's3:CreateBucket',
    resource: bucketArn({ name: input.Bucket ?? '', region: turn.scope.region }),
    resourceAccount: turn.scope.account,
    context: contextOf({
      locationconstraint: input.CreateBucketConfiguration?.LocationConstraint,
      'x-amz-acl': input.ACL,
      'x-amz-object-ownership': input.ObjectOwnership,
    }),
  }),
  decide(turn, input): Reply<CreateBucketOutput> {
    const { Bucket: name = '', CreateBucketConfiguration: configuration } = input;
    if (!isBucketName(name)) return refuse(invalidBucketName(name));
    const region = regionOf(turn, configuration?.LocationConstraint);
    if (isRefused(region)) return region;
    const problem = settingsProblem(input) ?? takenProblem(turn, name, region.region);
    if (problem !== undefined) return refuse(problem);
    const tags = configuration?.Tags === undefined ? undefined : readTags(configuration.Tags, 'bucket');
    if (isRefused(tags)) return tags;
    const Location = region.region === 'us-east-1' ? `/${name}` : `http://${name}.s3.amazonaws.com/`;
    const arn = bucketArn({ name, region: region.region });
    // AWS, in us-east-1 alone: who owns the bucket already gets a success, and nothing changes.
    if (turn.state.buckets.has(name)) return { output: { Location, BucketArn: arn } };
    const ownership = { Rules: [{ ObjectOwnership: input.ObjectOwnership ?? 'BucketOwnerEnforced' }] };
    const bucket: BucketDoc = {
      id: turn.state.nextId,
      name,
      account: turn.scope.account,
      region: region.region,
      createdAtMs: turn.nowMs,
      ownership,
      publicAccessBlock: BLOCKED,
      ...(tags === undefined || tags.length === 0 ? {} : { tags }),
    };
    turn.put(turn.state.buckets, name, bucket);
    return { output: { Location, BucketArn: arn } };
  },
});

/** AWS: the request's region, which the constraint must name, except in us-east-1, which has none. `EU` is an old name. */
function regionOf(turn: S3Turn, constraint: string | undefined): { region: string } | { refused: AwsError } {
  const { region } = turn.scope;
  if (constraint === undefined || constraint === '') {
    return region === 'us-east-1' ? { region } : refuse(illegalLocation('unspecified'));
  }
  const wanted = constraint === 'EU' ? 'eu-west-1' : constraint;
  if (constraint === 'us-east-1' || !/^[a-z]{2}(-[a-z]+)+-\d$/.test(wanted)) return refuse(invalidLocation(constraint));
  return region === 'us-east-1' || region === wanted ? { region: wanted } : refuse(illegalLocation(constraint));
}

function takenProblem(turn: S3Turn, name: string, region: string): AwsError | undefined {
  const taken = turn.state.buckets.get(name);
  if (taken === undefined) return undefined;
  if (taken.account !== turn.scope.account) return bucketExists(name);
  return region === 'us-east-1' && taken.region === region ? undefined : bucketOwnedByYou(name);
}

function settingsProblem(input: CreateBucketInput): AwsError | undefined {
  const { ACL, ObjectOwnership, ObjectLockEnabledForBucket, CreateBucketConfiguration: configuration } = input;
  if (configuration?.Location !== undefined || configuration?.Bucket !== undefined) {
    return notAvailable('A directory bucket');
  }
  if (ObjectLockEnabledForBucket === true) return headerNotAvailable('x-amz-bucket-object-lock-enabled', 'true');
  if (input.BucketNamespace !== undefined && input.BucketNamespace !== 'global') {
    return headerNotAvailable('x-amz-bucket-namespace', input.BucketNamespace);
  }
  const grants = [input.GrantFullControl, input.GrantRead, input.GrantReadACP, input.GrantWrite, input.GrantWriteACP];
  const hasGrants = grants.some((grant) => grant !== undefined);
  const asksAcl = hasGrants || (ACL !== undefined && ACL !== 'private');
  if (asksAcl && (ObjectOwnership ?? 'BucketOwnerEnforced') === 'BucketOwnerEnforced') return invalidBucketAcl();
  if (asksAcl) return headerNotAvailable('x-amz-acl', ACL ?? 'grants');
  return ObjectOwnership === undefined ? undefined : ownershipProblem(ObjectOwnership);
}
