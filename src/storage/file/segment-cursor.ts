// Walks the entries of one segment from a position on, with large sequential reads, and checks each one completely. It
// stops at the end of what it was told to read or at the first thing that is not the expected entry, and says why; whether
// that is a torn tail or damage is decided by the caller (see recovery.ts).

import { crc32 } from 'node:zlib';
import {
  checkEntryHead,
  checkPayloads,
  claimedEntryBytes,
  claimedSequence,
  decodeEntry,
  ENTRY_BYTES_MAX,
  ENTRY_HEAD_BYTES,
  type EntryCheck,
  makeSpan,
  type Span,
} from '../format/entry.ts';
import type { ReplayedEntry } from '../journal.ts';
import type { Disk } from './disk.ts';
import { fileOffset } from './segment-file.ts';

const READ_BYTES = 4 * 2 ** 20;

export interface CursorRange {
  readonly disk: Disk;
  readonly fd: number;
  /** Position of the segment's first entry. */
  readonly segmentStart: number;
  readonly salt: number;
  /** Where to begin: the start of an entry. */
  readonly from: number;
  /** Where to stop. */
  readonly to: number;
  /** Sequence of the first entry, when it is known. */
  readonly sequence?: number | undefined;
}

export class SegmentCursor {
  /** Position of the next entry. */
  position: number;
  /** Sequence of the next entry; undefined until the first one is known. */
  sequence: number | undefined;
  /** Why the cursor stopped before the end of its range. */
  stoppedBecause: EntryCheck | undefined;

  private span: Span;
  private at = 0;
  private filled = 0;
  /** Position of the first byte that is not in the buffer yet. */
  private readTo: number;
  private isFileAtEnd = false;

  constructor(private readonly range: CursorRange) {
    this.position = range.from;
    this.readTo = range.from;
    this.sequence = range.sequence;
    this.span = makeSpan(Math.min(READ_BYTES, Math.max(range.to - range.from, ENTRY_HEAD_BYTES)));
  }

  /** The next entry; undefined when more must be read first, or when the cursor has stopped. Views end with `fill`. */
  next(): ReplayedEntry | undefined {
    const { at, span, position } = this;
    if (this.stoppedBecause !== undefined || position >= this.range.to) return undefined;
    if (this.filled - at < ENTRY_HEAD_BYTES && !this.isExhausted) return undefined;
    const expected = { position, salt: this.range.salt, limit: this.filled, checksum: crc32 };
    let check = checkEntryHead(span, at, expected);
    if (check === 'the entry is cut short' && !this.isExhausted && this.canComplete()) return undefined;
    if (check === 'whole' && this.sequence !== undefined && claimedSequence(span, at) !== this.sequence) {
      check = 'the entry is out of sequence';
    }
    if (check === 'whole') check = checkPayloads(span, at, expected);
    if (check !== 'whole') {
      this.stoppedBecause = check;
      return undefined;
    }
    const entry = decodeEntry(span, at);
    this.sequence = claimedSequence(span, at) + 1;
    this.at += entry.end - entry.position;
    this.position = entry.end;
    return entry;
  }

  /** Reads on; false when there is nothing more for `next` to find. */
  async fill(): Promise<boolean> {
    if (this.stoppedBecause !== undefined || this.position >= this.range.to || this.isExhausted) return false;
    this.makeRoom();
    const { disk, fd, segmentStart, to } = this.range;
    const count = Math.min(this.span.bytes.length - this.filled, to - this.readTo);
    const target = this.span.bytes.subarray(this.filled, this.filled + count);
    const read = await disk.read(fd, target, fileOffset(this.readTo, segmentStart));
    if (read < count) this.isFileAtEnd = true;
    this.filled += read;
    this.readTo += read;
    return true;
  }

  private get isExhausted(): boolean {
    return this.isFileAtEnd || this.readTo >= this.range.to;
  }

  /** Moves the unread rest to the front; a larger entry than the buffer gets a larger buffer. */
  private makeRoom(): void {
    const rest = this.filled - this.at;
    let { span } = this;
    const wanted = rest < ENTRY_HEAD_BYTES ? 0 : claimedEntryBytes(span, this.at);
    if (wanted > span.bytes.length) span = makeSpan(wanted);
    if (span !== this.span || this.at > 0) span.bytes.set(this.span.bytes.subarray(this.at, this.filled));
    this.span = span;
    this.at = 0;
    this.filled = rest;
  }

  /** True when the rest of the entry, of which only the beginning is here, may lie inside the range. */
  private canComplete(): boolean {
    return claimedEntryBytes(this.span, this.at) <= Math.min(ENTRY_BYTES_MAX, this.range.to - this.position);
  }
}
