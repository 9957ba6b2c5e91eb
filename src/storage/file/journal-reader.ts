// Reading from segment files: one payload by its position, a whole segment for a search, everything for replay. Checks all
// it hands out; what does not match is a StorageCorruption that names file and position.

import { crc32 } from 'node:zlib';
import { assertDefined } from '#base/assert.ts';
import { PAYLOAD_HEAD_BYTES, payloadChecksum } from '../format/entry.ts';
import { type ReplayedEntry, StorageCorruption } from '../journal.ts';
import type { Disk } from './disk.ts';
import { SegmentCursor } from './segment-cursor.ts';
import { fileOffset } from './segment-file.ts';
import type { Segment, SegmentShelf } from './segment-shelf.ts';

export class JournalReader {
  constructor(
    private readonly disk: Disk,
    private readonly directory: string,
    private readonly shelf: SegmentShelf,
  ) {}

  async payload(position: number, length: number): Promise<Uint8Array> {
    const segment = this.shelf.find(position);
    if (segment === undefined) throw this.misread(position, 'no segment contains it');
    // A damaged index must not make us allocate more than the segment can hold.
    const isInside = position + PAYLOAD_HEAD_BYTES + length <= segment.end;
    if (!isInside) throw this.misread(position, `${length} bytes do not fit into the segment`, segment);
    const block = Buffer.allocUnsafe(PAYLOAD_HEAD_BYTES + length);
    const at = fileOffset(position, segment.start);
    const count = await this.shelf.reading(segment, (fd) => this.disk.read(fd, block, at));
    const bytes = block.subarray(PAYLOAD_HEAD_BYTES);
    const isGood =
      count === block.length &&
      block.readUInt32LE(0) === length &&
      block.readUInt32LE(4) === payloadChecksum(bytes, { position, salt: segment.salt }, crc32);
    if (!isGood)
      throw this.misread(position, `the ${length} bytes of the payload do not match their checksum`, segment);
    return bytes;
  }

  async replay(from: number, visit: (entry: ReplayedEntry) => void): Promise<void> {
    for (const segment of [...this.shelf.segments]) {
      if (segment.end <= from) continue;
      const walk = this.walk(segment, Math.max(from, segment.start));
      await walk((cursor) => {
        for (let entry = cursor.next(); entry !== undefined; entry = cursor.next()) visit(entry);
      });
    }
  }

  /** Entries of one segment up to what is durable now. Their bytes are valid until the next one is asked for. */
  async *scan(start: number): AsyncGenerator<ReplayedEntry> {
    const segment = assertDefined(this.shelf.at(start), `the segment that starts at ${start}`);
    const to = segment.end;
    this.shelf.enter(segment);
    try {
      const cursor = await this.cursor(segment, start, to);
      do {
        for (let entry = cursor.next(); entry !== undefined; entry = cursor.next()) yield entry;
      } while (await cursor.fill());
      this.assertComplete(segment, cursor, to);
    } finally {
      this.shelf.leave(segment);
    }
  }

  misread(position: number, reason: string, segment = this.shelf.find(position)): StorageCorruption {
    return new StorageCorruption(`${segment?.path ?? this.directory}, position ${position}: ${reason}`);
  }

  private walk(segment: Segment, from: number) {
    return async (take: (cursor: SegmentCursor) => void): Promise<void> => {
      const to = segment.end;
      this.shelf.enter(segment);
      try {
        const cursor = await this.cursor(segment, from, to);
        do take(cursor);
        while (await cursor.fill());
        this.assertComplete(segment, cursor, to);
      } finally {
        this.shelf.leave(segment);
      }
    };
  }

  private async cursor(segment: Segment, from: number, to: number): Promise<SegmentCursor> {
    const fd = await this.shelf.descriptor(segment);
    const { start: segmentStart, salt } = segment;
    const sequence = from === segmentStart ? segment.firstSequence : undefined;
    return new SegmentCursor({ disk: this.disk, fd, segmentStart, salt, from, to, sequence });
  }

  private assertComplete(segment: Segment, cursor: SegmentCursor, to: number): void {
    if (cursor.position === to) return;
    const reason = cursor.stoppedBecause ?? 'the file ends';
    throw this.misread(cursor.position, `${reason}, although the segment goes on to position ${to}`, segment);
  }
}
