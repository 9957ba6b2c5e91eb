// Bytes of an answer, into memory whose size is known to be enough: no check and no growing at each piece.

/** Up to here a loop over words beats the call into the engine with a view of its own (measured on Node 20). */
const COPIED_HERE_MAX = 96;

export class AsciiWriter {
  /** The same memory, for words at any place. */
  readonly into: DataView;
  at = 0;

  constructor(private readonly memory: Uint8Array) {
    this.into = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
  }

  get bytes(): Uint8Array {
    return this.memory.subarray(0, this.at);
  }

  get isEmpty(): boolean {
    return this.at === 0;
  }

  /** How many bytes may still be written. */
  get room(): number {
    return this.memory.length - this.at;
  }

  byte(value: number): void {
    this.memory[this.at] = value;
    this.at += 1;
  }

  text(text: string): void {
    const { memory } = this;
    let { at } = this;
    for (let i = 0; i < text.length; i += 1) {
      memory[at] = text.charCodeAt(i);
      at += 1;
    }
    this.at = at;
  }

  raw(bytes: Uint8Array): void {
    this.memory.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** A part of some bytes. */
  part(bytes: DataView, start: number, end: number): void {
    const { into, at } = this;
    this.at = at + end - start;
    if (end - start > COPIED_HERE_MAX) {
      this.memory.set(new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start), at);
      return;
    }
    const shift = at - start;
    let from = start;
    for (; from + 4 <= end; from += 4) into.setInt32(from + shift, bytes.getInt32(from, true), true);
    for (; from < end; from += 1) into.setUint8(from + shift, bytes.getUint8(from));
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
      this.memory[this.at + i] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    this.at += size;
  }
}

/** Length of a CBOR item's head. */
export function cborHeadBytes(argument: number): number {
  if (argument < 24) return 1;
  if (argument < 0x100) return 2;
  if (argument < 0x10000) return 3;
  return argument < 0x100000000 ? 5 : 9;
}
