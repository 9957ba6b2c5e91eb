// Bytes of an answer whose size is known beforehand, about: no check and no growing at each piece.

import { base64EncodeInto } from '#base/base64.ts';

export class AsciiWriter {
  private readonly into: Uint8Array;
  private at = 0;

  /** `bytesMax`: at least what will be written. */
  constructor(bytesMax: number) {
    this.into = new Uint8Array(bytesMax);
  }

  get bytes(): Uint8Array {
    return this.into.subarray(0, this.at);
  }

  byte(value: number): void {
    this.into[this.at] = value;
    this.at += 1;
  }

  text(text: string): void {
    const { into } = this;
    let { at } = this;
    for (let i = 0; i < text.length; i += 1) {
      into[at] = text.charCodeAt(i);
      at += 1;
    }
    this.at = at;
  }

  raw(bytes: Uint8Array): void {
    this.into.set(bytes, this.at);
    this.at += bytes.length;
  }

  part(bytes: Uint8Array, start: number, end: number): void {
    this.into.set(bytes.subarray(start, end), this.at);
    this.at += end - start;
  }

  base64(bytes: Uint8Array, start: number, end: number): void {
    this.at = base64EncodeInto(bytes, { start, end }, { into: this.into, at: this.at });
  }

  /** Bytes of a text in UTF-8 that need no escape in JSON. False, and nothing written, when one does. */
  plainJson(bytes: Uint8Array, start: number, end: number): boolean {
    const { into, at } = this;
    for (let i = start; i < end; i += 1) {
      const byte = bytes[i]!;
      if (byte < 32 || byte === 34 || byte === 92) return false;
      into[at + i - start] = byte;
    }
    this.at = at + end - start;
    return true;
  }

  /** Head of a CBOR item. */
  cborHead(major: number, argument: number): void {
    const kind = major << 5;
    if (argument < 24) this.byte(kind | argument);
    else if (argument < 0x100) this.big(kind | 24, argument, 1);
    else if (argument < 0x10000) this.big(kind | 25, argument, 2);
    else if (argument < 0x100000000) this.big(kind | 26, argument, 4);
    else this.big(kind | 27, argument, 8);
  }

  cborText(text: string): void {
    this.cborHead(3, text.length);
    this.text(text);
  }

  private big(head: number, value: number, size: number): void {
    this.byte(head);
    let rest = value;
    for (let i = size - 1; i >= 0; i -= 1) {
      this.into[this.at + i] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    this.at += size;
  }
}
