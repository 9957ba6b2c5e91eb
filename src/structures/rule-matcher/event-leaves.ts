// What the scanner found: the values at paths that rules ask for, as columns. A leaf is where its bytes are; it becomes a
// JavaScript value only when a test has to look at it that no index has answered.

import { utf8Decode } from '#base/bytes.ts';
import { ArrayElements } from '#structures/event-pattern/array-elements.ts';
import type { Leaf } from '#structures/event-pattern/leaf.ts';
import { asciiAt } from './decimal.ts';
import type { PathNode } from './path-tree.ts';

export const TEXT = 1;
export const ESCAPED_TEXT = 2;
export const NUMBER = 3;
export const TRUE = 4;
export const FALSE = 5;
export const NULL = 6;
/** Its key came again in the same object: as with JSON.parse, the later value counts. */
export const OVERWRITTEN = 0;

const FIRST_CAPACITY = 256;
/** Below this a loop over the bytes beats the call into the engine. */
const SHORT_TEXT = 24;

export class EventLeaves {
  count = 0;
  kind: Uint8Array = new Uint8Array(FIRST_CAPACITY);
  /** Of a text without the quotes. */
  start: Int32Array = new Int32Array(FIRST_CAPACITY);
  end: Int32Array = new Int32Array(FIRST_CAPACITY);
  /** The element of an array it lies in, see {@link ArrayElements}. */
  elementOf: Int32Array = new Int32Array(FIRST_CAPACITY);
  /** The next leaf of the same path; -1 behind the last. */
  next: Int32Array = new Int32Array(FIRST_CAPACITY);
  readonly nodes: PathNode[] = [];
  readonly elements = new ArrayElements();
  private readonly values: (Leaf | undefined)[] = [];
  /** The event as it was scanned. */
  bytes: Uint8Array = new Uint8Array(0);

  reset(bytes: Uint8Array): void {
    this.count = 0;
    this.bytes = bytes;
    this.values.length = 0;
    this.elements.reset();
  }

  /** Returns the leaf; where it starts and ends is written to the columns. */
  add(node: PathNode, kind: number, element: number): number {
    if (this.count === this.kind.length) this.grow();
    const leaf = this.count;
    this.count = leaf + 1;
    this.kind[leaf] = kind;
    this.elementOf[leaf] = element;
    this.next[leaf] = -1;
    this.nodes[leaf] = node;
    return leaf;
  }

  /** Numbers of the leaves of a path, ascending. */
  leavesAt(node: PathNode): readonly number[] {
    if (node.leaves !== undefined) return node.leaves;
    const leaves: number[] = [];
    for (let leaf = node.head; leaf >= 0; leaf = this.next[leaf] as number) {
      if (this.kind[leaf] !== OVERWRITTEN) leaves.push(leaf);
    }
    node.leaves = leaves;
    return leaves;
  }

  valueOf(leaf: number): Leaf {
    const { values } = this;
    const known = leaf < values.length ? values[leaf] : undefined;
    if (known !== undefined) return known;
    while (values.length < leaf) values.push(undefined);
    const value = this.read(leaf);
    values[leaf] = value;
    return value;
  }

  private read(leaf: number): Leaf {
    const start = this.start[leaf] as number;
    const end = this.end[leaf] as number;
    switch (this.kind[leaf]) {
      case TEXT:
        return textAt(this.bytes, start, end);
      case ESCAPED_TEXT:
        return unescaped(utf8Decode(this.bytes.subarray(start, end)));
      case NUMBER:
        return Number(asciiAt(this.bytes, start, end));
      case TRUE:
        return true;
      case FALSE:
        return false;
      default:
        return null;
    }
  }

  /** How the event writes a number. */
  numeralOf(leaf: number): string {
    return asciiAt(this.bytes, this.start[leaf] as number, this.end[leaf] as number);
  }

  private grow(): void {
    const capacity = this.count * 2;
    const kind = new Uint8Array(capacity);
    kind.set(this.kind);
    this.kind = kind;
    this.start = grown(this.start, capacity);
    this.end = grown(this.end, capacity);
    this.elementOf = grown(this.elementOf, capacity);
    this.next = grown(this.next, capacity);
  }
}

function grown(column: Int32Array, capacity: number): Int32Array {
  const larger = new Int32Array(capacity);
  larger.set(column);
  return larger;
}

function unescaped(text: string): string {
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    // No JSON, which the caller should have seen.
    return text;
  }
}

export function textAt(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > SHORT_TEXT) return utf8Decode(bytes.subarray(start, end));
  let text = '';
  for (let i = start; i < end; i += 1) {
    const byte = bytes[i] as number;
    if (byte >= 0x80) return utf8Decode(bytes.subarray(start, end));
    text += String.fromCharCode(byte);
  }
  return text;
}
