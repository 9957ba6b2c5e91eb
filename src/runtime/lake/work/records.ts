// The records of a job, with their numbers, and packs made of records.

import { createHash } from 'node:crypto';
import type { PreparedPack } from '#services/firehose/performing.ts';
import { decodePack, encodePack, type FirehoseRecord } from '#services/firehose/record-pack.ts';
import type { MadeBytes } from './job.ts';

export interface NumberedRecord extends FirehoseRecord {
  /** Number within the job, from 0. */
  readonly index: number;
}

/** One pack after the other: memory holds the packs, and views of one of them at a time. */
export function* recordsOf(packs: readonly Uint8Array[]): Generator<NumberedRecord> {
  let index = 0;
  for (const pack of packs) {
    for (const record of decodePack(pack)) {
      yield { ...record, index };
      index += 1;
    }
  }
}

const PACK_BYTES = 4 * 1024 * 1024;

/** Packs of some mebibytes, in order. */
export class PackMaker {
  private readonly packs: PreparedPack[] = [];
  private records: FirehoseRecord[] = [];
  private bytes = 0;

  add(record: FirehoseRecord): void {
    this.records.push(record);
    this.bytes += record.data.length;
    if (this.bytes >= PACK_BYTES) this.end();
  }

  take(): readonly PreparedPack[] {
    if (this.records.length > 0) this.end();
    return this.packs;
  }

  private end(): void {
    this.packs.push({ pack: encodePack(this.records), count: this.records.length, bytes: this.bytes });
    this.records = [];
    this.bytes = 0;
  }
}

export function made(bytes: Uint8Array): MadeBytes {
  return { bytes, md5: createHash('md5').update(bytes).digest('hex') };
}
