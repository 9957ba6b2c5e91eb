// Streams, blocks and objects in the making as snapshot bytes. Groups are documents, which the kernel keeps.

import type { ByteReader, ByteWriter } from '#base/bytes.ts';
import type { PayloadId } from '#cell/payloads.ts';
import { addStream } from './apply.ts';
import { readObjects, writeObjects } from './objects/snapshot.ts';
import type { LogBlock, LogStream, LogsState } from './state.ts';

export function writeSnapshot(state: LogsState, section: (name: string) => ByteWriter): void {
  writeObjects(state.objects, section('objects'));
  const writer = section('streams');
  writer.varint(state.nextGroupId);
  writer.varint(state.nextStreamId);
  writer.varint(state.nextSequence);
  writer.varint(state.contents.size);
  for (const content of state.contents.values()) {
    writer.varint(content.id);
    writer.f64(content.trimAtMs ?? Number.NaN);
  }
  writer.varint(state.streams.size);
  for (const stream of state.streams.values()) writeStream(writer, stream);
}

export function readSnapshot(state: LogsState, section: (name: string) => ByteReader | undefined): void {
  readObjects(state.objects, section('objects'));
  const reader = section('streams');
  if (reader === undefined) return;
  state.nextGroupId = reader.varint();
  state.nextStreamId = reader.varint();
  state.nextSequence = reader.varint();
  for (let left = reader.varint(); left > 0; left -= 1) {
    const content = state.content(reader.varint());
    content.trimAtMs = optional(reader.f64());
  }
  for (let left = reader.varint(); left > 0; left -= 1) {
    const stream = readStream(reader);
    addStream(state, stream);
    state.content(stream.groupId).storedBytes += stream.storedBytes;
  }
}

function writeStream(writer: ByteWriter, stream: LogStream): void {
  writer.varint(stream.id);
  writer.varint(stream.groupId);
  writer.text(stream.name);
  writer.f64(stream.createdAtMs);
  writer.f64(stream.firstEventMs ?? Number.NaN);
  writer.f64(stream.lastEventMs ?? Number.NaN);
  writer.f64(stream.lastIngestedMs ?? Number.NaN);
  writer.varint(stream.storedBytes);
  writer.varint(stream.blocks.length);
  for (const block of stream.blocks) {
    writer.varint(block.payload);
    writer.varint(block.firstSequence);
    writer.varint(block.count);
    writer.varint(block.bytes);
    writer.f64(block.minMs);
    writer.f64(block.maxMs);
    writer.f64(block.ingestedAtMs);
  }
}

function readStream(reader: ByteReader): LogStream {
  return {
    id: reader.varint(),
    groupId: reader.varint(),
    name: reader.text(),
    createdAtMs: reader.f64(),
    firstEventMs: optional(reader.f64()),
    lastEventMs: optional(reader.f64()),
    lastIngestedMs: optional(reader.f64()),
    storedBytes: reader.varint(),
    blocks: Array.from({ length: reader.varint() }, () => readBlock(reader)),
  };
}

function readBlock(reader: ByteReader): LogBlock {
  return {
    payload: reader.varint() as PayloadId,
    firstSequence: reader.varint(),
    count: reader.varint(),
    bytes: reader.varint(),
    minMs: reader.f64(),
    maxMs: reader.f64(),
    ingestedAtMs: reader.f64(),
  };
}

function optional(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}
