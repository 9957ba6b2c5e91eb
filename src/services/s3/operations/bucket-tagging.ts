// Tags of a bucket: replaced as a whole.

import { isRefused, refuse } from '#model/aws-error.ts';
import type { GetBucketTaggingInput, GetBucketTaggingOutput, PutBucketTaggingInput } from '#wire/generated/s3.ts';
import { changesBucket, readsBucket } from '../configuration.ts';
import { noTagSet } from '../errors.ts';
import { readTags } from '../tags.ts';

export const getBucketTagging = readsBucket<GetBucketTaggingInput, GetBucketTaggingOutput>(
  'GetBucketTagging',
  ({ name, tags }) => (tags === undefined ? refuse(noTagSet(name)) : { TagSet: tags }),
);

export const putBucketTagging = changesBucket<PutBucketTaggingInput>('PutBucketTagging', (_bucket, { input }) => {
  const tags = readTags(input.Tagging?.TagSet, 'bucket');
  if (isRefused(tags)) return tags;
  return { tags: tags.length === 0 ? undefined : tags };
});

/** AWS: the permission to put them is what removing them takes. */
export const deleteBucketTagging = changesBucket('PutBucketTagging', () => ({ tags: undefined }));
