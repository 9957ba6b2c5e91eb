// What can happen to objects. Configurations of buckets are documents. Facts are for ever: fields are only added, at the end, as optional.

import { type Field, factKind, field } from '#cell/fact.ts';
import type { ChecksumAlgorithm } from '#model/checksum.ts';
import type { Checksums, CompletedPart, ObjectHeaders, ObjectTag, Piece } from './state.ts';

const piece: Field<Piece> = {
  write(writer, { blob, from, to }) {
    writer.text(blob);
    writer.varint(from);
    writer.varint(to);
  },
  read: (reader) => ({ blob: reader.text(), from: reader.varint(), to: reader.varint() }),
};

/** A version of an object is there, the newest of its key; as the null version it takes the place of the one before. */
export const ObjectPut = factKind({
  id: 0xd00,
  name: 'ObjectPut',
  fields: {
    bucket: field.u32,
    key: field.text,
    versionId: field.text,
    atMs: field.number,
    pieces: field.list(piece),
    bytes: field.count,
    eTag: field.text,
    headers: field.optional(field.json<ObjectHeaders>()),
    checksums: field.optional(field.json<Checksums>()),
    tags: field.optional(field.json<readonly ObjectTag[]>()),
    parts: field.optional(field.json<readonly CompletedPart[]>()),
    isComposite: field.optional(field.flag),
    /** The multipart upload that ended with it: its parts are the object now. */
    uploadId: field.optional(field.text),
  },
});

export const DeleteMarkerPut = factKind({
  id: 0xd01,
  name: 'DeleteMarkerPut',
  fields: {
    bucket: field.u32,
    key: field.text,
    versionId: field.text,
    atMs: field.number,
    /** The lifecycle rule that asked for it. */
    ruleId: field.optional(field.text),
  },
});

/** A version, or a delete marker, is gone for good. */
export const VersionRemoved = factKind({
  id: 0xd02,
  name: 'VersionRemoved',
  fields: {
    bucket: field.u32,
    key: field.text,
    versionId: field.text,
    atMs: field.number,
    /** The lifecycle rule that asked for it. */
    ruleId: field.optional(field.text),
  },
});

/** An empty list: the tags are gone. */
export const ObjectTagged = factKind({
  id: 0xd03,
  name: 'ObjectTagged',
  fields: { bucket: field.u32, key: field.text, versionId: field.text, tags: field.json<readonly ObjectTag[]>() },
});

export const UploadBegun = factKind({
  id: 0xd04,
  name: 'UploadBegun',
  fields: {
    bucket: field.u32,
    key: field.text,
    uploadId: field.text,
    atMs: field.number,
    initiator: field.text,
    headers: field.optional(field.json<ObjectHeaders>()),
    tags: field.optional(field.json<readonly ObjectTag[]>()),
    checksumAlgorithm: field.optional(field.json<ChecksumAlgorithm>()),
    checksumType: field.optional(field.json<'COMPOSITE' | 'FULL_OBJECT'>()),
  },
});

/** A part takes the place of the one with its number. */
export const PartUploaded = factKind({
  id: 0xd05,
  name: 'PartUploaded',
  fields: {
    bucket: field.u32,
    uploadId: field.text,
    number: field.count,
    atMs: field.number,
    pieces: field.list(piece),
    bytes: field.count,
    md5: field.text,
    checksums: field.optional(field.json<Checksums>()),
  },
});

export const UploadAborted = factKind({
  id: 0xd06,
  name: 'UploadAborted',
  fields: { bucket: field.u32, uploadId: field.text, atMs: field.number },
});

/** An event of an object was handed over; for explanations, nothing depends on it. */
export const EventNotified = factKind({
  id: 0xd07,
  name: 'EventNotified',
  durability: 'eventual',
  fields: {
    bucket: field.u32,
    key: field.text,
    eventName: field.text,
    targetArn: field.text,
    /** Why the destination did not take it. */
    failure: field.optional(field.text),
    /** What the destination calls it: the message's or invocation's id, by which its journey is followed. */
    messageId: field.optional(field.uuid),
  },
});

/** Expiry of a bucket's objects has looked at the keys up to this one; with an empty key the round is done. */
export const ExpiryAdvanced = factKind({
  id: 0xd08,
  name: 'ExpiryAdvanced',
  fields: { bucket: field.u32, afterKey: field.text, nextAtMs: field.number },
});

/** Blobs were found that no object refers to: what a crash between upload and decision left behind. */
export const LeftBlobsFound = factKind({
  id: 0xd09,
  name: 'LeftBlobsFound',
  durability: 'eventual',
  fields: { blobs: field.list(field.text), atMs: field.number },
});
