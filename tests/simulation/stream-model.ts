// What must be true of a stream. Each key has one writer, which puts its next record when the one before was answered (or the process died), so a
// key's serials grow in the order in which its records are in the stream. Consumers must see every acknowledged record, in that order, and what one
// consumer was shown is there for all.

import { promise } from './violation.ts';

export interface SeenRecord {
  readonly sequenceNumber: string;
  readonly key: string;
  readonly text: string;
}

interface Item {
  readonly key: string;
  readonly serial: number;
  /** Known by its acknowledgement, or because somebody saw it. */
  place: { readonly shardId: string; readonly sequenceNumber: string } | undefined;
}

/** What one consumer has seen. */
interface View {
  readonly serials: Set<number>;
  readonly lastSerial: Map<string, number>;
  /** By shard, and by key: numbers of a key grow over all shards. */
  readonly lastNumber: Map<string, bigint>;
}

export class StreamModel {
  private readonly items = new Map<number, Item>();
  private readonly views = new Map<string, View>();
  private nextSerial = 1;

  /** A new record's text. */
  put(key: string): string {
    const serial = this.nextSerial;
    this.nextSerial += 1;
    this.items.set(serial, { key, serial, place: undefined });
    return `${serial} ${key}`;
  }

  acknowledged(text: string, shardId: string, sequenceNumber: string): void {
    this.placed(this.itemOf(text), shardId, sequenceNumber);
  }

  private placed(item: Item, shardId: string, sequenceNumber: string): void {
    const { place, serial } = item;
    const isSame = place === undefined || (place.shardId === shardId && place.sequenceNumber === sequenceNumber);
    promise(isSame, () => `record ${serial} is at ${shardId} ${sequenceNumber} and at ${JSON.stringify(place)}`);
    item.place = { shardId, sequenceNumber };
  }

  private itemOf(text: string): Item {
    const item = this.items.get(Number.parseInt(text, 10));
    promise(item !== undefined, () => `the record "${text.slice(0, 40)}" was never put`);
    return item as Item;
  }

  /** A consumer was shown a record for the first time: in order, once. */
  seen(consumer: string, shardId: string, { sequenceNumber, key, text }: SeenRecord): void {
    const item = this.itemOf(text);
    promise(item.key === key, () => `record ${item.serial} has the key ${key}, not ${item.key}`);
    this.placed(item, shardId, sequenceNumber);
    const view = this.viewOf(consumer);
    const number = BigInt(sequenceNumber);
    const before = view.lastNumber.get(shardId) ?? 0n;
    promise(number > before, () => `${consumer} got ${number} of ${shardId} behind ${before}`);
    const last = view.lastSerial.get(key) ?? 0;
    promise(item.serial > last, () => `${consumer} got record ${item.serial} of key ${key} behind ${last}`);
    const ofKey = view.lastNumber.get(key) ?? 0n;
    promise(number > ofKey, () => `${consumer} got ${number} of key ${key} behind ${ofKey}`);
    view.lastNumber.set(shardId, number);
    view.lastNumber.set(key, number);
    view.lastSerial.set(key, item.serial);
    view.serials.add(item.serial);
  }

  hasSeen(consumer: string, text: string): boolean {
    return this.viewOf(consumer).serials.has(this.itemOf(text).serial);
  }

  /** Every consumer has read to the end: nothing that was acknowledged, or shown to anybody, is missing. */
  checkEnd(consumers: readonly string[]): void {
    for (const consumer of consumers) {
      const { serials } = this.viewOf(consumer);
      for (const { serial, place } of this.items.values()) {
        if (place === undefined) continue;
        promise(
          serials.has(serial),
          () => `${consumer} never got record ${serial}, which is at ${JSON.stringify(place)}`,
        );
      }
    }
  }

  get count(): number {
    let count = 0;
    for (const { place } of this.items.values()) if (place !== undefined) count += 1;
    return count;
  }

  private viewOf(consumer: string): View {
    let view = this.views.get(consumer);
    if (view === undefined) {
      view = { serials: new Set(), lastSerial: new Map(), lastNumber: new Map() };
      this.views.set(consumer, view);
    }
    return view;
  }
}
