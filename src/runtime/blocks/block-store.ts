// Blocks of append logs as blobs. Compressed with Brotli's quickest useful setting: a mebibyte of events takes 3 ms of a thread of the pool (not
// of the event loop) and a fifth of the space; deflate takes four times as long for less. What does not get smaller is kept as it is.

import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import { type BlobStore, StorageCorruption } from '#storage/journal.ts';
import { decodeBlock, encodeBlock, type LogRecord, type RecordHead } from '#structures/append-log/block.ts';

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

/** First byte of a blob: how the rest is kept. */
const PLAIN = 0;
const BROTLI = 1;
const COMPRESSION = {
  [constants.BROTLI_PARAM_QUALITY]: 1,
  [constants.BROTLI_PARAM_LGWIN]: 18,
};
/** Output comes in pieces of this: each costs a turn of the event loop, and is allocated whole. */
const CHUNK_BYTES = 256 * 1024;
/** What saves less than a tenth is not worth the time of every reader. */
const WORTHWHILE = 0.9;

export class BlockStore {
  constructor(private readonly blobs: BlobStore) {}

  /** Returns the bytes it takes. */
  async write(name: string, records: readonly LogRecord[]): Promise<number> {
    const plain = encodeBlock(records);
    const packed = await compress(plain, { params: COMPRESSION, chunkSize: CHUNK_BYTES });
    const isPacked = packed.length < plain.length * WORTHWHILE;
    const blob = withFormat(isPacked ? BROTLI : PLAIN, isPacked ? packed : plain);
    await this.blobs.put(name, blob);
    return blob.length;
  }

  /** In order of their sequence: all records, or those that `isWanted`. Undefined when there is no such block. */
  async read(name: string, isWanted?: (head: RecordHead) => boolean): Promise<readonly LogRecord[] | undefined> {
    const blob = await this.blobs.get(name);
    if (blob === undefined) return undefined;
    const rest = blob.subarray(1);
    if (blob[0] === PLAIN) return decodeBlock(rest, isWanted);
    if (blob[0] !== BROTLI) throw new StorageCorruption(`the block "${name}" has the unknown format ${blob[0]}`);
    return decodeBlock(await decompress(rest, { chunkSize: CHUNK_BYTES }), isWanted);
  }

  async delete(names: readonly string[]): Promise<void> {
    for (const name of names) await this.blobs.delete(name);
  }

  async names(): Promise<readonly string[]> {
    return this.blobs.names();
  }
}

function withFormat(format: number, bytes: Uint8Array): Uint8Array {
  const blob = new Uint8Array(bytes.length + 1);
  blob[0] = format;
  blob.set(bytes, 1);
  return blob;
}
