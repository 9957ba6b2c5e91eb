// Who sent the requests, by number: an entry carries the number instead of ARN, address and user agent.

import type { ByteReader, ByteWriter } from '#base/bytes.ts';

export interface Caller {
  readonly principal: string;
  readonly sourceIp: string;
  readonly userAgent: string;
}

/** Beyond this many different callers, new ones are not told apart (number 0): memory stays bounded. */
const CALLERS_MAX = 10_000;

export class Callers {
  private readonly numbers = new Map<string, number>();
  private readonly list: Caller[] = [];
  /** Requests come in runs from one caller: the last one found saves building its key. */
  private last: { readonly caller: Caller; readonly number: number } | undefined;

  /** The caller's number; `isNew` asks for a CallerSeen fact. */
  find(caller: Caller): { readonly number: number; readonly isNew: boolean } {
    if (this.last !== undefined && isSame(this.last.caller, caller)) return { number: this.last.number, isNew: false };
    const number = this.numbers.get(keyOf(caller));
    if (number !== undefined) {
      this.last = { caller, number };
      return { number, isNew: false };
    }
    if (this.list.length >= CALLERS_MAX) return { number: 0, isNew: false };
    return { number: this.list.length + 1, isNew: true };
  }

  applySeen(number: number, caller: Caller): void {
    this.list[number - 1] = caller;
    this.numbers.set(keyOf(caller), number);
  }

  get(number: number): Caller | undefined {
    return this.list[number - 1];
  }

  write(writer: ByteWriter): void {
    writer.varint(this.list.length);
    for (const { principal, sourceIp, userAgent } of this.list) {
      writer.text(principal);
      writer.text(sourceIp);
      writer.text(userAgent);
    }
  }

  read(reader: ByteReader): void {
    const count = reader.varint();
    for (let number = 1; number <= count; number += 1) {
      this.applySeen(number, { principal: reader.text(), sourceIp: reader.text(), userAgent: reader.text() });
    }
  }
}

function keyOf({ principal, sourceIp, userAgent }: Caller): string {
  return `${principal}\n${sourceIp}\n${userAgent}`;
}

function isSame(one: Caller, other: Caller): boolean {
  return one.sourceIp === other.sourceIp && one.userAgent === other.userAgent && one.principal === other.principal;
}
