// HeadObject: what GetObject answers, without the bytes.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { HeadObjectInput, HeadObjectOutput } from '#wire/generated/s3.ts';
import { readRequest } from '../read-access.ts';
import { readObject } from '../read-object.ts';
import { shownRead } from '../shown-object.ts';
import type { S3State } from '../state.ts';

export const headObject = operation<S3State, HeadObjectInput, HeadObjectOutput>({
  authorize: readRequest,
  decide(turn, input): Reply<HeadObjectOutput> {
    const found = readObject(turn, input);
    if (isRefused(found)) return found;
    return { output: shownRead(found, input) };
  },
});
