// Objects, versions and uploads in a snapshot. Reference counts follow from them; documents and timers are the kernel's.

import { type ByteReader, type ByteWriter, written } from '#base/bytes.ts';
import type { ServiceDefinition } from '#cell/service-definition.ts';
import type { ChecksumAlgorithm } from '#model/checksum.ts';
import { retainPieces, sharedHeaders } from './blobs.ts';
import { orderedKey, shownKey } from './key-order.ts';
import {
  type BucketContents,
  type Checksums,
  contentsOf,
  type ObjectHeaders,
  type ObjectVersion,
  type Piece,
  type S3State,
  type Upload,
  type UploadedPart,
  type VersionExtra,
} from './state.ts';
import { allOf, type Entry, piecesOf } from './versions.ts';

const SECTION = 'objects';

/** What of an upload or part is no run of bytes: as JSON. */
type Rest = Record<string, unknown>;

export const snapshot: NonNullable<ServiceDefinition<S3State>['snapshot']> = {
  write(state, section) {
    const writer = section(SECTION);
    writer.varint(state.nextId);
    writer.varint(state.sequence);
    writer.varint(state.contents.size);
    for (const [bucket, contents] of state.contents) {
      writer.varint(bucket);
      writer.text(state.expiringAfter.get(bucket) ?? '');
      writeContents(writer, contents);
    }
  },
  read(state, section) {
    const reader = section(SECTION);
    if (reader === undefined) return;
    state.nextId = Math.max(state.nextId, reader.varint());
    state.sequence = reader.varint();
    for (let left = reader.varint(); left > 0; left -= 1) {
      const bucket = reader.varint();
      const afterKey = reader.text();
      if (afterKey !== '') state.expiringAfter.set(bucket, afterKey);
      readContents(reader, state, contentsOf(state, bucket));
    }
  },
};

function writeContents(writer: ByteWriter, { objects, uploadsById, uploads }: BucketContents): void {
  writer.varint(objects.size);
  const headers = new Map<ObjectHeaders, number>();
  // Versions never change, only lists of them do: they become bytes while the snapshot is written.
  const held = objects.held((entry) => (Array.isArray(entry) ? [...entry] : entry));
  writer.lend(
    written(held, (each, { key, value }) => {
      writeOrdered(each, key);
      const versions = allOf(value);
      each.varint(versions.length);
      for (const version of versions) writeVersion(each, version, headers);
    }),
  );
  writer.varint(uploadsById.size);
  for (const { key, value } of uploads.from('')) {
    writeOrdered(writer, key);
    writeUpload(writer, value);
  }
}

function readContents(reader: ByteReader, state: S3State, contents: BucketContents): void {
  const headers: ObjectHeaders[] = [];
  for (let left = reader.varint(); left > 0; left -= 1) {
    const key = readOrdered(reader);
    const versions = Array.from({ length: reader.varint() }, () => readVersion(reader, state, headers));
    contents.objects.set(key, versions.length === 1 ? (versions[0] as Entry) : versions);
  }
  for (let left = reader.varint(); left > 0; left -= 1) {
    const place = readOrdered(reader);
    const upload = readUpload(reader, state);
    contents.uploads.set(place, upload);
    contents.uploadsById.set(upload.uploadId, upload);
  }
}

const WHOLE = 1;
const HEADERS = 2;
const CHECKSUMS = 4;
const EXTRA = 8;

function writeVersion(writer: ByteWriter, version: ObjectVersion, known: Map<ObjectHeaders, number>): void {
  const { versionId, atMs, bytes, eTag, headers, checksums, extra, body } = version;
  const isWhole = typeof body === 'string';
  writer.u8(
    (isWhole ? WHOLE : 0) |
      (headers === undefined ? 0 : HEADERS) |
      (checksums === undefined ? 0 : CHECKSUMS) |
      (extra === undefined ? 0 : EXTRA),
  );
  writer.text(versionId);
  writer.f64(atMs);
  writer.varint(bytes + 1);
  writer.text(eTag);
  if (isWhole) writer.text(body);
  else writePieces(writer, piecesOf(version));
  if (headers !== undefined) writeHeaders(writer, headers, known);
  if (checksums !== undefined) writeChecksums(writer, checksums);
  if (extra !== undefined) writer.text(JSON.stringify(extra));
}

function readVersion(reader: ByteReader, state: S3State, known: ObjectHeaders[]): ObjectVersion {
  const flags = reader.u8();
  const versionId = reader.text();
  const atMs = reader.f64();
  const bytes = reader.varint() - 1;
  const eTag = reader.text();
  const isWhole = (flags & WHOLE) !== 0;
  const pieces = isWhole ? [{ blob: reader.text(), from: 0, to: bytes }] : readPieces(reader);
  retainPieces(state, pieces);
  const body = isWhole ? (pieces[0] as Piece).blob : pieces.length === 0 ? undefined : pieces;
  return {
    versionId,
    atMs,
    body,
    bytes,
    eTag,
    headers: (flags & HEADERS) === 0 ? undefined : readHeaders(reader, state, known),
    checksums: (flags & CHECKSUMS) === 0 ? undefined : readChecksums(reader),
    extra: (flags & EXTRA) === 0 ? undefined : (JSON.parse(reader.text()) as VersionExtra),
  };
}

/** Objects share their headers: each is written once, where it first comes, and is its number from then on. */
function writeHeaders(writer: ByteWriter, headers: ObjectHeaders, known: Map<ObjectHeaders, number>): void {
  const number = known.get(headers);
  writer.varint(number ?? known.size);
  if (number !== undefined) return;
  known.set(headers, known.size);
  writer.text(JSON.stringify(headers));
}

function readHeaders(reader: ByteReader, state: S3State, known: ObjectHeaders[]): ObjectHeaders {
  const number = reader.varint();
  if (number === known.length) known.push(sharedHeaders(state, JSON.parse(reader.text()) as ObjectHeaders));
  return known[number] as ObjectHeaders;
}

/** For ever: their places are in snapshots. */
const ALGORITHMS: readonly ChecksumAlgorithm[] = [
  'CRC32',
  'CRC32C',
  'CRC64NVME',
  'SHA1',
  'SHA256',
  'MD5',
  'SHA512',
  'XXHASH64',
  'XXHASH3',
  'XXHASH128',
];

function writeChecksums(writer: ByteWriter, checksums: Checksums): void {
  const names = ALGORITHMS.filter((name) => checksums[name] !== undefined);
  writer.u8(names.length);
  for (const name of names) {
    writer.u8(ALGORITHMS.indexOf(name));
    writer.text(checksums[name] as string);
  }
}

function readChecksums(reader: ByteReader): Checksums {
  const checksums: { -readonly [K in keyof Checksums]: Checksums[K] } = {};
  for (let left = reader.u8(); left > 0; left -= 1) {
    const name = ALGORITHMS[reader.u8()] as ChecksumAlgorithm;
    checksums[name] = reader.text();
  }
  return checksums;
}

function writeUpload(writer: ByteWriter, { parts, ...rest }: Upload): void {
  writeRest(writer, rest);
  writer.varint(parts.size);
  for (const { body, ...part } of parts.values()) {
    writeRest(writer, part);
    writePieces(writer, body);
  }
}

function readUpload(reader: ByteReader, state: S3State): Upload {
  const rest = readRest<Omit<Upload, 'parts'>>(reader);
  const parts = new Map<number, UploadedPart>();
  for (let left = reader.varint(); left > 0; left -= 1) {
    const part = readRest<Omit<UploadedPart, 'body'>>(reader);
    const body = readPieces(reader);
    retainPieces(state, body);
    parts.set(part.number, { ...part, checksums: part.checksums, body });
  }
  return { ...rest, parts };
}

function writePieces(writer: ByteWriter, pieces: readonly Piece[]): void {
  writer.varint(pieces.length);
  for (const { blob, from, to } of pieces) {
    writer.text(blob);
    writer.varint(from);
    writer.varint(to);
  }
}

function readPieces(reader: ByteReader): Piece[] {
  return Array.from({ length: reader.varint() }, () => ({
    blob: reader.text(),
    from: reader.varint(),
    to: reader.varint(),
  }));
}

function writeRest(writer: ByteWriter, rest: Rest): void {
  writer.text(JSON.stringify(rest));
}

function readRest<T>(reader: ByteReader): T {
  return JSON.parse(reader.text()) as T;
}

/** Ordered keys may hold lone surrogates, which UTF-8 has no bytes for: they travel as the keys that clients know. */
function writeOrdered(writer: ByteWriter, ordered: string): void {
  writer.text(shownKey(ordered));
}

function readOrdered(reader: ByteReader): string {
  return orderedKey(reader.text());
}
