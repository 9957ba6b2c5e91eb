// A note beside the journal: "everything before this position was durable". It is written after the fact, now and then
// and without a sync, which is safe because the sentence stays true for ever. It lets recovery tell damage from a torn
// tail even in the last group, and notice that the end of the journal was cut off or replaced by an older copy.
//
// Two slots in turn, each in its own block: a torn write of one leaves the other. An unreadable note only weakens this
// check; it never makes a store unreadable.

import { crc32 } from 'node:zlib';
import { type Disk, isMissing } from './disk.ts';

const SLOT_BYTES = 64;
const SLOT_DISTANCE = 4096;
const MAGIC = 'EDDYMARK';

export interface MarkNote {
  readonly position: number;
  /** True when the journal was closed in order: nothing was written after this position. */
  readonly isClosed: boolean;
}

export class DurableMark {
  /** What the last process noted; undefined when there is no readable note. */
  readonly found: MarkNote | undefined;
  private counter: number;

  private constructor(
    private readonly disk: Disk,
    private readonly fd: number,
    private readonly storeId: string,
    newest: { readonly counter: number; readonly found: MarkNote | undefined },
  ) {
    this.counter = newest.counter;
    this.found = newest.found;
  }

  static async open(disk: Disk, path: string, storeId: string): Promise<DurableMark> {
    const fd = await openOrCreate(disk, path);
    const bytes = Buffer.alloc(SLOT_DISTANCE + SLOT_BYTES);
    await disk.read(fd, bytes, 0);
    let counter = 0;
    let found: MarkNote | undefined;
    for (const at of [0, SLOT_DISTANCE]) {
      const slot = bytes.subarray(at, at + SLOT_BYTES);
      if (slot.readUInt32LE(60) !== checksumOf(slot)) continue;
      if (slot.toString('latin1', 0, 8) !== MAGIC || slot.toString('hex', 32, 48) !== storeId) continue;
      const slotCounter = slot.readDoubleLE(8);
      if (slotCounter <= counter) continue;
      counter = slotCounter;
      found = { position: slot.readDoubleLE(16), isClosed: slot.readUInt8(24) === 1 };
    }
    return new DurableMark(disk, fd, storeId, { counter, found });
  }

  /** Durable itself only when `synced`. */
  async write(note: MarkNote, options: { readonly synced: boolean }): Promise<void> {
    this.counter += 1;
    const slot = Buffer.alloc(SLOT_BYTES);
    slot.write(MAGIC, 0, 'latin1');
    slot.writeDoubleLE(this.counter, 8);
    slot.writeDoubleLE(note.position, 16);
    slot.writeUInt8(note.isClosed ? 1 : 0, 24);
    slot.write(this.storeId, 32, 16, 'hex');
    slot.writeUInt32LE(checksumOf(slot), 60);
    await this.disk.write(this.fd, [slot], (this.counter % 2) * SLOT_DISTANCE);
    if (options.synced) await this.disk.syncData(this.fd);
  }

  close(): Promise<void> {
    return this.disk.close(this.fd);
  }
}

async function openOrCreate(disk: Disk, path: string): Promise<number> {
  try {
    return await disk.open(path, 'write');
  } catch (error) {
    if (!isMissing(error)) throw error;
    return disk.open(path, 'create');
  }
}

function checksumOf(slot: Buffer): number {
  return crc32(slot.subarray(0, 60), 0);
}
