// Objects in the making as snapshot bytes.

import type { ByteReader, ByteWriter } from '#base/bytes.ts';
import type { PayloadId } from '#cell/payloads.ts';
import type { ObjectPlace } from './facts.ts';
import type { LogObjects } from './state.ts';

export function writeObjects(objects: LogObjects, writer: ByteWriter): void {
  writer.varint(objects.nextId);
  writer.varint(objects.all.size);
  for (const { id, place, begunAtMs, payloads, bytes, isClosed } of objects.all.values()) {
    writer.varint(id);
    writer.text(JSON.stringify(place));
    writer.f64(begunAtMs);
    writer.varint(bytes);
    writer.varint(isClosed ? 1 : 0);
    writer.varint(payloads.length);
    for (const payload of payloads) writer.varint(payload);
  }
}

export function readObjects(objects: LogObjects, reader: ByteReader | undefined): void {
  if (reader === undefined) return;
  objects.nextId = reader.varint();
  for (let left = reader.varint(); left > 0; left -= 1) {
    objects.add({
      id: reader.varint(),
      place: JSON.parse(reader.text()) as ObjectPlace,
      begunAtMs: reader.f64(),
      bytes: reader.varint(),
      isClosed: reader.varint() === 1,
      payloads: Array.from({ length: reader.varint() }, () => reader.varint() as PayloadId),
    });
  }
}
