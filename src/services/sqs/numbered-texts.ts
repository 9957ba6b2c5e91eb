// Long texts that many messages share (ARNs of subscriptions and queues), by number: a message holds four bytes instead of a hundred.
// Texts are few, one for each subscription and dead-letter source there ever was, and are never forgotten: a message may still refer to one.

import type { ByteReader, ByteWriter } from '#base/bytes.ts';

export class NumberedTexts {
  private readonly texts: string[] = [];
  private readonly numbers = new Map<string, number>();

  /** 0 stands for none. */
  numberOf(text: string): number | undefined {
    return this.numbers.get(text);
  }

  textOf(number: number): string | undefined {
    return this.texts[number - 1];
  }

  get nextNumber(): number {
    return this.texts.length + 1;
  }

  applyNumbered(number: number, text: string): void {
    this.texts[number - 1] = text;
    this.numbers.set(text, number);
  }

  encode(writer: ByteWriter): void {
    writer.varint(this.texts.length);
    for (const text of this.texts) writer.text(text);
  }

  restore(reader: ByteReader): void {
    const count = reader.varint();
    for (let number = 1; number <= count; number += 1) this.applyNumbered(number, reader.text());
  }
}
