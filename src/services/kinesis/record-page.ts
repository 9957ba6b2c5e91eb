// A page of records: for each batch the part of its bytes that the page has. Ten thousand records are a few of these.

import { assert } from '#base/assert.ts';
import { base64Length } from '#base/base64.ts';
import type { StoredBatch } from '#structures/append-log/batch-block.ts';
import { keyTextLengths } from './key-text.ts';
import { RecordCursor, varintAt, varintBytes } from './record-batch.ts';

/** Which records of some batches are wanted. A page has at least one record, however large. */
export interface PageRange {
  readonly from: number;
  readonly countMax: number;
  readonly bytesMax: number;
  /** Records that came earlier are left out. */
  readonly sinceMs: number;
}

/** Records of one batch that are in the page, one behind the other from `start` to `end`. At least one. */
export interface PageSlice extends StoredBatch {
  readonly start: number;
  readonly end: number;
  /** What their data and their keys take in a text of JSON. Measured with the cutting: thousands of records are gone through once. */
  readonly dataTextBytes: number;
  readonly keyTextBytes: number;
}

export interface RecordPage {
  readonly slices: readonly PageSlice[];
  /** Of records. */
  readonly count: number;
  /** Behind the last record that was taken or left out. */
  readonly next: number;
  /** Data and keys. */
  readonly bytes: number;
  /** For who is the last to look at the batches' bytes: their memory is used for others then. */
  readonly giveBack?: () => void;
}

/** Where one record's parts are in its batch's bytes. */
export interface RecordPart {
  readonly place: number;
  readonly atMs: number;
  readonly bytes: Uint8Array;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly dataStart: number;
  readonly dataEnd: number;
}

export function emptyPage(next: number): RecordPage {
  return { slices: [], count: 0, next, bytes: 0 };
}

/** Batches in order. */
export function cutPage(batches: readonly StoredBatch[], range: PageRange): RecordPage {
  const page = { slices: [] as PageSlice[], count: 0, next: range.from, bytes: 0 };
  for (const batch of batches) {
    const end = batch.firstPlace + batch.count;
    if (end <= range.from) continue;
    if (batch.atMs < range.sinceMs) page.next = end;
    else cutBatch(batch, range, page);
    if (page.next < end) break;
  }
  return page;
}

interface PageCut {
  readonly slices: PageSlice[];
  count: number;
  next: number;
  bytes: number;
}

function cutBatch({ firstPlace, count, atMs, bytes }: StoredBatch, range: PageRange, page: PageCut): void {
  const from = Math.max(firstPlace, range.from);
  const cursor = new RecordCursor();
  cursor.enter(bytes, 0);
  for (let place = firstPlace; place < from; place += 1) cursor.move();
  const start = cursor.end;
  const countMax = Math.min(firstPlace + count - from, range.countMax - page.count);
  let end = start;
  let taken = 0;
  let dataTextBytes = 0;
  let keyTextBytes = 0;
  for (; taken < countMax; taken += 1) {
    const keyBytes = varintAt(bytes, end);
    const keyStart = end + varintBytes(keyBytes);
    const keyEnd = keyStart + keyBytes;
    const dataBytes = varintAt(bytes, keyEnd);
    const dataEnd = keyEnd + varintBytes(dataBytes) + dataBytes;
    assert(dataEnd <= bytes.length, 'a record lies inside its batch');
    if (page.count + taken > 0 && page.bytes + keyBytes + dataBytes > range.bytesMax) break;
    page.bytes += keyBytes + dataBytes;
    dataTextBytes += base64Length(dataBytes);
    for (let i = keyStart; i < keyEnd; i += 1) keyTextBytes += keyTextLengths[bytes[i]!]!;
    end = dataEnd;
  }
  if (taken === 0) return;
  page.slices.push({ firstPlace: from, count: taken, atMs, bytes, start, end, dataTextBytes, keyTextBytes });
  page.count += taken;
  page.next = from + taken;
}

export function lastOf({ slices }: RecordPage): { readonly place: number; readonly atMs: number } | undefined {
  const last = slices[slices.length - 1];
  return last && { place: last.firstPlace + last.count - 1, atMs: last.atMs };
}

export function recordsOf({ slices }: RecordPage): readonly RecordPart[] {
  const records: RecordPart[] = [];
  const cursor = new RecordCursor();
  for (const { firstPlace, count, atMs, bytes, start } of slices) {
    cursor.enter(bytes, start);
    for (let i = 0; i < count; i += 1) {
      cursor.move();
      const { keyStart, keyEnd, start: dataStart, end: dataEnd } = cursor;
      records.push({ place: firstPlace + i, atMs, bytes, keyStart, keyEnd, dataStart, dataEnd });
    }
  }
  return records;
}
