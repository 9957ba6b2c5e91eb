// JSON of requests that carry many blobs, read in one pass from the bytes of the body: no text is made of base64, and all blobs of a request share
// one piece of memory. It takes what clients send as a rule; whatever is unusual (an escape in a name, an unknown member, a null, a wrong type,
// bad base64) it leaves to the general way, which knows AWS's texts.

import { base64DecodeInto } from '#base/base64.ts';
import { membersOf, type Shape, shapeOf } from '../compile.ts';
import type { MemberSchema } from '../schema.ts';
import type { WireService } from '../services.ts';

/** The document's value, or undefined: to be read the general way. */
export type QuickDecoder = (body: Uint8Array) => Record<string, unknown> | undefined;

/** Reads one value; `UNUSUAL` when it is not as expected. */
type Reader = (text: QuickText) => unknown;

const UNUSUAL = Symbol('unusual');
const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const COLON = 58;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Below this length a loop over characters beats the call into the engine. */
const SHORT_TEXT = 32;
const CHARACTERS = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));

class QuickText {
  at = 0;
  private readonly view: DataView;
  private readonly arena: DataView;
  private arenaEnd = 0;

  constructor(readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.arena = new DataView(new ArrayBuffer(Math.ceil(bytes.length / 4) * 3));
  }

  /** The next byte that is not white space; it stays where it is. */
  peek(): number {
    const { bytes } = this;
    let byte = bytes[this.at];
    while (byte === 32 || byte === 10 || byte === 13 || byte === 9) {
      this.at += 1;
      byte = bytes[this.at];
    }
    return byte ?? -1;
  }

  take(byte: number): boolean {
    if (this.peek() !== byte) return false;
    this.at += 1;
    return true;
  }

  /** Index of the closing quote of the text that begins at `from`; -1 when it has an escape, a control character or no end. */
  endOfText(from: number): number {
    const { bytes } = this;
    for (let i = from; i < bytes.length; i += 1) {
      const byte = bytes[i]!;
      if (byte === QUOTE) return i;
      if (byte === BACKSLASH || byte < 32) return -1;
    }
    return -1;
  }

  text(): unknown {
    if (!this.take(QUOTE)) return UNUSUAL;
    const from = this.at;
    const end = this.endOfText(from);
    if (end < 0) return UNUSUAL;
    this.at = end + 1;
    let text = '';
    if (end - from <= SHORT_TEXT) {
      let i = from;
      while (i < end && this.bytes[i]! < 128) {
        text += CHARACTERS[this.bytes[i]!];
        i += 1;
      }
      if (i === end) return text;
    }
    try {
      return decoder.decode(this.bytes.subarray(from, end));
    } catch {
      // Bytes that are not UTF-8.
      return UNUSUAL;
    }
  }

  blob(): unknown {
    if (!this.take(QUOTE)) return UNUSUAL;
    const from = this.at;
    const end = this.bytes.indexOf(QUOTE, from);
    if (end < 0) return UNUSUAL;
    const start = this.arenaEnd;
    const length = base64DecodeInto(this.view, { start: from, end }, { into: this.arena, at: start });
    if (length < 0) return UNUSUAL;
    this.at = end + 1;
    this.arenaEnd = start + length;
    return new Uint8Array(this.arena.buffer, start, length);
  }

  word(word: string): boolean {
    for (let i = 0; i < word.length; i += 1) if (this.bytes[this.at + i] !== word.charCodeAt(i)) return false;
    this.at += word.length;
    return true;
  }
}

const quickDecoders = new WeakMap<WireService, Map<string, QuickDecoder | undefined>>();

/** Undefined for operations whose input has no blobs, or has members that this reader does not know. */
export function quickDecoder(service: WireService, input: MemberSchema): QuickDecoder | undefined {
  let known = quickDecoders.get(service);
  if (known === undefined) {
    known = new Map();
    quickDecoders.set(service, known);
  }
  if (!known.has(input.target)) known.set(input.target, build(service, input));
  return known.get(input.target);
}

function build(service: WireService, input: MemberSchema): QuickDecoder | undefined {
  const seen = { blobs: 0 };
  const read = readerOf(service, input, seen);
  if (read === undefined || seen.blobs === 0) return undefined;
  return (body) => {
    const text = new QuickText(body);
    const value = read(text);
    return value === UNUSUAL || text.peek() !== -1 || text.at < body.length
      ? undefined
      : (value as Record<string, unknown>);
  };
}

/** No shape that contains itself has blobs in it: `depth` ends the search for those. */
function readerOf(service: WireService, member: MemberSchema, seen: { blobs: number }, depth = 0): Reader | undefined {
  const shape = shapeOf(service, member);
  if (depth > 4) return undefined;
  switch (shape.type) {
    case 'string':
      return (text) => text.text();
    case 'boolean':
      return (text) => (text.peek() === 116 ? text.word('true') || UNUSUAL : text.word('false') ? false : UNUSUAL);
    case 'blob':
      seen.blobs += 1;
      return (text) => text.blob();
    case 'list': {
      const element = readerOf(service, shape.member, seen, depth + 1);
      return element === undefined ? undefined : listReader(element);
    }
    case 'structure':
      return structureReader(service, shape, seen, depth);
    default:
      return undefined;
  }
}

function listReader(element: Reader): Reader {
  return (text) => {
    if (!text.take(91)) return UNUSUAL;
    const list: unknown[] = [];
    if (text.take(93)) return list;
    do {
      const value = element(text);
      if (value === UNUSUAL) return UNUSUAL;
      list.push(value);
    } while (text.take(COMMA));
    return text.take(93) ? list : UNUSUAL;
  };
}

interface QuickMember {
  readonly name: string;
  readonly read: Reader;
}

function structureReader(
  service: WireService,
  { schema }: Extract<Shape, { type: 'structure' }>,
  seen: { blobs: number },
  depth: number,
): Reader | undefined {
  const members: QuickMember[] = [];
  for (const [name, member] of membersOf(schema)) {
    const read = readerOf(service, member, seen, depth + 1);
    if (read === undefined) return undefined;
    members.push({ name: member.jsonName ?? name, read });
  }
  const names = membersOf(schema).map(([name]) => name);
  const find = (text: QuickText): number => {
    for (let i = 0; i < members.length; i += 1) {
      const { name } = members[i]!;
      const end = text.at + name.length;
      if (text.bytes[end] === QUOTE && text.word(name)) {
        text.at = end + 1;
        return i;
      }
    }
    return -1;
  };
  return (text) => {
    if (!text.take(123)) return UNUSUAL;
    const structure: Record<string, unknown> = {};
    if (text.take(125)) return structure;
    do {
      const index = text.take(QUOTE) ? find(text) : -1;
      if (index < 0 || !text.take(COLON)) return UNUSUAL;
      const value = members[index]!.read(text);
      if (value === UNUSUAL) return UNUSUAL;
      structure[names[index]!] = value;
    } while (text.take(COMMA));
    return text.take(125) ? structure : UNUSUAL;
  };
}
