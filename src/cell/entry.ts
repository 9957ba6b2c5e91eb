// An entry's bytes: a head (time, cause), then facts one after another. One entry is what one turn decided.

import { assert } from '#base/assert.ts';
import { ByteReader, type ByteWriter } from '#base/bytes.ts';
import { formatUuid, parseUuid } from '#base/uuid.ts';

/** What led to a turn: a client's request, or something inside. */
export interface EntryHead {
  readonly nowMs: number;
  /** UUID of the client's request; undefined for timers, reactions and wake-ups. */
  readonly requestId: string | undefined;
  /** Number of the caller (CallerSeen); 0 when there is none. */
  readonly caller: number;
}

export interface EncodedFact {
  readonly kindId: number;
  readonly body: Uint8Array;
}

export const ENTRY_VERSION = 1;
const NO_REQUEST = 0;
const REQUEST = 1;

export function writeEntryHead(writer: ByteWriter, head: EntryHead): void {
  const requestId = head.requestId === undefined ? undefined : parseUuid(head.requestId);
  writer.u8(ENTRY_VERSION);
  writer.f64(head.nowMs);
  writer.u8(requestId === undefined ? NO_REQUEST : REQUEST);
  if (requestId === undefined) return;
  writer.raw(requestId);
  writer.varint(head.caller);
}

export function readEntry(bytes: Uint8Array, onFact: (fact: EncodedFact, head: EntryHead) => void): EntryHead {
  const reader = new ByteReader(bytes);
  const version = reader.u8();
  assert(version === ENTRY_VERSION, `entry version ${version} is known`);
  const nowMs = reader.f64();
  const hasRequest = reader.u8() === REQUEST;
  const requestId = hasRequest ? formatUuid(reader.raw(16)) : undefined;
  const head: EntryHead = { nowMs, requestId, caller: hasRequest ? reader.varint() : 0 };
  while (reader.remaining > 0) onFact({ kindId: reader.varint(), body: reader.blob() }, head);
  return head;
}
