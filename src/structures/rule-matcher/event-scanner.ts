// One pass over the bytes of an event. It goes into what leads to a path that some rule asks for, and over everything
// else: a string to its quote, an object or array to its last bracket. Nothing is built but the columns of leaves and
// elements. What is gone over is not checked: the caller has refused text that is not JSON, as PutEvents does.

import { LEVELS_MAX } from '#structures/event-pattern/parsed-event.ts';
import { ESCAPED_TEXT, EventLeaves, FALSE, NULL, NUMBER, OVERWRITTEN, TEXT, TRUE } from './event-leaves.ts';
import {
  BACKSLASH,
  BROKEN,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  endOfPlain,
  endOfText,
  GUARD_BYTES,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  SPACE,
  skipContainer,
  skipSpace,
  skipValue,
} from './json-skip.ts';
import { unescapeText } from './json-text.ts';
import type { PathNode } from './path-tree.ts';

const FIRST_CAPACITY = 16 * 1024;
const DOT = 0x2e;
const FIRST_LETTER = { true: 0x74, false: 0x66, null: 0x6e };

export class EventScanner {
  readonly leaves = new EventLeaves();
  private buffer = new Uint8Array(FIRST_CAPACITY);
  private length = 0;
  private epoch = 0;
  /** Objects so far, so that each has a number. */
  private objectCount = 0;
  /** The element of an array that is being read, and how many objects and arrays are around. */
  private element = 0;
  private level = 0;
  /** Leaves of keys with dots, by the object's number and the path: such a key may come again. */
  private readonly dotted = new Map<string, { readonly firstLeaf: number; readonly endLeaf: number }>();

  /** The event's bytes as they were scanned. */
  get bytes(): Uint8Array {
    return this.buffer;
  }

  /** False when it is not JSON, or no object. */
  scan(event: Uint8Array, root: PathNode, epoch: number): boolean {
    const { length } = event;
    if (length + GUARD_BYTES > this.buffer.length) this.buffer = new Uint8Array((length + GUARD_BYTES) * 2);
    const { buffer } = this;
    buffer.set(event);
    buffer.fill(QUOTE, length, length + GUARD_BYTES);
    this.leaves.reset(buffer);
    this.length = length;
    this.epoch = epoch;
    this.objectCount = 0;
    this.element = 0;
    this.level = 1;
    if (this.dotted.size > 0) this.dotted.clear();
    let at = skipSpace(buffer, 0);
    if (buffer[at] !== OPEN_OBJECT) return false;
    at = root.children === undefined ? skipContainer(buffer, at + 1, length) : this.readObject(at + 1, root);
    return at !== BROKEN && skipSpace(buffer, at) === length;
  }

  /** From behind the bracket to behind the other one. */
  private readObject(from: number, node: PathNode): number {
    const { buffer } = this;
    this.objectCount += 1;
    const object = this.objectCount;
    let at = skipSpace(buffer, from);
    if (buffer[at] === CLOSE_OBJECT) return at + 1;
    for (;;) {
      if (buffer[at] !== QUOTE) return BROKEN;
      at += 1;
      const keyStart = at;
      let hash = 0;
      let byte = buffer[at] as number;
      while (byte !== QUOTE && byte !== BACKSLASH) {
        hash = ((hash << 5) - hash + byte) | 0;
        at += 1;
        byte = buffer[at] as number;
      }
      let child: PathNode | undefined;
      if (byte === QUOTE) child = node.child(buffer, keyStart, at, hash);
      const keyEnd = child === undefined ? endOfText(buffer, at) : at;
      at = keyEnd + 1;
      if (buffer[at] !== COLON) {
        at = skipSpace(buffer, at);
        if (buffer[at] !== COLON) return BROKEN;
      }
      at += 1;
      if ((buffer[at] as number) <= SPACE) at = skipSpace(buffer, at);
      if (child !== undefined) at = this.readMember(at, child, object);
      else if (byte === BACKSLASH || (node.deepChildren > 0 && hasDot(buffer, keyStart, keyEnd))) {
        at = this.readOddMember(at, { node, object, keyStart, keyEnd });
      } else at = skipValue(buffer, at, this.length);
      if (at === BROKEN) return BROKEN;
      if ((buffer[at] as number) <= SPACE) at = skipSpace(buffer, at);
      byte = buffer[at] as number;
      at += 1;
      if (byte === CLOSE_OBJECT) return at;
      if (byte !== COMMA) return BROKEN;
      if ((buffer[at] as number) <= SPACE) at = skipSpace(buffer, at);
    }
  }

  private readMember(at: number, node: PathNode, object: number): number {
    const { leaves } = this;
    if (node.epoch === this.epoch && node.seenIn === object) this.overwrite(node.firstLeaf, node.endLeaf);
    node.epoch = this.epoch;
    node.seenIn = object;
    const firstLeaf = leaves.count;
    const behind = this.readValue(at, node);
    node.firstLeaf = firstLeaf;
    node.endLeaf = leaves.count;
    return behind;
  }

  /** One whose key has dots or escapes. */
  private readOddMember(at: number, member: OddMember): number {
    const { leaves } = this;
    const node = this.nodeOfOddKey(member);
    if (node === undefined) return skipValue(this.buffer, at, this.length);
    if (node.parent === member.node) return this.readMember(at, node, member.object);
    const key = `${member.object} ${node.path}`;
    const earlier = this.dotted.get(key);
    if (earlier !== undefined) this.overwrite(earlier.firstLeaf, earlier.endLeaf);
    const firstLeaf = leaves.count;
    const behind = this.readValue(at, node);
    this.dotted.set(key, { firstLeaf, endLeaf: leaves.count });
    return behind;
  }

  private nodeOfOddKey({ node, keyStart, keyEnd }: OddMember): PathNode | undefined {
    const unescaped = new Uint8Array(keyEnd - keyStart);
    const length = unescapeText(this.buffer, keyStart, keyEnd, unescaped);
    return length < 0 ? undefined : node.descendant(unescaped, 0, length);
  }

  private overwrite(firstLeaf: number, endLeaf: number): void {
    this.leaves.kind.fill(OVERWRITTEN, firstLeaf, endLeaf);
  }

  private readValue(at: number, node: PathNode): number {
    const { buffer } = this;
    const byte = buffer[at] as number;
    if (byte === QUOTE) return this.readText(at + 1, node);
    if (byte === OPEN_OBJECT) {
      if (node.children === undefined || this.level >= LEVELS_MAX) return skipContainer(buffer, at + 1, this.length);
      this.level += 1;
      const behind = this.readObject(at + 1, node);
      this.level -= 1;
      return behind;
    }
    if (byte === OPEN_ARRAY) {
      if (this.level >= LEVELS_MAX) return skipContainer(buffer, at + 1, this.length);
      this.level += 1;
      const behind = this.readArray(at + 1, node);
      this.level -= 1;
      return behind;
    }
    const end = endOfPlain(buffer, at);
    if (end === at) return BROKEN;
    if (node.isWanted) this.addLeaf(node, kindOfPlain(byte), at, end);
    return end;
  }

  private readText(from: number, node: PathNode): number {
    const { buffer } = this;
    let at = from;
    let kind = TEXT;
    for (;;) {
      const byte = buffer[at] as number;
      if (byte === QUOTE) break;
      if (byte === BACKSLASH) {
        kind = ESCAPED_TEXT;
        at += 1;
      }
      at += 1;
    }
    if (node.isWanted) this.addLeaf(node, kind, from, at);
    return at + 1;
  }

  private readArray(from: number, node: PathNode): number {
    const { buffer } = this;
    const { elements } = this.leaves;
    const array = elements.beginArray(this.leaves.count);
    let at = skipSpace(buffer, from);
    if (buffer[at] === CLOSE_ARRAY) at += 1;
    else {
      for (;;) {
        const byte = buffer[at] as number;
        // A plain value is not in an element: two fields cannot lead into it.
        const isPlain = byte !== OPEN_OBJECT && byte !== OPEN_ARRAY;
        if (isPlain) elements.arrayHasPlain[array] = 1;
        at = isPlain ? this.readValue(at, node) : this.readElement(at, node, array);
        if (at === BROKEN) return BROKEN;
        if ((buffer[at] as number) <= SPACE) at = skipSpace(buffer, at);
        const separator = buffer[at] as number;
        at += 1;
        if (separator === CLOSE_ARRAY) break;
        if (separator !== COMMA) return BROKEN;
        if ((buffer[at] as number) <= SPACE) at = skipSpace(buffer, at);
      }
    }
    elements.endArray(array, this.leaves.count);
    return at;
  }

  private readElement(at: number, node: PathNode, array: number): number {
    const { elements } = this.leaves;
    const around = this.element;
    const element = elements.beginElement(around, array, this.leaves.count);
    this.element = element;
    const behind = this.readValue(at, node);
    this.element = around;
    elements.endElement(element, this.leaves.count);
    return behind;
  }

  private addLeaf(node: PathNode, kind: number, start: number, end: number): void {
    const { leaves, element } = this;
    const leaf = leaves.add(node, kind, element);
    leaves.start[leaf] = start;
    leaves.end[leaf] = end;
    if (node.leavesEpoch === this.epoch) {
      leaves.next[node.tail] = leaf;
      node.leafCount += 1;
      if (element !== 0) node.hasLeafInArray = true;
    } else {
      node.leavesEpoch = this.epoch;
      node.head = leaf;
      node.leafCount = 1;
      node.hasLeafInArray = element !== 0;
      node.leaves = undefined;
    }
    node.tail = leaf;
  }
}

interface OddMember {
  readonly node: PathNode;
  /** Number of the object it is in. */
  readonly object: number;
  readonly keyStart: number;
  readonly keyEnd: number;
}

function hasDot(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at] === DOT) return true;
  return false;
}

function kindOfPlain(first: number): number {
  if (first === FIRST_LETTER.true) return TRUE;
  if (first === FIRST_LETTER.false) return FALSE;
  return first === FIRST_LETTER.null ? NULL : NUMBER;
}
