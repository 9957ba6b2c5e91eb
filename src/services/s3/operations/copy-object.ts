// CopyObject: the new object shares the blobs of its source. An object of parts becomes one of one piece, whose ETag is the MD5 of its bytes:
// they are read for it once, and the copy is decided then.

import { operation, type Reply } from '#cell/service-definition.ts';
import { type AwsError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { isChecksumAlgorithm } from '#model/checksum.ts';
import type { CopyObjectInput, CopyObjectOutput } from '#wire/generated/s3.ts';
import { writeProblem } from '../conditions.ts';
import { copyAccess } from '../copy-access.ts';
import { type CopyDraft, draftOf } from '../copy-draft.ts';
import { type FoundSource, findSource } from '../copy-source.ts';
import { type Digested, digestThen } from '../digesting.ts';
import { copyToItself, copyTooLarge } from '../errors.ts';
import { type FoundBucket, findBucket } from '../find-bucket.ts';
import { SINGLE_BYTES_MAX } from '../limits.ts';
import { readAlgorithm } from '../multipart-checksum.ts';
import { keyProblem } from '../object-headers.ts';
import { namedChecksums, withoutMissing } from '../shown-object.ts';
import type { S3State, S3Turn } from '../state.ts';
import { findNewest, piecesOf } from '../versions.ts';
import { writeObject } from '../write-object.ts';

type Input = CopyObjectInput;

export const copyObject = operation<S3State, Input, CopyObjectOutput>({
  authorize: copyAccess,
  decide(turn, input): Reply<CopyObjectOutput> {
    const found = findBucket(turn, input);
    if (isRefused(found)) return found;
    const problem = keyProblem(input.Key ?? '');
    if (problem !== undefined) return refuse(problem);
    const source = findSource(turn, input);
    if (isRefused(source)) return source;
    const draft = draftOf(found.bucket, source, input);
    if (isRefused(draft)) return draft;
    const refusal = copyProblemOf(found, source, input);
    if (refusal !== undefined) return refuse(refusal);
    const { version } = source;
    const algorithm = input.ChecksumAlgorithm === undefined ? undefined : readAlgorithm(input.ChecksumAlgorithm);
    if (isRefused(algorithm)) return algorithm;
    const isKnown = version.extra?.parts === undefined && (algorithm === undefined || version.checksums?.[algorithm]);
    if (isKnown) {
      const { eTag, checksums } = version;
      return { output: copy(turn, found, { source, draft, digested: { md5: eTag, checksums: checksums ?? {} } }) };
    }
    const kept = Object.keys(version.checksums ?? {}).filter(isChecksumAlgorithm);
    return digestThen(turn, piecesOf(version), {
      algorithms: algorithm === undefined ? kept : [algorithm],
      decide: (later, digested) => copyLater(later, input, { source, draft, digested }),
    });
  },
});

interface Copy {
  readonly source: FoundSource;
  readonly draft: CopyDraft;
  readonly digested: Digested;
}

/** Once the bytes were read: bucket and conditions may be others by now. */
function copyLater(turn: S3Turn, input: Input, made: Copy): { output: CopyObjectOutput } | Refused {
  const found = findBucket(turn, input);
  if (isRefused(found)) return found;
  const problem = writeProblem(findNewest(found.contents, input.Key ?? ''), input);
  return problem === undefined ? { output: copy(turn, found, made) } : refuse(problem);
}

function copy(turn: S3Turn, { bucket }: FoundBucket, { source, draft, digested }: Copy): CopyObjectOutput {
  const { version } = source;
  const { md5, checksums } = digested;
  const hasChecksums = Object.keys(checksums).length > 0;
  const { versionId, expiration } = writeObject(turn, bucket, {
    ...draft,
    pieces: piecesOf(version),
    bytes: version.bytes,
    eTag: md5,
    checksums: hasChecksums ? checksums : undefined,
    by: 'Copy',
  });
  return withoutMissing({
    CopyObjectResult: withoutMissing({
      ETag: `"${md5}"`,
      LastModified: turn.nowMs,
      ...namedChecksums(checksums),
      ChecksumType: hasChecksums ? 'FULL_OBJECT' : undefined,
    }),
    CopySourceVersionId: source.doc.versioning === undefined ? undefined : version.versionId || 'null',
    VersionId: versionId,
    Expiration: expiration,
    ServerSideEncryption: draft.headers.encryption,
  });
}

function copyProblemOf({ bucket, contents }: FoundBucket, source: FoundSource, input: Input): AwsError | undefined {
  const isItself = source.bucket === bucket.name && source.key === input.Key && source.versionId === undefined;
  // AWS counts what is named, also where it stays the same, and a bucket with an encryption of its own (recorded).
  const changesNothing =
    input.MetadataDirective !== 'REPLACE' &&
    input.ServerSideEncryption === undefined &&
    input.StorageClass === undefined &&
    bucket.encryption === undefined;
  if (isItself && changesNothing) return copyToItself();
  if (source.version.bytes > SINGLE_BYTES_MAX) return copyTooLarge(SINGLE_BYTES_MAX);
  return writeProblem(findNewest(contents, input.Key ?? ''), input);
}
