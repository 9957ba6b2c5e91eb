// GetObject: which blobs to send; the bytes go out after the cell has answered.

import type { BlobBody } from '#cell/objects-door.ts';
import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { GetObjectInput, GetObjectOutput } from '#wire/generated/s3.ts';
import { readRequest } from '../read-access.ts';
import { readObject } from '../read-object.ts';
import { shownRead } from '../shown-object.ts';
import type { S3State } from '../state.ts';
import { piecesOf, slicePieces } from '../versions.ts';

type Output = Omit<GetObjectOutput, 'Body'> & { readonly Body: BlobBody };

export const getObject = operation<S3State, GetObjectInput, Output>({
  authorize: readRequest,
  decide(turn, input): Reply<Output> {
    const found = readObject(turn, input);
    if (isRefused(found)) return found;
    const { version, range } = found;
    const { from, to } = range ?? { from: 0, to: version.bytes };
    const parts = slicePieces(piecesOf(version), from, to);
    return { output: { ...shownRead(found, input), Body: { parts, bytes: to - from } } };
  },
});
