// What is remembered of each waiting message: one slot number, one element in each column, no object. About 105 bytes a message. What never
// changes and is only needed to answer a receive (body, attributes, sender) is in the payload, outside memory.
//
// A slot is reused after its message is gone, last freed first: the same facts always give the same slots, so facts may name a slot. The
// `sequence` beside it tells whether it is still the same message. When the last message goes, all pages go.

import { assert } from '#base/assert.ts';
import type { ByteReader, ByteWriter } from '#base/bytes.ts';
import { F64Column, NONE, U32Column } from './columns.ts';

/** States of a slot. `delayed` and `inFlight` wait for an instant, `ready` for a receiver. */
export const FREE = 0;
export const READY = 1;
export const DELAYED = 2;
export const IN_FLIGHT = 3;

/** A queue that swings between empty and a few messages keeps its first pages; one that was deep gives its memory back. */
const KEPT_WHEN_EMPTY = 1024;

/** A message on its way into a queue. */
export interface Arrival {
  readonly sequence: number;
  readonly payloadId: number;
  /** 16 raw bytes. */
  readonly messageId: Uint8Array;
  readonly sentAtMs: number;
  /** Hidden until then; at or before `sentAtMs` means not delayed. */
  readonly dueAtMs: number;
  /** Message group: order in a FIFO queue, tenant in a fair queue. Empty text for none. */
  readonly group: string;
  /** Number of the envelope that a shared payload is rendered with; 0 for none. */
  readonly envelopeId: number;
  /** Number of the queue a dead letter came from; 0 for none. */
  readonly originId: number;
  /** Receives that count from before (a dead letter keeps them). */
  readonly receiveCount: number;
  readonly firstReceivedAtMs: number;
}

export class MessageSlots {
  readonly sequence = new F64Column();
  readonly sentAtMs = new F64Column();
  readonly dueAtMs = new F64Column();
  readonly firstReceivedAtMs = new F64Column();
  /** Of the newest receive: the total visibility timeout counts from here. */
  readonly receivedAtMs = new F64Column();
  readonly payloadId = new U32Column();
  readonly state = new U32Column();
  readonly receiveCount = new U32Column();
  /** Receives since it came here; a receipt handle holds it. */
  readonly generation = new U32Column();
  readonly envelopeId = new U32Column();
  readonly originId = new U32Column();
  readonly lane = new U32Column();
  readonly next = new U32Column();
  readonly previous = new U32Column();
  readonly older = new U32Column();
  readonly younger = new U32Column();
  readonly places = new U32Column();
  private readonly messageIds = new U32Column();
  // The order is the snapshot's order.
  // biome-ignore format: grouped by width
  private readonly columns: readonly (F64Column | U32Column)[] = [
    this.sequence, this.sentAtMs, this.dueAtMs, this.firstReceivedAtMs, this.receivedAtMs,
    this.payloadId, this.state, this.receiveCount, this.generation, this.envelopeId, this.originId, this.lane,
    this.next, this.previous, this.older, this.younger, this.places,
  ];
  private highWater = 0;
  private freeHead = NONE;
  private live = 0;

  get liveCount(): number {
    return this.live;
  }

  has(slot: number, sequence: number): boolean {
    return slot < this.highWater && this.state.get(slot) !== FREE && this.sequence.get(slot) === sequence;
  }

  messageId(slot: number): Uint8Array {
    const bytes = new Uint8Array(16);
    for (let word = 0; word < 4; word += 1) {
      const value = this.messageIds.get(slot * 4 + word);
      for (let i = 0; i < 4; i += 1) bytes[word * 4 + i] = (value >>> (24 - i * 8)) & 0xff;
    }
    return bytes;
  }

  /** Takes a slot and writes the arrival into it; links, lane and state are the queue's to set. */
  take(arrival: Arrival): number {
    const slot = this.takeFree();
    this.sequence.set(slot, arrival.sequence);
    this.payloadId.set(slot, arrival.payloadId);
    this.sentAtMs.set(slot, arrival.sentAtMs);
    this.dueAtMs.set(slot, arrival.dueAtMs);
    this.firstReceivedAtMs.set(slot, arrival.firstReceivedAtMs);
    this.receivedAtMs.set(slot, 0);
    this.receiveCount.set(slot, arrival.receiveCount);
    this.generation.set(slot, 0);
    this.envelopeId.set(slot, arrival.envelopeId);
    this.originId.set(slot, arrival.originId);
    // Links are written even where unused, so that a snapshot is a function of the facts and not of what the slot held before.
    this.next.set(slot, NONE);
    this.previous.set(slot, NONE);
    this.older.set(slot, NONE);
    this.younger.set(slot, NONE);
    this.places.set(slot, 0);
    const { messageId } = arrival;
    assert(messageId.length === 16, 'a message id has 16 bytes');
    for (let word = 0; word < 4; word += 1) {
      let value = 0;
      for (let i = 0; i < 4; i += 1) value = value * 256 + (messageId[word * 4 + i] as number);
      this.messageIds.set(slot * 4 + word, value);
    }
    return slot;
  }

  release(slot: number): void {
    assert(this.state.get(slot) !== FREE, 'a released slot was taken');
    this.state.set(slot, FREE);
    this.live -= 1;
    if (this.live === 0) {
      this.clear();
      return;
    }
    this.next.set(slot, this.freeHead);
    this.freeHead = slot;
  }

  /** Slots that may be in use: 0 … limit-1. */
  get limit(): number {
    return this.highWater;
  }

  encode(writer: ByteWriter): void {
    writer.varint(this.highWater);
    writer.varint(this.live);
    writer.u32(this.freeHead);
    for (const column of this.columns) column.encode(writer, this.highWater);
    this.messageIds.encode(writer, this.highWater * 4);
  }

  restore(reader: ByteReader): void {
    this.highWater = reader.varint();
    this.live = reader.varint();
    this.freeHead = reader.u32();
    for (const column of this.columns) column.restore(reader, this.highWater);
    this.messageIds.restore(reader, this.highWater * 4);
  }

  private takeFree(): number {
    this.live += 1;
    const slot = this.freeHead;
    if (slot !== NONE) {
      this.freeHead = this.next.get(slot);
      return slot;
    }
    const count = this.highWater + 1;
    for (const column of this.columns) column.ensure(count);
    this.messageIds.ensure(count * 4);
    this.highWater = count;
    return count - 1;
  }

  private clear(): void {
    const wasSmall = this.highWater <= KEPT_WHEN_EMPTY;
    this.highWater = 0;
    this.freeHead = NONE;
    if (wasSmall) return;
    for (const column of this.columns) column.clear();
    this.messageIds.clear();
  }
}
