// Who refers to which blob. Copies share blobs and parts become pieces of their object, so that no byte is ever copied; the last one who refers
// to a blob takes it along. An answer that was decided before may still have to open it: blobs go a minute later (performer `delete-blobs`).
// What a crash left behind is found at the next start, and waits as long: an upload may be about to be decided.

import { assert } from '#base/assert.ts';
import type { ApplyContext } from '#cell/service-definition.ts';
import type { Outcome } from '#cell/turn.ts';
import { LeftBlobsFound } from './facts.ts';
import type { ObjectHeaders, Piece, S3State, S3Turn } from './state.ts';

/** Bounds what is remembered for sharing; beyond it headers are simply not shared with later ones. */
const SHARED_HEADERS_MAX = 10_000;

export const UNUSED_TIMER = 'unused-blobs';
const MINUTE_MS = 60_000;
const NAMES_PER_FACT = 1_000;
const NAMES_PER_EFFECT = 200;

/** A reference for each piece. */
export function retainPieces(state: S3State, pieces: readonly Piece[]): void {
  for (const { blob } of pieces) state.references.set(blob, (state.references.get(blob) ?? 0) + 1);
}

export interface Releasing {
  readonly context: ApplyContext;
  readonly atMs: number;
}

export function releasePieces(state: S3State, pieces: readonly Piece[], releasing: Releasing): void {
  for (const { blob } of pieces) {
    const left = (state.references.get(blob) ?? 1) - 1;
    if (left > 0) state.references.set(blob, left);
    else {
      state.references.delete(blob);
      noteUnused(state, blob, releasing);
    }
  }
}

export function noteUnused(state: S3State, blob: string, { context, atMs }: Releasing): void {
  const minute = Math.ceil(atMs / MINUTE_MS);
  const blobs = state.unused.get(minute);
  if (blobs !== undefined) blobs.push(blob);
  else {
    state.unused.set(minute, [blob]);
    context.timers.set(UNUSED_TIMER, String(minute), (minute + 1) * MINUTE_MS);
  }
}

/** The timer: blobs of its minute go, unless something refers to them again. */
export function deleteUnused(turn: S3Turn, minute: string): void {
  const { unused, references, held } = turn.state;
  const names = unused.get(Number(minute)) ?? [];
  unused.delete(Number(minute));
  deleteBlobs(
    turn,
    names.filter((blob) => !references.has(blob) && !held.has(blob)),
  );
}

/** Some at a time, one effect after the other: ending the process waits for one of them at most, and the next start finds the rest. */
export function deleteBlobs(turn: S3Turn, names: readonly string[]): void {
  const { deleting } = turn.state;
  for (const name of names) deleting.names.push(name);
  if (!deleting.isUnderWay) deleteNext(turn);
}

/** The reaction. */
export function deleteNext(turn: S3Turn): void {
  const { deleting } = turn.state;
  const names = deleting.names.splice(0, NAMES_PER_EFFECT);
  deleting.isUnderWay = names.length > 0;
  if (names.length === 0) return;
  turn.perform({ performer: 'delete-blobs', input: { names }, then: { reaction: 'blobsDeleted', subject: '' } });
}

/** After the start: which blobs are there? */
export function listBlobs(turn: S3Turn): void {
  turn.perform({ performer: 'list-blobs', input: { prefix: 's3/' }, then: { reaction: 'blobsListed', subject: '' } });
}

export function blobsListed(turn: S3Turn, outcome: Outcome): void {
  if ('failed' in outcome) return;
  const names = outcome.result;
  assert(Array.isArray(names), 'blobs are listed by their names');
  const left = (names as string[]).filter((name) => !turn.state.references.has(name));
  for (let at = 0; at < left.length; at += NAMES_PER_FACT) {
    turn.record(LeftBlobsFound, { blobs: left.slice(at, at + NAMES_PER_FACT), atMs: turn.nowMs });
  }
}

export function sharedHeaders(state: S3State, headers: ObjectHeaders): ObjectHeaders {
  const key = JSON.stringify(headers);
  const known = state.headersSeen.get(key);
  if (known !== undefined) return known;
  if (state.headersSeen.size < SHARED_HEADERS_MAX) state.headersSeen.set(key, headers);
  return headers;
}
