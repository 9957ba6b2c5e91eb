// Bodies of the requests by which batches are delivered. One for each destination; what is told of them is with the destination.

import { gzipSync } from 'node:zlib';
import { joinBytes } from '#base/bytes.ts';
import { indexNameAt } from '#services/firehose/index-rotation.ts';
import type { HttpDelivery, OpenSearchDelivery, PreparedPack } from '#services/firehose/performing.ts';
import { PackMaker, recordsOf } from './records.ts';

export type HttpBody = Pick<HttpDelivery, 'requestId' | 'atMs' | 'contentEncoding'>;

/** AWS: Firehose developer guide, "Understand HTTP endpoint delivery request and response specifications", body schema. */
export function httpBody({ requestId, atMs, contentEncoding }: HttpBody, packs: readonly Uint8Array[]): Uint8Array {
  const pieces: Uint8Array[] = [
    Buffer.from(`{"requestId":${JSON.stringify(requestId)},"timestamp":${atMs},"records":[`),
  ];
  for (const { data, index } of recordsOf(packs)) {
    pieces.push(Buffer.from(`${index === 0 ? '' : ','}{"data":"${base64Of(data)}"}`));
  }
  pieces.push(Buffer.from(']}'));
  const body = joinBytes(pieces);
  return contentEncoding === 'GZIP' ? gzipSync(body) : body;
}

function base64Of(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.length).toString('base64');
}

/** AWS: Firehose developer guide, "Data delivery format": for Splunk the bytes are concatenated, delimiters are the sender's. */
export function splunkBody(_input: undefined, packs: readonly Uint8Array[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (const { data } of recordsOf(packs)) pieces.push(data);
  return joinBytes(pieces);
}

export type BulkBody = Pick<OpenSearchDelivery, 'indexName' | 'rotation' | 'typeName' | 'documentIds' | 'requestId'>;

export interface MadeBulk {
  readonly body: Uint8Array;
  /** The records that are in it, in order; an empty record is no document. */
  readonly indexes: readonly number[];
  readonly empty: readonly number[];
}

const NEW_LINE = 0x0a;

/** OpenSearch, "Bulk": an action line and a document line each, every one ended by a new line. */
export function bulkBody(input: BulkBody, packs: readonly Uint8Array[]): MadeBulk {
  const pieces: Uint8Array[] = [];
  const indexes: number[] = [];
  const empty: number[] = [];
  for (const { data, index, arrivedAtMs } of recordsOf(packs)) {
    const line = singleLine(data);
    if (line === undefined) {
      empty.push(index);
      continue;
    }
    const action = {
      _index: indexNameAt(input.indexName, input.rotation, arrivedAtMs),
      ...(input.typeName === undefined ? {} : { _type: input.typeName }),
      ...(input.documentIds === 'firehose' ? { _id: `${input.requestId}.${index}` } : {}),
    };
    indexes.push(index);
    pieces.push(Buffer.from(`${JSON.stringify({ index: action })}\n`), line, Uint8Array.of(NEW_LINE));
  }
  return { body: joinBytes(pieces), indexes, empty };
}

/** In JSON line breaks stand between tokens only: a blank says the same. Without this one record would take the place of two. */
function singleLine(data: Uint8Array): Uint8Array | undefined {
  let isBlank = true;
  let hasBreak = false;
  for (const byte of data) {
    if (byte === NEW_LINE || byte === 0x0d) hasBreak = true;
    else if (byte !== 0x20 && byte !== 0x09) isBlank = false;
  }
  if (isBlank) return undefined;
  return hasBreak ? data.map((byte) => (byte === NEW_LINE || byte === 0x0d ? 0x20 : byte)) : data;
}

/** Some records of a job as packs of their own. */
export function packSelection(
  { indexes }: { readonly indexes: readonly number[] },
  packs: readonly Uint8Array[],
): readonly PreparedPack[] {
  const wanted = new Set(indexes);
  const maker = new PackMaker();
  for (const record of recordsOf(packs)) {
    if (wanted.has(record.index)) maker.add(record);
  }
  return maker.take();
}
