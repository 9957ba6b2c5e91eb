// How a blob lies in its file. Both versions begin with a head that holds the name.
//
// Version 1, written in one go: the head has the length and one checksum of the content.
// Version 2, written in pieces: the content has a checksum for each piece of 256 KiB, so that a range is read and verified without the
// rest; they stand behind it with the foot, which ends the file and has the length, because neither is known before the last byte came.

import { crc32 } from 'node:zlib';

const HEAD_MAGIC = 'EDDYBLOB';
const FOOT_MAGIC = 'EDDYFOOT';
/** Magic 8, version 4, checksum of the head and the name 4, name bytes 4, then by version. */
export const HEAD_BYTES = 32;
/** Magic 8, checksum of the foot and the table 4, unused 4, content bytes 8. */
export const FOOT_BYTES = 24;
/** A range costs reading and checking the pieces that it touches: not much more than what a read from disk fetches anyway. */
export const PIECE_BYTES = 256 * 1024;
export const NAME_BYTES_MAX = 2 ** 20;

export interface BlobHead {
  readonly name: string;
  readonly contentAt: number;
  /** Of version 1. In version 2 the foot tells both. */
  readonly whole: { readonly bytes: number; readonly checksum: number } | undefined;
}

export function encodeWholeHead(name: string, contentBytes: number, contentChecksum: number): Buffer {
  return encodeHead(name, 1, (head) => {
    head.writeUInt32LE(contentChecksum, 20);
    head.writeDoubleLE(contentBytes, 24);
  });
}

export function encodePieceHead(name: string): Buffer {
  return encodeHead(name, 2, (head) => head.writeUInt32LE(PIECE_BYTES, 20));
}

function encodeHead(name: string, version: number, fill: (head: Buffer) => void): Buffer {
  const nameBytes = Buffer.from(name);
  const head = Buffer.alloc(HEAD_BYTES + nameBytes.length);
  head.write(HEAD_MAGIC, 0, 'latin1');
  head.writeUInt32LE(version, 8);
  head.writeUInt32LE(nameBytes.length, 16);
  fill(head);
  head.set(nameBytes, HEAD_BYTES);
  head.writeUInt32LE(headChecksum(head), 12);
  return head;
}

/** Undefined when the bytes, which begin a file, are not a head that was written. */
export function decodeHead(file: Uint8Array): BlobHead | undefined {
  if (file.length < HEAD_BYTES) return undefined;
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const contentAt = HEAD_BYTES + bytes.readUInt32LE(16);
  if (bytes.toString('latin1', 0, 8) !== HEAD_MAGIC || contentAt > bytes.length) return undefined;
  const head = bytes.subarray(0, contentAt);
  const version = head.readUInt32LE(8);
  if (head.readUInt32LE(12) !== headChecksum(head) || version < 1 || version > 2) return undefined;
  if (version === 2 && head.readUInt32LE(20) !== PIECE_BYTES) return undefined;
  return {
    name: head.toString('utf8', HEAD_BYTES),
    contentAt,
    whole: version === 1 ? { bytes: head.readDoubleLE(24), checksum: head.readUInt32LE(20) } : undefined,
  };
}

function headChecksum(head: Buffer): number {
  return crc32(head.subarray(16), crc32(head.subarray(0, 12), 0));
}

/** What stands behind the content: the checksums of its pieces, then the foot. */
export function encodeEnd(contentBytes: number, checksums: readonly number[]): Buffer {
  const end = Buffer.alloc(checksums.length * 4 + FOOT_BYTES);
  checksums.forEach((checksum, i) => {
    end.writeUInt32LE(checksum, i * 4);
  });
  const foot = end.subarray(checksums.length * 4);
  foot.write(FOOT_MAGIC, 0, 'latin1');
  foot.writeDoubleLE(contentBytes, 16);
  foot.writeUInt32LE(endChecksum(end), 8);
  return end;
}

/** Length of the content by the foot; undefined when it is no foot. Not verified before {@link decodeEnd}. */
export function contentBytesOf(foot: Buffer): number | undefined {
  if (foot.length !== FOOT_BYTES || foot.toString('latin1', 0, 8) !== FOOT_MAGIC) return undefined;
  const bytes = foot.readDoubleLE(16);
  return Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : undefined;
}

export function endBytesOf(contentBytes: number): number {
  return Math.ceil(contentBytes / PIECE_BYTES) * 4 + FOOT_BYTES;
}

/** The checksums of the pieces; undefined when the bytes are not what was written. */
export function decodeEnd(end: Buffer): Uint32Array | undefined {
  const foot = end.subarray(end.length - FOOT_BYTES);
  if (foot.readUInt32LE(8) !== endChecksum(end)) return undefined;
  const checksums = new Uint32Array((end.length - FOOT_BYTES) / 4);
  for (let i = 0; i < checksums.length; i += 1) checksums[i] = end.readUInt32LE(i * 4);
  return checksums;
}

/** Over everything but itself. */
function endChecksum(end: Buffer): number {
  const at = end.length - FOOT_BYTES + 8;
  return crc32(end.subarray(at + 4), crc32(end.subarray(0, at), 0));
}
