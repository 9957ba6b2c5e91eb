// Finds the journal's segments when the store is opened, proves that they follow on one another without a gap, and finds
// the end of the last one. Refuses by name whatever a crash cannot explain; repairs only what a crash leaves behind.
//
// Torn tail or damage? A group is handed to the disk only after the group before it is durable. So a crash can only
// damage the bytes of ONE group, the last one that was written, and in it anything may be missing, the middle too. Where
// an unreadable entry is found, recovery therefore asks: was this place known to be durable? Three witnesses say so:
//
//   1. Every entry carries the start of its group: everything before that was durable when the entry was written. We look
//      at every later place where an entry could begin; one readable head is enough. The heads of the torn group itself
//      say "durable up to the start of my group", which is not beyond the unreadable place, so they do not accuse it.
//   2. The mark beside the journal (durable-mark.ts), which covers the last group once some time has passed.
//   3. The next segment: it is begun only after everything before it was durable. So a sealed segment is never torn.
//
// If a witness speaks, it is damage, and the journal is refused. If none does, nobody was told that the entry is durable
// (or it was damaged in the fraction of a second before the mark, which no reader can tell from a tear): the tail is cut
// off, and wiped if readable heads are left in it, so that they can never be taken for entries of a later life.

import { crc32 } from 'node:zlib';
import { assertDefined } from '#base/assert.ts';
import { ALIGNMENT_BYTES, checkEntryHead, claimedGroupStart, claimsPosition, makeSpan } from '../format/entry.ts';
import { StorageCorruption } from '../journal.ts';
import { removeIfThere } from './atomic-file.ts';
import type { Disk } from './disk.ts';
import type { DroppedRange, DroppedRanges } from './dropped-ranges.ts';
import type { MarkNote } from './durable-mark.ts';
import { SegmentCursor } from './segment-cursor.ts';
import {
  decodeHead,
  FORMAT_VERSION,
  fileOffset,
  SEGMENT_HEAD_BYTES,
  type SegmentHead,
  segmentName,
  segmentNumber,
} from './segment-file.ts';
import { Segment } from './segment-shelf.ts';

export interface RecoveryInput {
  readonly disk: Disk;
  readonly directory: string;
  readonly storeId: string;
  readonly dropped: DroppedRanges;
  readonly mark: MarkNote | undefined;
  readonly report: (line: string) => void;
}

export interface PreparedFile {
  readonly path: string;
  readonly number: number;
}

export interface Recovered {
  readonly segments: readonly Segment[];
  /** A file that was prepared for the next segment. */
  readonly prepared: PreparedFile | undefined;
  readonly end: number;
  /** Sequence of the next entry. */
  readonly sequence: number;
  /** Number of the next segment. */
  readonly nextNumber: number;
}

interface Found {
  readonly path: string;
  readonly number: number;
  readonly head: SegmentHead;
  readonly fileBytes: number;
}

export async function recover(input: RecoveryInput): Promise<Recovered> {
  const found = await findFiles(input);
  for (const file of found) checkIdentity(file, input);
  let lastBegun = found.length - 1;
  while (lastBegun >= 0 && typeof found[lastBegun]?.head.begun !== 'object') lastBegun -= 1;
  const segments = found.slice(0, lastBegun + 1).map(asSegment);
  chain(segments, input);
  for (const [index, segment] of segments.entries()) checkLength(segment, found[index] as Found);
  const last = segments.at(-1);
  const { end, sequence } = last === undefined ? nothingYet(input) : await recoverTail(last, found[lastBegun], input);
  const after = found.slice(lastBegun + 1);
  const nextNumber = (last?.number ?? lastDroppedNumber(input)) + 1;
  const prepared = await checkPrepared(after, { end, nextNumber }, input);
  return { segments, prepared, end, sequence, nextNumber };
}

const lastDroppedNumber = (input: RecoveryInput) => input.dropped.all.at(-1)?.lastNumber ?? 0;

/** No segment was ever begun, or none is left: only the former is possible without damage. */
function nothingYet(input: RecoveryInput): { end: number; sequence: number } {
  const known = Math.max(input.mark?.position ?? 0, input.dropped.end);
  if (known > 0) {
    throw new StorageCorruption(
      `${input.directory}: the journal's segments are missing, although it was written up to position ${known}`,
    );
  }
  return { end: 0, sequence: 1 };
}

async function findFiles(input: RecoveryInput): Promise<Found[]> {
  const { disk, directory, dropped } = input;
  const found: Found[] = [];
  const names = (await disk.list(directory)).sort();
  for (const name of names) {
    const number = segmentNumber(name);
    if (number === undefined) continue;
    const path = `${directory}/${name}`;
    // The list was written, but the process ended before the file was removed.
    if (dropped.contains(number)) await removeIfThere(disk, path);
    else found.push(await inspect(disk, path, number));
  }
  return found;
}

async function inspect(disk: Disk, path: string, number: number): Promise<Found> {
  const fd = await disk.open(path, 'read');
  try {
    const block = new Uint8Array(SEGMENT_HEAD_BYTES);
    const count = await disk.read(fd, block, 0);
    return { path, number, head: decodeHead(block.subarray(0, count)), fileBytes: await disk.size(fd) };
  } finally {
    await disk.close(fd);
  }
}

function asSegment(file: Found): Segment {
  const { begun } = file.head;
  if (begun === 'damaged') throw new StorageCorruption(`${file.path} is damaged: its head is not what was written`);
  if (begun === 'none') {
    throw new StorageCorruption(`${file.path} holds no entries, although a later segment was begun: it was replaced`);
  }
  const { start, firstSequence, salt } = begun;
  return new Segment({ path: file.path, number: file.number, salt, start, firstSequence });
}

/** What holds for every numbered file, begun or not. */
function checkIdentity(file: Found, input: RecoveryInput): void {
  const { prepared, unknownVersion } = file.head;
  if (unknownVersion !== undefined) {
    throw new StorageCorruption(
      `${file.path} has format version ${unknownVersion}; this version of Eddy reads version ${FORMAT_VERSION}`,
    );
  }
  if (prepared === undefined) throw new StorageCorruption(`${file.path} is damaged: its head is not what was written`);
  if (prepared.storeId !== input.storeId) throw new StorageCorruption(`${file.path} belongs to another store`);
  if (prepared.number !== file.number) {
    throw new StorageCorruption(`${file.path} was renamed: it is segment ${prepared.number}`);
  }
  const expected = SEGMENT_HEAD_BYTES + prepared.capacity;
  if (file.fileBytes < expected) {
    throw new StorageCorruption(`${file.path} is cut short: ${file.fileBytes} of at least ${expected} bytes are left`);
  }
}

/** Every number from 1 on is a segment or was dropped, and each begins where the one before it ends. */
function chain(segments: readonly Segment[], input: RecoveryInput): void {
  const { directory, dropped } = input;
  const parts: (Segment | DroppedRange)[] = [...segments, ...dropped.all];
  parts.sort((a, b) => firstNumberOf(a) - firstNumberOf(b));
  let number = 1;
  let position = 0;
  let before: Segment | undefined;
  for (const part of parts) {
    if (firstNumberOf(part) !== number) {
      throw new StorageCorruption(`${directory}/${segmentName(number)} is missing, although later segments are there`);
    }
    if (before !== undefined) {
      before.end = part.start;
      before.isSealed = true;
      if (before.end < before.start) throw notFollowing(part, directory, position);
    } else if (part.start !== position) throw notFollowing(part, directory, position);
    before = part instanceof Segment ? part : undefined;
    number = part instanceof Segment ? part.number + 1 : part.lastNumber + 1;
    position = part instanceof Segment ? part.start : part.end;
  }
  if (before === undefined && parts.length > 0) {
    throw new StorageCorruption(`${directory}/${segmentName(number)} is missing: it was the one that was written last`);
  }
}

function firstNumberOf(part: Segment | DroppedRange): number {
  return part instanceof Segment ? part.number : part.firstNumber;
}

function notFollowing(part: Segment | DroppedRange, directory: string, position: number): StorageCorruption {
  const name = part instanceof Segment ? part.path : `${directory}: the dropped range`;
  return new StorageCorruption(
    `${name} begins at position ${part.start}, but the journal before it ends at ${position}`,
  );
}

/** A sealed segment's file is long enough for the entries that its neighbour says it has. */
function checkLength(segment: Segment, file: Found): void {
  const needed = SEGMENT_HEAD_BYTES + segment.end - segment.start;
  if (file.fileBytes >= needed) return;
  throw new StorageCorruption(`${segment.path} is cut short: ${file.fileBytes} of ${needed} bytes are left`);
}

async function recoverTail(
  segment: Segment,
  found: Found | undefined,
  input: RecoveryInput,
): Promise<{ end: number; sequence: number }> {
  const { disk, mark } = input;
  const { start, salt } = segment;
  const fileEnd = start + assertDefined(found, 'the last file').fileBytes - SEGMENT_HEAD_BYTES;
  const fd = await disk.open(segment.path, 'write');
  try {
    const range = { disk, fd, segmentStart: start, salt, from: start, to: fileEnd, sequence: segment.firstSequence };
    const cursor = new SegmentCursor(range);
    do {
      while (cursor.next() !== undefined);
    } while (await cursor.fill());
    const end = cursor.position;
    segment.end = end;
    const sequence = assertDefined(cursor.sequence, 'the sequence');
    const isCleanEnd = mark?.isClosed === true && mark.position === end;
    if (!isCleanEnd) await judgeTail({ segment, fd, end, fileEnd, because: cursor.stoppedBecause }, input);
    return { end, sequence };
  } finally {
    await disk.close(fd);
  }
}

interface Tail {
  readonly segment: Segment;
  readonly fd: number;
  readonly end: number;
  readonly fileEnd: number;
  readonly because: string | undefined;
}

async function judgeTail(tail: Tail, input: RecoveryInput): Promise<void> {
  const { segment, fd, end, fileEnd } = tail;
  const { disk, mark, report } = input;
  const { witness, strayCount, isTorn } = await searchWitness(tail, input);
  const durable = Math.max(witness, mark?.position ?? 0);
  if (durable > end) {
    throw new StorageCorruption(
      `${segment.path} is damaged at position ${end} (${tail.because ?? 'the file ends'}): ` +
        `everything before position ${durable} had been written durably`,
    );
  }
  if (isTorn) report(`${segment.path}: cut off an unfinished tail at position ${end}; nobody was told it was durable`);
  if (strayCount === 0) return;
  const zeros = new Uint8Array(2 ** 20);
  for (let at = end; at < fileEnd; at += zeros.length) {
    await disk.write(fd, [zeros.subarray(0, Math.min(zeros.length, fileEnd - at))], fileOffset(at, segment.start));
  }
  await disk.syncData(fd);
}

/** Looks behind the unreadable place for heads of entries that were written in this life of the file. */
async function searchWitness(tail: Tail, input: RecoveryInput) {
  const { segment, fd, end, fileEnd } = tail;
  const span = makeSpan(fileEnd - end);
  const limit = await input.disk.read(fd, span.bytes.subarray(0, fileEnd - end), fileOffset(end, segment.start));
  let witness = 0;
  let strayCount = 0;
  const isTorn = limit >= 16 && claimsPosition(span, 0, end);
  for (let at = 0; at + ALIGNMENT_BYTES * 2 <= limit; at += ALIGNMENT_BYTES) {
    const position = end + at;
    if (!claimsPosition(span, at, position)) continue;
    if (checkEntryHead(span, at, { position, salt: segment.salt, limit, checksum: crc32 }) !== 'whole') continue;
    strayCount += 1;
    witness = Math.max(witness, claimedGroupStart(span, at));
  }
  return { witness, strayCount, isTorn: isTorn || strayCount > 0 };
}

/** What lies behind the last begun segment: at most one prepared file without entries. */
async function checkPrepared(
  files: readonly Found[],
  expected: { readonly end: number; readonly nextNumber: number },
  input: RecoveryInput,
): Promise<PreparedFile | undefined> {
  const [file, ...more] = files;
  if (file === undefined) return undefined;
  if (more.length > 0 && file.head.begun === 'damaged') {
    throw new StorageCorruption(`${file.path} is damaged: its head is not what was written`);
  }
  if (file.number !== expected.nextNumber || more.length > 0) {
    throw new StorageCorruption(
      `${input.directory}/${segmentName(expected.nextNumber)} is missing, although later segments are there`,
    );
  }
  if (await beginsWithEntry(file.path, expected.end, input.disk)) {
    throw new StorageCorruption(`${file.path} is damaged: it holds entries, but its head is not what was written`);
  }
  return { path: file.path, number: file.number };
}

async function beginsWithEntry(path: string, position: number, disk: Disk): Promise<boolean> {
  const fd = await disk.open(path, 'read');
  try {
    const span = makeSpan(16);
    const count = await disk.read(fd, span.bytes, SEGMENT_HEAD_BYTES);
    return count === 16 && claimsPosition(span, 0, position);
  } finally {
    await disk.close(fd);
  }
}
