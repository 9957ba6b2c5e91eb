// Block Public Access and object ownership of a bucket.

import { refuse } from '#model/aws-error.ts';
import type {
  GetBucketOwnershipControlsInput,
  GetBucketOwnershipControlsOutput,
  GetPublicAccessBlockInput,
  GetPublicAccessBlockOutput,
  PutBucketOwnershipControlsInput,
  PutPublicAccessBlockInput,
} from '#wire/generated/s3.ts';
import { changesBucket, readsBucket } from '../configuration.ts';
import { malformedXml, noOwnershipControls, noPublicAccessBlock } from '../errors.ts';
import { ownershipProblem } from '../ownership.ts';

export const getPublicAccessBlock = readsBucket<GetPublicAccessBlockInput, GetPublicAccessBlockOutput>(
  'GetBucketPublicAccessBlock',
  ({ name, publicAccessBlock }) =>
    publicAccessBlock === undefined
      ? refuse(noPublicAccessBlock(name))
      : { PublicAccessBlockConfiguration: publicAccessBlock },
);

export const putPublicAccessBlock = changesBucket<PutPublicAccessBlockInput>(
  'PutBucketPublicAccessBlock',
  (_bucket, { input }) => {
    const given = input.PublicAccessBlockConfiguration;
    if (given === undefined) return refuse(malformedXml());
    const { BlockPublicAcls = false, IgnorePublicAcls = false } = given;
    const { BlockPublicPolicy = false, RestrictPublicBuckets = false } = given;
    return { publicAccessBlock: { BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets } };
  },
);

export const deletePublicAccessBlock = changesBucket('PutBucketPublicAccessBlock', () => ({
  publicAccessBlock: undefined,
}));

export const getBucketOwnershipControls = readsBucket<
  GetBucketOwnershipControlsInput,
  GetBucketOwnershipControlsOutput
>('GetBucketOwnershipControls', ({ name, ownership }) =>
  ownership === undefined ? refuse(noOwnershipControls(name)) : { OwnershipControls: ownership },
);

export const putBucketOwnershipControls = changesBucket<PutBucketOwnershipControlsInput>(
  'PutBucketOwnershipControls',
  (_bucket, { input }) => {
    const rules = input.OwnershipControls?.Rules ?? [];
    const problem = rules.length === 1 ? ownershipProblem(rules[0]?.ObjectOwnership) : malformedXml();
    if (problem === undefined) return { ownership: { Rules: rules } };
    // AWS: what is no ownership at all is wrong in the document, where the header of CreateBucket has an error of its own.
    return refuse(problem.code === 'InvalidArgument' ? malformedXml() : problem);
  },
);

export const deleteBucketOwnershipControls = changesBucket('PutBucketOwnershipControls', () => ({
  ownership: undefined,
}));
