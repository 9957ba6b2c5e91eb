// ListObjectsV2.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { ListObjectsV2Input, ListObjectsV2Output } from '#wire/generated/s3.ts';
import { onBucket } from '../access.ts';
import { invalidArgument } from '../errors.ts';
import { findBucket } from '../find-bucket.ts';
import { encodingProblem, readMax } from '../list-input.ts';
import { listKeys } from '../listing.ts';
import { openToken, sealToken } from '../page-token.ts';
import { shownContents, shownPrefixes } from '../shown-list.ts';
import { withoutMissing } from '../shown-object.ts';
import type { S3State, S3Turn } from '../state.ts';
import { isShown } from '../versions.ts';

export const listObjectsV2 = operation<S3State, ListObjectsV2Input, ListObjectsV2Output>({
  authorize: onBucket('ListBucket', ({ Prefix, Delimiter, MaxKeys }) => ({
    prefix: Prefix,
    delimiter: Delimiter,
    'max-keys': MaxKeys,
  })),
  decide(turn, input): Reply<ListObjectsV2Output> {
    const found = findBucket(turn, input);
    if (isRefused(found)) return found;
    const { bucket, contents } = found;
    const { Prefix = '', Delimiter = '', EncodingType, ContinuationToken, StartAfter } = input;
    const max = readMax(input.MaxKeys, 'max-keys');
    if (isRefused(max)) return max;
    const problem = encodingProblem(EncodingType);
    if (problem !== undefined) return refuse(problem);
    const after = startAfter(turn, input);
    if (after === undefined) {
      const text = 'The continuation token provided is incorrect';
      return refuse(invalidArgument('continuation-token', ContinuationToken ?? '', text));
    }
    const page = listKeys(contents.objects, { prefix: Prefix, delimiter: Delimiter, after, max, where: isShown });
    const view = { turn, account: bucket.account, hasOwner: input.FetchOwner === true };
    const last = page.items.at(-1);
    const isTruncated = page.isTruncated && max > 0;
    return {
      output: withoutMissing({
        Name: bucket.name,
        Prefix,
        Delimiter: Delimiter === '' ? undefined : Delimiter,
        MaxKeys: max,
        EncodingType,
        KeyCount: page.items.length,
        IsTruncated: isTruncated,
        ContinuationToken,
        NextContinuationToken:
          isTruncated && last !== undefined ? sealToken(turn, bucket.name, last.prefix ?? last.key) : undefined,
        StartAfter,
        Contents: shownContents(page.items, view),
        CommonPrefixes: shownPrefixes(page.items),
      }),
    };
  },
});

/** AWS: a continuation token wins over StartAfter. Undefined: it is none that was given. */
function startAfter(
  turn: S3Turn,
  { Bucket = '', ContinuationToken, StartAfter }: ListObjectsV2Input,
): string | undefined {
  if (ContinuationToken === undefined) return StartAfter ?? '';
  return ContinuationToken === '' ? undefined : openToken(turn, Bucket, ContinuationToken);
}
