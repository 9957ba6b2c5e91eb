// Requests whose body is an object: recognised by their head, let in by the cell before a byte is taken, written into a blob, and handed on
// with the blob in the place of the body.

import type { Command } from '#cell/command.ts';
import type { StoredBody } from '#cell/objects-door.ts';
import { type AwsError, isRefused } from '#model/aws-error.ts';
import type { IncomingBody } from '#runtime/http/exchange.ts';
import type { HeadView } from '#runtime/http/http-context.ts';
import { DigestThread } from '#runtime/objects/digest-thread.ts';
import { takeUpload, type UploadResult } from '#runtime/objects/upload.ts';
import type { BlobStore } from '#storage/journal.ts';
import { readCredential } from '#wire/credential.ts';
import type { WireRequest } from '#wire/http-message.ts';
import { type Identification, identify } from '#wire/identify.ts';
import { readBodyPlan, storedEncodingOf } from '#wire/s3/body-plan.ts';
import type { LengthRange } from '#wire/s3/form/post-policy.ts';
import type { ChunkSeed } from '#wire/s3/signature.ts';
import type { WireServices } from '#wire/services.ts';

/** Operations whose body is streamed: of S3's, those that Eddy has. */
export const STREAMED: ReadonlySet<string> = new Set(['PutObject', 'UploadPart']);
const FORM_TYPE = 'multipart/form-data';
const NO_BYTES = new Uint8Array(0);

export interface UploadsOptions {
  readonly services: WireServices;
  readonly blobs: BlobStore;
  readonly uuid: () => string;
  readonly admit: (command: Omit<Command, 'onReply'>, answer: (refused: AwsError | undefined) => void) => void;
  /** Whether a part's CRC-64/NVME is wanted beside the checksum that comes with it. */
  readonly needsCrc64: (input: Readonly<Record<string, unknown>>) => boolean;
  readonly onDefect: (what: string, error: unknown) => void;
}

export interface TakeOptions {
  readonly request: WireRequest;
  readonly incoming: IncomingBody;
  readonly command: Omit<Command, 'onReply'>;
  readonly seed: ChunkSeed | undefined;
  /** Of a form's file, whose length only its end tells. */
  readonly range: LengthRange | undefined;
  /** The input with its body, or why there is none. */
  readonly done: (taken: TakenUpload) => void;
}

export type TakenUpload =
  | { readonly input: Readonly<Record<string, unknown>>; readonly blob: string }
  | { readonly refused: AwsError }
  | 'gone';

/** Whether a request's body is to be streamed, by its head. */
export function streamsBody(services: WireServices, head: HeadView): boolean {
  if (head.method !== 'PUT' && head.method !== 'POST') return false;
  if (head.method === 'POST' && head.headers['content-type']?.toLowerCase().startsWith(FORM_TYPE) !== true)
    return false;
  const identified = identifyHead(services, head);
  return identified !== undefined && STREAMED.has(identified.operation.name);
}

/** What S3 is sent is stored as it was sent: its Content-Encoding is not undone. */
export function undoesContentEncoding(services: WireServices, head: HeadView): boolean {
  return identifyHead(services, head) === undefined;
}

function identifyHead(services: WireServices, head: HeadView): Identification | undefined {
  const request = { ...head, body: NO_BYTES };
  const identified = identify(services, request, readCredential(request).credential);
  return isRefused(identified) || identified.service?.prefix !== 's3' ? undefined : (identified as Identification);
}

export class Uploads {
  private readonly digests = new DigestThread();

  constructor(private readonly options: UploadsOptions) {}

  take({ request, incoming, command, seed, range, done }: TakeOptions): void {
    const { digests } = this;
    const { admit, blobs, uuid, onDefect, needsCrc64 } = this.options;
    const read = readBodyPlan(request, incoming);
    if (isRefused(read)) {
      done(read);
      return;
    }
    const plan = range === undefined ? read : { ...read, range };
    admit(command, (refused) => {
      if (refused !== undefined) {
        done({ refused });
        return;
      }
      const blob = `s3/${uuid()}`;
      const input = command.input as Readonly<Record<string, unknown>>;
      takeUpload({
        incoming,
        plan,
        seed,
        blobs,
        digests,
        blob,
        needsCrc64: needsCrc64(input),
        onDefect,
        done: (result) => done(takenOf(result, input, plan.isChunked)),
      });
    });
  }

  /** Of an upload that was refused after it was complete. */
  drop(blob: string): void {
    const { blobs, onDefect } = this.options;
    blobs.delete(blob).catch((error: unknown) => onDefect('the body of a refused upload could not be removed', error));
  }
}

type Input = Readonly<Record<string, unknown>>;

function takenOf(result: UploadResult, input: Input, isChunked: boolean): TakenUpload {
  if (result === 'gone' || 'refused' in result) return result;
  const { body } = result;
  return { input: isChunked ? withBody(input, body) : { ...input, Body: body }, blob: body.blob };
}

/** Without the coding that was only for the way. */
function withBody(input: Input, body: StoredBody): Input {
  const { ContentEncoding: encoding, ...rest } = input;
  const stored = typeof encoding === 'string' ? storedEncodingOf(encoding) : undefined;
  return { ...rest, ...(stored === undefined ? {} : { ContentEncoding: stored }), Body: body };
}
