// A ZIP archive of texts, stored and not compressed: the same files are the same bytes, on every machine. Source: PKWARE's application note, sections 4.3.7,
// 4.3.12 and 4.3.16.

import { ByteWriter, utf8Encode } from '#base/bytes.ts';
import type { SourceFile } from './source-file.ts';

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
/** Names are UTF-8. */
const FLAGS = 0x0800;
/** 1980-01-01, the first day of the format: when it was made is told by the code binding. */
const DATE = 0x0021;

export function zipOf(files: readonly SourceFile[]): Uint8Array {
  const archive = new ByteWriter(64 * 1_024);
  const directory = new ByteWriter(4 * 1_024);
  for (const { path, text } of files) {
    const [name, bytes] = [utf8Encode(path), utf8Encode(text)];
    const at = archive.length;
    archive.raw(little([4, LOCAL_HEADER], [2, VERSION], ...common(bytes, name)));
    archive.raw(name);
    archive.raw(bytes);
    directory.raw(little([4, CENTRAL_HEADER], [2, VERSION], [2, VERSION], ...common(bytes, name)));
    // No comment, first disk, no attributes.
    directory.raw(little([2, 0], [2, 0], [2, 0], [4, 0], [4, at]));
    directory.raw(name);
  }
  const start = archive.length;
  archive.raw(directory.bytes);
  const count = files.length;
  archive.raw(little([4, END], [2, 0], [2, 0], [2, count], [2, count], [4, directory.length], [4, start], [2, 0]));
  return archive.take();
}

type Part = readonly [bytes: 2 | 4, value: number];

/** What both headers have: flags, method (stored), time, checksum, sizes, length of the name, no extra field. */
function common(bytes: Uint8Array, name: Uint8Array): readonly Part[] {
  const { length } = bytes;
  return [
    [2, FLAGS],
    [2, 0],
    [2, 0],
    [2, DATE],
    [4, crc32(bytes)],
    [4, length],
    [4, length],
    [2, name.length],
    [2, 0],
  ];
}

function little(...parts: readonly Part[]): Uint8Array {
  const bytes: number[] = [];
  for (const [count, value] of parts) {
    for (let i = 0; i < count; i += 1) bytes.push((value >>> (8 * i)) & 0xff);
  }
  return Uint8Array.from(bytes);
}

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let i = 0; i < 8; i += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (TABLE[(value ^ byte) & 0xff] as number) ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}
