// Columns: growable typed arrays addressed by a slot number, the ground of all packed structures. A million waiting messages are a handful
// of columns instead of a million objects. Growth never copies more than the first page: page 0 doubles from 16 to 8,192 elements (a small
// queue stays small), further pages are added whole, so that no enqueue pays for the depth that came before it.
// Pages are encoded raw in the machine's byte order; every machine that Node runs on is little endian. Encoding lends the pages themselves
// instead of copying them: a snapshot of a million messages would hold everybody up for a quarter of a second. While they are lent, whoever
// changes a page goes on with a copy of it.

import { assert } from '#base/assert.ts';
import type { ByteReader, ByteWriter } from '#base/bytes.ts';

const PAGE_BITS = 13;
const PAGE_LENGTH = 1 << PAGE_BITS;
const PAGE_MASK = PAGE_LENGTH - 1;
const FIRST_LENGTH = 16;
/** Less than a page of the machine is copied sooner than lent. */
const LENT_BYTES_MIN = 4096;

type Page = Float64Array | Uint32Array;

/** Marks "no slot" in link columns. */
export const NONE = 0xffffffff;

abstract class Column<P extends Page> {
  protected pages: P[] = [];
  /** Pages that were lent and are not to be changed. */
  protected held: Set<P> | undefined = undefined;
  private borrowers = 0;

  protected abstract page(length: number): P;

  /** Makes slots 0 … count-1 addressable; new ones read as 0. */
  ensure(count: number): void {
    const { pages } = this;
    if (count <= PAGE_LENGTH) {
      const first = pages[0];
      if (first !== undefined && first.length >= count) return;
      let length = first?.length ?? FIRST_LENGTH;
      while (length < count) length *= 2;
      const grown = this.page(length);
      if (first !== undefined) grown.set(first);
      pages[0] = grown;
      return;
    }
    if (pages.length * PAGE_LENGTH >= count) return;
    this.ensure(PAGE_LENGTH);
    while (pages.length * PAGE_LENGTH < count) pages.push(this.page(PAGE_LENGTH));
  }

  /** Gives all memory back. */
  clear(): void {
    this.pages = [];
  }

  /** Gives all memory but the first page back; what the page holds is undefined afterwards. */
  shrink(): void {
    if (this.pages.length > 1) this.pages.length = 1;
  }

  encode(writer: ByteWriter, count: number): void {
    const pages = this.pages.slice(0, Math.ceil(count / PAGE_LENGTH));
    if (count * (pages[0]?.BYTES_PER_ELEMENT ?? 0) < LENT_BYTES_MIN) {
      for (const bytes of bytesOf(pages, count)) writer.raw(bytes);
      return;
    }
    this.held ??= new Set();
    for (const page of pages) this.held.add(page);
    this.borrowers += 1;
    writer.lend(bytesOf(pages, count), () => {
      this.borrowers -= 1;
      if (this.borrowers === 0) this.held = undefined;
    });
  }

  /** Makes a page one's own to change: what it was stays with whom it was lent to. */
  protected own(index: number): void {
    const page = this.pages[index] as P;
    if (this.held?.delete(page) === true) this.pages[index] = page.slice() as P;
  }

  restore(reader: ByteReader, count: number): void {
    this.clear();
    this.ensure(count);
    for (let from = 0; from < count; from += PAGE_LENGTH) {
      const page = this.pages[from >>> PAGE_BITS] as P;
      const bytes = Math.min(PAGE_LENGTH, count - from) * page.BYTES_PER_ELEMENT;
      new Uint8Array(page.buffer, page.byteOffset, bytes).set(reader.raw(bytes));
    }
  }
}

function* bytesOf(pages: readonly Page[], count: number): Generator<Uint8Array> {
  let left = count;
  for (const page of pages) {
    const length = Math.min(PAGE_LENGTH, left);
    yield new Uint8Array(page.buffer, page.byteOffset, length * page.BYTES_PER_ELEMENT);
    left -= length;
  }
}

export class F64Column extends Column<Float64Array> {
  protected override page(length: number): Float64Array {
    return new Float64Array(length);
  }

  get(slot: number): number {
    return (this.pages[slot >>> PAGE_BITS] as Float64Array)[slot & PAGE_MASK] as number;
  }

  set(slot: number, value: number): void {
    if (this.held !== undefined) this.own(slot >>> PAGE_BITS);
    (this.pages[slot >>> PAGE_BITS] as Float64Array)[slot & PAGE_MASK] = value;
  }
}

export class U32Column extends Column<Uint32Array> {
  protected override page(length: number): Uint32Array {
    return new Uint32Array(length);
  }

  get(slot: number): number {
    return (this.pages[slot >>> PAGE_BITS] as Uint32Array)[slot & PAGE_MASK] as number;
  }

  set(slot: number, value: number): void {
    assert(value >= 0 && value <= NONE, 'a u32 column holds 32 bits');
    if (this.held !== undefined) this.own(slot >>> PAGE_BITS);
    (this.pages[slot >>> PAGE_BITS] as Uint32Array)[slot & PAGE_MASK] = value;
  }

  add(slot: number, delta: number): number {
    const value = this.get(slot) + delta;
    this.set(slot, value);
    return value;
  }
}
