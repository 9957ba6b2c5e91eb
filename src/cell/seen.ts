// Texts that recur in entries, by number: who sent a request, what policies said. The first time they are written
// out in a fact, afterwards an entry carries the number. Records are flat, and all their members are text.

import type { ByteReader, ByteWriter } from '#base/bytes.ts';

/** Beyond this many different ones, new ones get no number: memory stays bounded. */
const NUMBERED_MAX = 10_000;

export class Seen<T extends { readonly [K in keyof T]: string }> {
  private readonly numbers = new Map<string, number>();
  private readonly list: T[] = [];
  /** They come in runs: the last one found saves building its key. */
  private last: { readonly record: T; readonly number: number } | undefined;

  constructor(private readonly members: readonly (keyof T & string)[]) {}

  /** The record's number, 0 when there is none to be had; `isNew` asks for the fact that introduces it. */
  find(record: T): { readonly number: number; readonly isNew: boolean } {
    if (this.last !== undefined && this.isSame(this.last.record, record)) {
      return { number: this.last.number, isNew: false };
    }
    const number = this.numbers.get(this.keyOf(record));
    if (number !== undefined) {
      this.last = { record, number };
      return { number, isNew: false };
    }
    if (this.list.length >= NUMBERED_MAX) return { number: 0, isNew: false };
    return { number: this.list.length + 1, isNew: true };
  }

  applySeen(number: number, record: T): void {
    if (number === 0) return;
    this.list[number - 1] = record;
    this.numbers.set(this.keyOf(record), number);
  }

  get(number: number): T | undefined {
    return this.list[number - 1];
  }

  write(writer: ByteWriter): void {
    writer.varint(this.list.length);
    for (const record of this.list) for (const member of this.members) writer.text(record[member]);
  }

  read(reader: ByteReader): void {
    const count = reader.varint();
    for (let number = 1; number <= count; number += 1) {
      const record = Object.fromEntries(this.members.map((member) => [member, reader.text()]));
      this.applySeen(number, record as unknown as T);
    }
  }

  private isSame(one: T, other: T): boolean {
    for (const member of this.members) if (one[member] !== other[member]) return false;
    return true;
  }

  private keyOf(record: T): string {
    let key = '';
    for (const member of this.members) key += `${record[member]}\n`;
    return key;
  }
}

export interface Caller {
  readonly principal: string;
  readonly sourceIp: string;
  readonly userAgent: string;
}

export interface NotedVerdict {
  /** `allow`, `explicit-deny`, `implicit-deny`. */
  readonly decision: string;
  readonly action: string;
  readonly resource: string;
  readonly principal: string;
  readonly reason: string;
}

export const callersSeen = (): Seen<Caller> => new Seen<Caller>(['userAgent', 'sourceIp', 'principal']);

export const verdictsSeen = (): Seen<NotedVerdict> =>
  new Seen<NotedVerdict>(['resource', 'action', 'principal', 'decision', 'reason']);
