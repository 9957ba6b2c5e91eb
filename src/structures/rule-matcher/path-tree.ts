// The keys that rules ask for, as a tree: what no rule asks for is not in it, and the scanner skips it. A path's dots and
// steps into objects are the same, so a key with dots in an event is several steps here.

import { HashTable } from './hash-table.ts';
import { hashOf, hashStep, RuleText } from './json-text.ts';
import type { ValueIndex } from './value-index.ts';

const DOT = 0x2e;

export class PathNode {
  readonly key: RuleText;
  readonly hash: number;
  /** Undefined when no path goes on from here. */
  children: HashTable<PathNode> | undefined;
  /** Children that have children: where there are none, a key with a dot leads nowhere. */
  deepChildren = 0;
  /** Conditions on the values here. */
  conditions = 0;
  /** Finds what the values here satisfy. */
  index: ValueIndex | undefined;

  // Of the event that is read now; valid when `epoch` is that event's.
  epoch = 0;
  /** The object it was last found in, and the leaves that were found: a key that comes again takes them back. */
  seenIn = 0;
  firstLeaf = 0;
  endLeaf = 0;
  /** Leaves here, linked in the order of the event. */
  leavesEpoch = 0;
  head = -1;
  tail = -1;
  leafCount = 0;
  hasLeafInArray = false;
  /** The same as a list, made when it is needed. */
  leaves: readonly number[] | undefined;

  constructor(
    readonly parent: PathNode | undefined,
    key: string,
    readonly path: string,
  ) {
    this.key = new RuleText(key);
    this.hash = this.key.hash;
  }

  get isWanted(): boolean {
    return this.conditions > 0;
  }

  child(bytes: Uint8Array, start: number, end: number, hash: number): PathNode | undefined {
    const { children } = this;
    if (children === undefined) return undefined;
    for (let slot = children.first(hash); slot >= 0; slot = children.next(slot, hash)) {
      const child = children.items[slot] as PathNode;
      if (child.key.length === end - start && child.key.isAt(bytes, start)) return child;
    }
    return undefined;
  }

  /** Where a key with dots leads. */
  descendant(bytes: Uint8Array, start: number, end: number): PathNode | undefined {
    let node: PathNode | undefined = this;
    let partStart = start;
    let hash = 0;
    for (let at = start; at <= end && node !== undefined; at += 1) {
      if (at < end && bytes[at] !== DOT) hash = hashStep(hash, bytes[at] as number);
      else {
        node = node.child(bytes, partStart, at, hash);
        partStart = at + 1;
        hash = 0;
      }
    }
    return node;
  }
}

export class PathTree {
  readonly root = new PathNode(undefined, '', '');

  /** The node of a path; {@link release} it when its last condition has gone. */
  nodeOf(path: string): PathNode {
    let node = this.root;
    let end = -1;
    for (const key of path.split('.')) {
      end += key.length + 1;
      node = findChild(node, key) ?? this.addChild(node, key, path.slice(0, end));
    }
    return node;
  }

  private addChild(parent: PathNode, key: string, path: string): PathNode {
    const child = new PathNode(parent, key, path);
    if (parent.children === undefined) {
      parent.children = new HashTable();
      if (parent.parent !== undefined) parent.parent.deepChildren += 1;
    }
    parent.children.add(child.hash, child);
    return child;
  }

  release(node: PathNode): void {
    let at = node;
    while (!at.isWanted && at.children === undefined && at.parent !== undefined) {
      const { parent } = at;
      parent.children?.delete(at.hash, at);
      if (parent.children?.size === 0) {
        parent.children = undefined;
        if (parent.parent !== undefined) parent.parent.deepChildren -= 1;
      }
      at = parent;
    }
  }

  *nodes(): IterableIterator<PathNode> {
    const waiting = [this.root];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      yield node;
      for (const child of node.children?.values() ?? []) waiting.push(child);
    }
  }
}

function findChild(node: PathNode, key: string): PathNode | undefined {
  const { bytes } = new RuleText(key);
  return node.child(bytes, 0, bytes.length, hashOf(bytes, 0, bytes.length));
}
