// What happens before a command with function code enters the cell: the package is checked and stored as a blob, and the machine is asked
// whether it can run the runtime. A blob of a command that is then refused is deleted again.

import type { PrepareIo } from '#cell/service-definition.ts';
import type { RequestInfo, Turn } from '#cell/turn.ts';
import { type AwsError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { codeFromObject } from './code-from-object.ts';
import type { CodeReference } from './documents.ts';
import {
  codeEmpty,
  codeNotUnzippable,
  codeTooLarge,
  invalidParameter,
  notAvailable,
  runtimeNotRunnable,
  zipTooLarge,
} from './errors.ts';
import { CODE_PREFIX, DELETE_CODE } from './invocation.ts';
import { UNZIPPED_BYTES_MAX, ZIP_BYTES_MAX } from './limits.ts';
import { readZipDirectory } from './zip-directory.ts';

/** Where a package may come from; the fields are the same in CreateFunction's Code and in UpdateFunctionCode. */
export interface CodeInput {
  readonly ZipFile?: Uint8Array | undefined;
  readonly S3Bucket?: string | undefined;
  readonly S3Key?: string | undefined;
  readonly S3ObjectVersion?: string | undefined;
  readonly ImageUri?: string | undefined;
  readonly SourceKMSKeyArn?: string | undefined;
}

/** Added to the input by `prepare`. */
export interface Prepared {
  readonly prepared?: { readonly code?: CodeReference };
}

export function prepareCode<I>(
  input: I & Prepared,
  given: { code: CodeInput | undefined; io: PrepareIo; request: RequestInfo },
): Promise<(I & Prepared) | Refused> {
  const { code, io, request } = given;
  if (code === undefined) return Promise.resolve(input);
  const problem = codeProblem(code);
  if (problem !== undefined) return Promise.resolve(refuse(problem));
  const keep = (bytes: Uint8Array): Promise<(I & Prepared) | Refused> => {
    const blob = `${CODE_PREFIX}${request.requestId}`;
    const reference: CodeReference = { blob, sha256: io.sha256Base64(bytes), bytes: bytes.length };
    return io.blobs.put(blob, bytes).then(() => ({ ...input, prepared: { ...input.prepared, code: reference } }));
  };
  if (code.S3Bucket !== undefined) {
    return codeFromObject(code, io).then((found) => {
      if (isRefused(found)) return found;
      const broken = packageProblem(found);
      return broken === undefined ? keep(found) : refuse(broken);
    });
  }
  return code.ZipFile === undefined ? Promise.resolve(input) : keep(code.ZipFile);
}

/** Resolves to a refusal when nothing on this machine runs the runtime. */
export function prepareRuntime<I>(input: I, runtime: string | undefined, io: PrepareIo): Promise<I | Refused> {
  if (runtime === undefined || io.whyNotRunnable === undefined) return Promise.resolve(input);
  return io
    .whyNotRunnable(runtime)
    .then((why) => (why === undefined ? input : refuse(runtimeNotRunnable(runtime, why))));
}

function codeProblem(code: CodeInput): AwsError | undefined {
  if (code.ImageUri !== undefined) return notAvailable('Code.ImageUri');
  if (code.SourceKMSKeyArn !== undefined) return notAvailable('Code.SourceKMSKeyArn');
  const { ZipFile: bytes, S3Bucket: bucket, S3Key: key } = code;
  // Texts as other implementations have recorded them.
  if (bytes !== undefined && (bucket !== undefined || key !== undefined)) {
    return invalidParameter('Please do not provide other FunctionCode parameters when providing a ZipFile.');
  }
  if (bucket !== undefined && key === undefined) return invalidParameter('Please provide a S3 key.');
  if (bucket === undefined && key !== undefined) return invalidParameter('Please provide a S3 bucket.');
  if (bytes === undefined) return undefined;
  if (bytes.length > ZIP_BYTES_MAX) return zipTooLarge(ZIP_BYTES_MAX);
  return packageProblem(bytes);
}

function packageProblem(bytes: Uint8Array): AwsError | undefined {
  if (bytes.length === 0) return codeEmpty();
  const contents = readZipDirectory(bytes);
  if (contents === undefined) return codeNotUnzippable();
  if (contents.fileCount === 0) return codeEmpty();
  return contents.unpackedBytes > UNZIPPED_BYTES_MAX ? codeTooLarge(UNZIPPED_BYTES_MAX) : undefined;
}

/** Deletes blobs once the turn is durable. */
export function deleteCode(turn: Turn, blobs: readonly string[]): void {
  if (blobs.length === 0) return;
  turn.perform({ performer: DELETE_CODE, input: blobs, then: { reaction: 'tidied', subject: '' } });
}
