// The compressions of delivered objects. AWS: API reference, S3DestinationConfiguration.CompressionFormat; what the two kinds of Snappy are is
// seen in delivered objects: `Snappy` is the stream of snappy-java, `HADOOP_SNAPPY` Hadoop's blocks (Firehose developer guide, "Convert input
// data format", names BlockCompressorStream). The same bytes always give the same object: one that is written again after a crash is the same.

import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { snappyCompressor } from 'hysnappy';
import { joinBytes } from '#base/bytes.ts';
import type { Shaping } from '#services/firehose/performing.ts';

let snappyBlock: ((bytes: Uint8Array) => Uint8Array) | undefined;

/** Raw Snappy, as one block of any length: what Parquet's pages and the streams below are made of. */
export function compressSnappyBlock(bytes: Uint8Array): Uint8Array {
  snappyBlock ??= snappyCompressor();
  // An empty block is its length alone.
  return bytes.length === 0 ? new Uint8Array([0]) : snappyBlock(bytes);
}

export function compressObject(bytes: Uint8Array, { compression, fileName }: CompressionRequest): Uint8Array {
  if (compression === 'UNCOMPRESSED') return bytes;
  if (compression === 'GZIP') return gzipSync(bytes);
  if (compression === 'ZIP') return zipOf(bytes, fileName);
  return compression === 'Snappy' ? snappyJavaStream(bytes) : hadoopSnappy(bytes);
}

export type CompressionRequest = Pick<Shaping, 'compression' | 'fileName'>;

/** The earliest that ZIP can say, in the local time it is told in. */
const ZIP_EPOCH = new Date(1980, 0, 1);

function zipOf(bytes: Uint8Array, fileName: string): Uint8Array {
  return zipSync({ [fileName]: bytes }, { mtime: ZIP_EPOCH });
}

/** snappy-java's SnappyOutputStream: its magic, version and lowest compatible version, both 1. */
const JAVA_HEADER = Uint8Array.of(0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1);
const JAVA_BLOCK_BYTES = 32 * 1024;

function snappyJavaStream(bytes: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [JAVA_HEADER];
  for (let at = 0; at < bytes.length; at += JAVA_BLOCK_BYTES) {
    const block = compressSnappyBlock(bytes.subarray(at, at + JAVA_BLOCK_BYTES));
    pieces.push(bigEndian(block.length), block);
  }
  return joinBytes(pieces);
}

/** Readers keep 256 KiB for a block. */
const HADOOP_BLOCK_BYTES = 128 * 1024;

/** Each block: its length before compression, then one piece: its compressed length and bytes. */
function hadoopSnappy(bytes: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += HADOOP_BLOCK_BYTES) {
    const plain = bytes.subarray(at, at + HADOOP_BLOCK_BYTES);
    const block = compressSnappyBlock(plain);
    pieces.push(bigEndian(plain.length), bigEndian(block.length), block);
  }
  return joinBytes(pieces);
}

function bigEndian(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
