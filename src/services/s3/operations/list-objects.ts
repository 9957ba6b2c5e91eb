// ListObjects, the first version of the list: with a marker instead of a token.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { ListObjectsInput, ListObjectsOutput } from '#wire/generated/s3.ts';
import { onBucket } from '../access.ts';
import { findBucket } from '../find-bucket.ts';
import { encodingProblem, readMax } from '../list-input.ts';
import { listKeys } from '../listing.ts';
import { shownContents, shownPrefixes } from '../shown-list.ts';
import { withoutMissing } from '../shown-object.ts';
import type { S3State } from '../state.ts';
import { isShown } from '../versions.ts';

export const listObjects = operation<S3State, ListObjectsInput, ListObjectsOutput>({
  authorize: onBucket<ListObjectsInput>('ListBucket', ({ Prefix, Delimiter, MaxKeys }) => ({
    prefix: Prefix,
    delimiter: Delimiter,
    'max-keys': MaxKeys,
  })),
  decide(turn, input): Reply<ListObjectsOutput> {
    const found = findBucket(turn, input);
    if (isRefused(found)) return found;
    const { bucket, contents } = found;
    const { Prefix: prefix = '', Delimiter: delimiter = '', Marker: after = '', EncodingType } = input;
    const max = readMax(input.MaxKeys, 'max-keys');
    if (isRefused(max)) return max;
    const problem = encodingProblem(EncodingType);
    if (problem !== undefined) return refuse(problem);
    const page = listKeys(contents.objects, { prefix, delimiter, after, max, where: isShown });
    const last = page.items.at(-1);
    const isTruncated = page.isTruncated && max > 0;
    return {
      output: withoutMissing({
        Name: bucket.name,
        Prefix: prefix,
        Marker: after,
        Delimiter: delimiter === '' ? undefined : delimiter,
        MaxKeys: max,
        EncodingType,
        IsTruncated: isTruncated,
        // AWS: "This element is returned only if you have the delimiter request parameter specified."
        NextMarker: isTruncated && delimiter !== '' ? (last?.prefix ?? last?.key) : undefined,
        Contents: shownContents(page.items, { turn, account: bucket.account, hasOwner: true }),
        CommonPrefixes: shownPrefixes(page.items),
      }),
    };
  },
});
