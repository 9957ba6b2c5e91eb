// The bytes that came with a request, as the gateway put them into the blob store before the decision. A call from inside (a schedule's
// universal target) brings no blob; an empty body is the only one that it can have.

import type { StoredBody } from '#cell/objects-door.ts';
import { type Refused, refuse } from '#model/aws-error.ts';
import { notAvailable } from './errors.ts';
import type { Checksums, Piece } from './state.ts';

/** An input as `decide` sees it: what was streamed is a blob already. */
export type WithStoredBody<I> = Omit<I, 'Body'> & { readonly Body?: StoredBody | Uint8Array | undefined };

export interface TakenBody {
  readonly pieces: readonly Piece[];
  readonly bytes: number;
  /** Hex. */
  readonly md5: string;
  readonly checksums: Checksums | undefined;
  readonly isChecksumClaimed: boolean;
}

const EMPTY: TakenBody = {
  pieces: [],
  bytes: 0,
  md5: 'd41d8cd98f00b204e9800998ecf8427e',
  checksums: undefined,
  isChecksumClaimed: false,
};

export function takeBody(body: StoredBody | Uint8Array | string | undefined): TakenBody | Refused {
  if (body === undefined || body === null) return EMPTY;
  if (typeof body === 'object' && 'blob' in body) return bodyOf(body);
  return body.length === 0 ? EMPTY : refuse(notAvailable('A body that does not come with an HTTP request'));
}

export function bodyOf({ blob, bytes, md5, checksums, isChecksumClaimed = false }: StoredBody): TakenBody {
  return {
    pieces: bytes === 0 ? [] : [{ blob, from: 0, to: bytes }],
    bytes,
    md5,
    checksums: Object.keys(checksums).length === 0 ? undefined : checksums,
    isChecksumClaimed,
  };
}

/** The blob of an empty body holds nothing that an object would refer to. */
export function emptyBlobOf(body: StoredBody | Uint8Array | undefined): string | undefined {
  return body !== undefined && 'blob' in body && body.bytes === 0 ? body.blob : undefined;
}
