// Tests of the texts at one path: with case and without, wildcards, IP addresses.

import { parseIp } from '#base/ip-range.ts';
import {
  type Cidr,
  type Equals,
  foldCase,
  type Text,
  type ValueTest,
  type WildcardText,
} from '#structures/event-pattern/value-test.ts';
import { AddressIndex, looksLikeAddress, type Network } from './address-index.ts';
import { ESCAPED_TEXT, type EventLeaves, textAt } from './event-leaves.ts';
import { encodeText, RuleText, unescapeText } from './json-text.ts';
import { deleteFrom, Posting } from './posting.ts';
import { type TextPlace, TextPlaces } from './text-places.ts';
import { choosePiece, type Piece } from './wildcard-place.ts';

type EqualsText = Equals & { readonly expected: string };

export type TextTest = EqualsText | Text | WildcardText | Cidr;

interface PlacedWildcard {
  readonly posting: Posting;
  readonly piece: Piece;
}

const UPPER_A = 0x41;
const UPPER_Z = 0x5a;

export class TextTests {
  private readonly plain = new TextPlaces();
  /** Texts in small letters, looked for in values in small letters. */
  private readonly folded = new TextPlaces();
  /** Wildcards that take any text. */
  private readonly any: Posting[] = [];
  private addresses: AddressIndex | undefined;
  private wildcards: Map<string, PlacedWildcard> | undefined;
  /** How many wildcards are looked for by a piece. */
  private readonly crowds = new Map<string, number>();
  private scratch = new Uint8Array(256);

  get isEmpty(): boolean {
    const isWithoutAddresses = this.addresses === undefined || this.addresses.isEmpty;
    return this.plain.isEmpty && this.folded.isEmpty && this.any.length === 0 && isWithoutAddresses;
  }

  get(test: TextTest): Posting | undefined {
    if (test.kind === 'wildcard') return this.wildcards?.get(test.expected)?.posting;
    if (test.kind === 'cidr') return this.addresses?.get(networkOf(test), test.source);
    const { place, text } = placeOf(test);
    return this.textsOf(test).get(place, new Posting(test, text));
  }

  add(test: TextTest): Posting {
    if (test.kind === 'wildcard') return this.addWildcard(test);
    if (test.kind === 'cidr') return this.addAddress(networkOf(test), new Posting(test));
    const { place, text } = placeOf(test);
    const posting = new Posting(test, text);
    this.textsOf(test).add(place, posting);
    if (test.kind === 'equals' && test.address !== undefined) this.addAddress(networkOf(test), posting);
    return posting;
  }

  delete(posting: Posting): void {
    const test = posting.test as TextTest;
    if (test.kind === 'wildcard') this.deleteWildcard(test);
    else if (test.kind === 'cidr') this.addresses?.delete(networkOf(test), posting);
    else {
      this.textsOf(test).delete(placeOf(test).place, posting);
      if (test.kind === 'equals' && test.address !== undefined) this.addresses?.delete(networkOf(test), posting);
    }
  }

  /** Of a leaf that is a text. Adds what holds to `found`. */
  find(leaf: number, leaves: EventLeaves, found: Posting[]): void {
    let { bytes } = leaves;
    let start = leaves.start[leaf] as number;
    let end = leaves.end[leaf] as number;
    if (leaves.kind[leaf] === ESCAPED_TEXT) {
      this.reserve(end - start);
      end = unescapeText(bytes, start, end, this.scratch);
      if (end < 0) return;
      bytes = this.scratch;
      start = 0;
    }
    this.plain.find(bytes, start, end, found);
    for (let i = 0; i < this.any.length; i += 1) found.push(this.any[i] as Posting);
    if (this.addresses !== undefined && looksLikeAddress(bytes, start, end)) {
      this.addresses.find(textAt(bytes, start, end), found);
    }
    if (!this.folded.isEmpty) this.findFolded(bytes, start, end, found);
  }

  private findFolded(bytes: Uint8Array, start: number, end: number, found: Posting[]): void {
    let isAscii = true;
    this.reserve(end - start);
    const { scratch } = this;
    // The scratch may be what is read: then every byte is read before it is written.
    for (let i = 0; i < end - start; i += 1) {
      const byte = bytes[start + i] as number;
      if (byte >= 0x80) isAscii = false;
      scratch[i] = byte >= UPPER_A && byte <= UPPER_Z ? byte | 0x20 : byte;
    }
    if (isAscii) this.folded.find(scratch, 0, end - start, found);
    else {
      // ASCII letters being small does not change what the others become.
      const encoded = encodeText(foldCase(textAt(scratch, 0, end - start)));
      this.folded.find(encoded, 0, encoded.length, found);
    }
  }

  private reserve(length: number): void {
    if (length <= this.scratch.length) return;
    const larger = new Uint8Array(length * 2);
    larger.set(this.scratch);
    this.scratch = larger;
  }

  private textsOf(test: EqualsText | Text): TextPlaces {
    return test.kind === 'text' && test.ignoresCase ? this.folded : this.plain;
  }

  private addWildcard(test: WildcardText): Posting {
    const piece = choosePiece(test, (candidate) => this.crowds.get(keyOf(candidate)) ?? 0);
    const posting = new Posting(test, new RuleText(piece.text), piece.needsCheck);
    this.wildcards ??= new Map();
    this.wildcards.set(test.expected, { posting, piece });
    if (piece.place === 'any') this.any.push(posting);
    else {
      this.plain.add(piece.place, posting);
      this.crowds.set(keyOf(piece), (this.crowds.get(keyOf(piece)) ?? 0) + 1);
    }
    return posting;
  }

  private deleteWildcard(test: WildcardText): void {
    const placed = this.wildcards?.get(test.expected);
    if (placed === undefined) return;
    this.wildcards?.delete(test.expected);
    const { posting, piece } = placed;
    if (piece.place === 'any') {
      deleteFrom(this.any, posting);
      return;
    }
    this.plain.delete(piece.place, posting);
    const crowd = (this.crowds.get(keyOf(piece)) ?? 1) - 1;
    if (crowd > 0) this.crowds.set(keyOf(piece), crowd);
    else this.crowds.delete(keyOf(piece));
  }

  private addAddress(network: Network | undefined, posting: Posting): Posting {
    if (network === undefined) return posting;
    this.addresses ??= new AddressIndex();
    this.addresses.add(network, posting);
    return posting;
  }
}

export function isTextTest(test: ValueTest): test is TextTest {
  const { kind } = test;
  return (
    kind === 'text' ||
    kind === 'wildcard' ||
    kind === 'cidr' ||
    (kind === 'equals' && typeof test.expected === 'string')
  );
}

function keyOf({ place, text }: Piece): string {
  return `${place} ${text}`;
}

function placeOf(test: EqualsText | Text): { readonly place: TextPlace; readonly text: RuleText } {
  if (test.kind === 'equals') return { place: 'whole', text: new RuleText(test.expected) };
  return { place: test.place, text: new RuleText(test.sought) };
}

/** Of one address: all bits count. */
function networkOf(test: Cidr | EqualsText): Network | undefined {
  if (test.kind === 'equals') return test.address && { address: test.address, maskBits: test.address.bits };
  const [text = '', mask] = test.expected.split('/');
  const address = parseIp(text);
  return address && { address, maskBits: Number(mask) };
}
