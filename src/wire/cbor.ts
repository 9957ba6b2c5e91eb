// CBOR (RFC 8949) as Smithy's rpc-v2-cbor uses it: integers, floats of three sizes, text, bytes, arrays and maps of definite and
// indefinite length, booleans, null, undefined, tag 1 (an instant in seconds). Other tags are read through. The reader never throws: it
// answers undefined for anything truncated, too deep, too long for what follows, or not UTF-8.

import { joinBytes } from '#base/bytes.ts';
import { DEPTH_MAX } from './problems.ts';
import { isInstant } from './timestamps.ts';

/** An instant: tag 1 around a number of seconds. */
export class CborInstant {
  readonly ms: number;
  constructor(ms: number) {
    this.ms = ms;
  }
}

/** More items than any request of AWS's has; each costs memory when it is built. */
const ITEMS_MAX = 200_000;
const BREAK = Symbol('break');

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** `value` is absent when the bytes are not exactly one CBOR item within the limits. */
export function decodeCbor(bytes: Uint8Array): { readonly value?: unknown } {
  const reader = new CborReader(bytes);
  const value = reader.item(0);
  return reader.hasFailed || !reader.isAtEnd || value === BREAK ? {} : { value };
}

class CborReader {
  hasFailed = false;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private at = 0;
  private items = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.at === this.bytes.length;
  }

  private fail(): undefined {
    this.hasFailed = true;
    return undefined;
  }

  private has(count: number): boolean {
    if (count <= this.bytes.length - this.at) return true;
    this.fail();
    return false;
  }

  item(depth: number): unknown {
    this.items += 1;
    if (this.hasFailed || depth > DEPTH_MAX || this.items > ITEMS_MAX || !this.has(1)) return this.fail();
    const head = this.bytes[this.at]!;
    this.at += 1;
    const major = head >> 5;
    const info = head & 31;
    if (major === 7) return this.simple(info);
    if (info === 31) return this.indefinite(major, depth);
    const argument = this.argument(info);
    if (argument === undefined) return this.fail();
    return this.definite(major, argument, depth);
  }

  private definite(major: number, argument: number | bigint, depth: number): unknown {
    if (major === 0) return argument;
    if (major === 1) return typeof argument === 'bigint' ? -1n - argument : -1 - argument;
    // A length beyond 2^53 is beyond any body.
    if (typeof argument === 'bigint') return major === 6 ? this.element(depth) : this.fail();
    switch (major) {
      case 2:
        return this.take(argument);
      case 3:
        return this.text(argument);
      case 4:
        return this.array(argument, depth);
      case 5:
        return this.map(argument, depth);
      default:
        return this.tagged(argument, depth);
    }
  }

  private argument(info: number): number | bigint | undefined {
    if (info < 24) return info;
    if (info > 27) return undefined;
    const size = 1 << (info - 24);
    if (!this.has(size)) return undefined;
    const at = this.at;
    this.at += size;
    if (size === 1) return this.bytes[at];
    if (size === 2) return this.view.getUint16(at);
    if (size === 4) return this.view.getUint32(at);
    const wide = this.view.getBigUint64(at);
    return wide <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(wide) : wide;
  }

  private take(length: number): Uint8Array | undefined {
    if (!this.has(length)) return undefined;
    const start = this.at;
    this.at += length;
    // A copy: `slice` of a Buffer would only be a window on the whole request.
    return new Uint8Array(this.bytes.subarray(start, this.at));
  }

  private text(length: number): string | undefined {
    if (!this.has(length)) return undefined;
    const start = this.at;
    this.at += length;
    try {
      return utf8.decode(this.bytes.subarray(start, this.at));
    } catch {
      // The bytes are not UTF-8.
      return this.fail();
    }
  }

  private array(length: number, depth: number): unknown[] | undefined {
    // Each element takes at least one byte: a length that promises more is refused before anything is allocated.
    if (!this.has(length)) return undefined;
    const list: unknown[] = [];
    for (let i = 0; i < length && !this.hasFailed; i += 1) list.push(this.element(depth));
    return list;
  }

  private map(length: number, depth: number): Record<string, unknown> | undefined {
    if (!this.has(length * 2)) return undefined;
    const map: Record<string, unknown> = Object.create(null);
    for (let i = 0; i < length && !this.hasFailed; i += 1) this.entry(map, this.item(depth + 1), depth);
    return map;
  }

  private entry(map: Record<string, unknown>, key: unknown, depth: number): void {
    if (typeof key === 'string') map[key] = this.element(depth);
    else this.fail();
  }

  /** An item that must not be a break. */
  private element(depth: number): unknown {
    const value = this.item(depth + 1);
    return value === BREAK ? this.fail() : value;
  }

  private tagged(tag: number, depth: number): unknown {
    const value = this.element(depth);
    if (tag !== 1) return value;
    if (typeof value !== 'number' && typeof value !== 'bigint') return this.fail();
    const ms = Number(value) * 1000;
    return isInstant(ms) ? new CborInstant(Math.round(ms)) : this.fail();
  }

  private indefinite(major: number, depth: number): unknown {
    if (major === 2 || major === 3) return this.chunks(major, depth);
    if (major === 4) {
      const list: unknown[] = [];
      for (let value = this.item(depth + 1); value !== BREAK && !this.hasFailed; value = this.item(depth + 1))
        list.push(value);
      return list;
    }
    if (major !== 5) return this.fail();
    const map: Record<string, unknown> = Object.create(null);
    for (let key = this.item(depth + 1); key !== BREAK && !this.hasFailed; key = this.item(depth + 1))
      this.entry(map, key, depth);
    return map;
  }

  /** A text or byte string in pieces; each piece is a whole string of the same kind. */
  private chunks(major: number, depth: number): unknown {
    const pieces: (string | Uint8Array)[] = [];
    for (;;) {
      const isSameKind = this.bytes[this.at] === 0xff || (this.bytes[this.at] ?? 0) >> 5 === major;
      const piece = isSameKind ? this.item(depth + 1) : this.fail();
      if (piece === BREAK) break;
      if (this.hasFailed) return undefined;
      pieces.push(piece as string | Uint8Array);
    }
    return major === 3 ? pieces.join('') : joinBytes(pieces as Uint8Array[]);
  }

  private simple(info: number): unknown {
    if (info === 20 || info === 21) return info === 21;
    if (info === 22) return null;
    if (info === 23) return undefined;
    if (info === 31) return BREAK;
    if (info < 25 || info > 27) return this.fail();
    const size = 1 << (info - 24);
    if (!this.has(size)) return undefined;
    const at = this.at;
    this.at += size;
    if (size === 2) return halfFloat(this.view.getUint16(at));
    return size === 4 ? this.view.getFloat32(at) : this.view.getFloat64(at);
  }
}

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Encodes what `decodeCbor` gives. Undefined members of a map are left out. */
export function encodeCbor(value: unknown): Uint8Array {
  const writer = new CborWriter();
  writer.item(value);
  return writer.finish();
}

class CborWriter {
  private buffer = new Uint8Array(1024);
  private view = new DataView(this.buffer.buffer);
  private end = 0;

  finish(): Uint8Array {
    return this.buffer.slice(0, this.end);
  }

  private room(count: number): void {
    if (this.end + count <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(this.buffer.length * 2, this.end + count));
    larger.set(this.buffer.subarray(0, this.end));
    this.buffer = larger;
    this.view = new DataView(larger.buffer);
  }

  private head(major: number, argument: number): void {
    this.room(9);
    const kind = major << 5;
    if (argument < 24) this.view.setUint8(this.end++, kind | argument);
    else if (argument < 0x100) this.wide(kind | 24, 1, () => this.view.setUint8(this.end, argument));
    else if (argument < 0x10000) this.wide(kind | 25, 2, () => this.view.setUint16(this.end, argument));
    else if (argument < 0x100000000) this.wide(kind | 26, 4, () => this.view.setUint32(this.end, argument));
    else this.wide(kind | 27, 8, () => this.view.setBigUint64(this.end, BigInt(argument)));
  }

  private wide(head: number, size: number, write: () => void): void {
    this.view.setUint8(this.end++, head);
    write();
    this.end += size;
  }

  private raw(bytes: Uint8Array): void {
    this.room(bytes.length);
    this.buffer.set(bytes, this.end);
    this.end += bytes.length;
  }

  private byte(value: number): void {
    this.room(1);
    this.buffer[this.end++] = value;
  }

  private number(value: number): void {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
      if (value >= 0) this.head(0, value);
      else this.head(1, -1 - value);
      return;
    }
    this.room(9);
    this.wide(0xfb, 8, () => this.view.setFloat64(this.end, value));
  }

  item(value: unknown): void {
    if (typeof value === 'number') this.number(value);
    else if (typeof value === 'string') {
      const bytes = encoder.encode(value);
      this.head(3, bytes.length);
      this.raw(bytes);
    } else if (typeof value === 'boolean') this.byte(value ? 0xf5 : 0xf4);
    else if (value === null || value === undefined) this.byte(0xf6);
    else if (typeof value === 'bigint') this.bigint(value);
    else this.compound(value);
  }

  private bigint(value: bigint): void {
    this.room(9);
    const argument = value >= 0n ? value : -1n - value;
    this.wide(value >= 0n ? 0x1b : 0x3b, 8, () => this.view.setBigUint64(this.end, argument));
  }

  private compound(value: unknown): void {
    if (value instanceof Uint8Array) {
      this.head(2, value.length);
      this.raw(value);
    } else if (value instanceof CborInstant) {
      this.head(6, 1);
      this.number(value.ms / 1000);
    } else if (Array.isArray(value)) {
      this.head(4, value.length);
      for (const element of value) this.item(element);
    } else {
      const entries = Object.entries(value as object).filter(([, entry]) => entry !== undefined);
      this.head(5, entries.length);
      for (const [key, entry] of entries) {
        this.item(key);
        this.item(entry);
      }
    }
  }
}
