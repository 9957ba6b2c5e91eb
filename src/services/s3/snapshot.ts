// Objects, versions and uploads in a snapshot. Reference counts follow from them; documents and timers are the kernel's.

import type { ByteReader, ByteWriter } from '#base/bytes.ts';
import type { ServiceDefinition } from '#cell/service-definition.ts';
import { retainPieces, sharedHeaders } from './blobs.ts';
import { orderedKey, shownKey } from './key-order.ts';
import {
  type BucketContents,
  contentsOf,
  type ObjectHeaders,
  type ObjectVersion,
  type Piece,
  type S3State,
  type Upload,
  type UploadedPart,
} from './state.ts';
import { allOf, type Entry, piecesOf } from './versions.ts';

const SECTION = 'objects';
/** About what an object takes there: growing a large writer costs as much as writing it. */
const BYTES_PER_OBJECT = 200;

/** What of a version or part is small and seldom: as JSON, empty when there is nothing. */
type Rest = Record<string, unknown>;

export const snapshot: NonNullable<ServiceDefinition<S3State>['snapshot']> = {
  write(state, section) {
    let count = 0;
    for (const { objects } of state.contents.values()) count += objects.size;
    const writer = section(SECTION, count * BYTES_PER_OBJECT);
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
  for (const { key, value } of objects.from('')) {
    writeOrdered(writer, key);
    const versions = allOf(value);
    writer.varint(versions.length);
    for (const version of versions) writeVersion(writer, version);
  }
  writer.varint(uploadsById.size);
  for (const { key, value } of uploads.from('')) {
    writeOrdered(writer, key);
    writeUpload(writer, value);
  }
}

function readContents(reader: ByteReader, state: S3State, contents: BucketContents): void {
  for (let left = reader.varint(); left > 0; left -= 1) {
    const key = readOrdered(reader);
    const versions = Array.from({ length: reader.varint() }, () => readVersion(reader, state));
    contents.objects.set(key, versions.length === 1 ? (versions[0] as Entry) : versions);
  }
  for (let left = reader.varint(); left > 0; left -= 1) {
    const place = readOrdered(reader);
    const upload = readUpload(reader, state);
    contents.uploads.set(place, upload);
    contents.uploadsById.set(upload.uploadId, upload);
  }
}

function writeVersion(writer: ByteWriter, version: ObjectVersion): void {
  const { versionId, atMs, bytes, eTag, headers, checksums, extra } = version;
  writer.text(versionId);
  writer.f64(atMs);
  writer.varint(bytes + 1);
  writer.text(eTag);
  writeRest(writer, { headers, checksums, extra });
  writer.u8(typeof version.body === 'string' ? 1 : 0);
  if (typeof version.body === 'string') writer.text(version.body);
  else writePieces(writer, piecesOf(version));
}

function readVersion(reader: ByteReader, state: S3State): ObjectVersion {
  const versionId = reader.text();
  const atMs = reader.f64();
  const bytes = reader.varint() - 1;
  const eTag = reader.text();
  const rest = readRest<Pick<ObjectVersion, 'headers' | 'checksums' | 'extra'>>(reader);
  const headers = rest.headers === undefined ? undefined : sharedHeaders(state, rest.headers as ObjectHeaders);
  const isWhole = reader.u8() === 1;
  const pieces = isWhole ? [{ blob: reader.text(), from: 0, to: bytes }] : readPieces(reader);
  retainPieces(state, pieces);
  const body = isWhole ? (pieces[0] as Piece).blob : pieces.length === 0 ? undefined : pieces;
  return { versionId, atMs, body, bytes, eTag, headers, checksums: rest.checksums, extra: rest.extra };
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
  const isEmpty = Object.values(rest).every((value) => value === undefined);
  writer.text(isEmpty ? '' : JSON.stringify(rest));
}

function readRest<T>(reader: ByteReader): T {
  const text = reader.text();
  return (text === '' ? {} : JSON.parse(text)) as T;
}

/** Ordered keys may hold lone surrogates, which UTF-8 has no bytes for: they travel as the keys that clients know. */
function writeOrdered(writer: ByteWriter, ordered: string): void {
  writer.text(shownKey(ordered));
}

function readOrdered(reader: ByteReader): string {
  return orderedKey(reader.text());
}
