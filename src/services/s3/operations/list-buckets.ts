// ListBuckets: those of the caller's account, by name.

import { operation, type Reply } from '#cell/service-definition.ts';
import { refuse } from '#model/aws-error.ts';
import type { ListBucketsInput, ListBucketsOutput } from '#wire/generated/s3.ts';
import { bucketArn } from '../bucket.ts';
import { invalidArgument } from '../errors.ts';
import { LIST_BUCKETS_MAX } from '../limits.ts';
import { ownerOf } from '../owner.ts';
import { openToken, sealToken } from '../page-token.ts';
import type { S3State } from '../state.ts';

export const listBuckets = operation<S3State, ListBucketsInput, ListBucketsOutput>({
  authorize: (turn) => ({ action: 's3:ListAllMyBuckets', resource: '*', resourceAccount: turn.scope.account }),
  decide(turn, input): Reply<ListBucketsOutput> {
    const { Prefix = '', BucketRegion, ContinuationToken, MaxBuckets } = input;
    const { account } = turn.scope;
    if (MaxBuckets !== undefined && !(MaxBuckets >= 1 && MaxBuckets <= LIST_BUCKETS_MAX)) {
      const text = `Argument max-buckets must be an integer between 1 and ${LIST_BUCKETS_MAX}`;
      return refuse(invalidArgument('max-buckets', String(MaxBuckets), text));
    }
    const after = ContinuationToken === undefined ? '' : openToken(turn, account, ContinuationToken);
    if (after === undefined) {
      const text = 'The continuation token provided is incorrect';
      return refuse(invalidArgument('continuation-token', ContinuationToken ?? '', text));
    }
    const all = turn.state.buckets
      .by('byAccount', account)
      .filter(({ name, region }) => name > after && name.startsWith(Prefix) && region === (BucketRegion ?? region));
    const shown = all.slice(0, MaxBuckets ?? LIST_BUCKETS_MAX);
    const last = shown.at(-1);
    // AWS: the region of each bucket is told to who asks for pages.
    const isPaged = MaxBuckets !== undefined || input.Prefix !== undefined || BucketRegion !== undefined;
    return {
      output: {
        Owner: ownerOf(turn, account),
        Buckets: shown.map((bucket) => ({
          Name: bucket.name,
          CreationDate: bucket.createdAtMs,
          BucketArn: bucketArn(bucket),
          ...(isPaged ? { BucketRegion: bucket.region } : {}),
        })),
        ...(input.Prefix === undefined ? {} : { Prefix }),
        ...(last !== undefined && shown.length < all.length
          ? { ContinuationToken: sealToken(turn, account, last.name) }
          : {}),
      },
    };
  },
});
