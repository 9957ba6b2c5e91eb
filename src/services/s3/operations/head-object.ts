// HeadObject: what GetObject answers, without the bytes.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { HeadObjectInput, HeadObjectOutput } from '#wire/generated/s3.ts';
import { readRequest } from '../read-access.ts';
import { readObject } from '../read-object.ts';
import { shownChecksums, shownObject } from '../shown-object.ts';
import type { S3State } from '../state.ts';

export const headObject = operation<S3State, HeadObjectInput, HeadObjectOutput>({
  authorize: readRequest,
  decide(turn, input): Reply<HeadObjectOutput> {
    const found = readObject(turn, input);
    if (isRefused(found)) return found;
    const { bucket, version, range } = found;
    const { from, to } = range ?? { from: 0, to: version.bytes };
    const isChecked = input.ChecksumMode === 'ENABLED' && from === 0 && to === version.bytes;
    const partsCount = version.extra?.parts?.length;
    const { TagCount: _notAnswered, ...shown } = shownObject({ bucket, version, key: input.Key ?? '' }, input);
    return {
      output: {
        ...shown,
        ...(isChecked ? shownChecksums(version) : {}),
        ...(input.PartNumber === undefined || partsCount === undefined ? {} : { PartsCount: partsCount }),
        ...(range === undefined ? {} : { ContentRange: `bytes ${from}-${to - 1}/${version.bytes}` }),
        ContentLength: to - from,
      },
    };
  },
});
