// An object's versions as the index holds them: one alone, or a list with the newest first.

import { orderedKey } from './key-order.ts';
import type { BucketContents, ObjectVersion, Piece } from './state.ts';

export type Entry = ObjectVersion | ObjectVersion[];

export const isMarker = (version: ObjectVersion): boolean => version.bytes < 0;

export function newestOf(entry: Entry): ObjectVersion {
  return Array.isArray(entry) ? (entry[0] as ObjectVersion) : entry;
}

export function allOf(entry: Entry | undefined): readonly ObjectVersion[] {
  if (entry === undefined) return [];
  return Array.isArray(entry) ? entry : [entry];
}

export function findNewest(contents: BucketContents, key: string): ObjectVersion | undefined {
  const entry = contents.objects.get(orderedKey(key));
  return entry === undefined ? undefined : newestOf(entry);
}

/** Newest first. */
export function findVersions(contents: BucketContents, key: string): readonly ObjectVersion[] {
  return allOf(contents.objects.get(orderedKey(key)));
}

export function findVersion(contents: BucketContents, key: string, versionId: string): ObjectVersion | undefined {
  const entry = contents.objects.get(orderedKey(key));
  return allOf(entry).find((version) => version.versionId === versionId);
}

/** The bytes of a version, in order. */
export function piecesOf({ body, bytes }: ObjectVersion): readonly Piece[] {
  if (body === undefined) return [];
  return typeof body === 'string' ? [{ blob: body, from: 0, to: bytes }] : body;
}

/** How clients name it: the null version has a name, too. */
export const shownVersionId = ({ versionId }: Pick<ObjectVersion, 'versionId'>): string =>
  versionId === '' ? 'null' : versionId;
/** As the index holds it. */
export const heldVersionId = (shown: string): string => (shown === 'null' ? '' : shown);

/** A run of a version's bytes, from `from` up to `to`, excluded. */
export function slicePieces(pieces: readonly Piece[], from: number, to: number): Piece[] {
  const sliced: Piece[] = [];
  let at = 0;
  for (const piece of pieces) {
    const length = piece.to - piece.from;
    const start = Math.max(from - at, 0);
    const end = Math.min(to - at, length);
    if (start < end) sliced.push({ blob: piece.blob, from: piece.from + start, to: piece.from + end });
    at += length;
  }
  return sliced;
}

/** Whether lists of objects show the key: its newest version is no delete marker. */
export const isShown = (entry: Entry): boolean => !isMarker(newestOf(entry));
