// Pieces of wildcards that have no firm beginning and end (`*piece*`): all of them are looked for in one pass over a value
// (Aho and Corasick, "Efficient string matching: an aid to bibliographic search", 1975). The automaton is built when a
// value comes, from what was added until then; a few later additions are searched for one by one before it is worth
// building it again, so that adding costs little.

import type { Posting } from './posting.ts';

const YOUNG_MAX = 16;

export class ContainsIndex {
  private readonly postings = new Set<Posting>();
  private young: Posting[] = [];
  private automaton: PieceAutomaton | undefined;
  private deletedCount = 0;

  get isEmpty(): boolean {
    return this.postings.size === 0;
  }

  add(posting: Posting): void {
    this.postings.add(posting);
    this.young.push(posting);
  }

  /** The automaton may still find it; nobody waits for it any more. */
  delete(posting: Posting): void {
    this.postings.delete(posting);
    const at = this.young.indexOf(posting);
    if (at >= 0) this.young.splice(at, 1);
    else this.deletedCount += 1;
  }

  /** Adds what it finds to `found`, each once. */
  find(bytes: Uint8Array, start: number, end: number, found: Posting[]): void {
    const { size } = this.postings;
    if (this.young.length > YOUNG_MAX + size / 32 || this.deletedCount > YOUNG_MAX + size) this.rebuild();
    for (const posting of this.young) if (isIn(posting, bytes, start, end)) found.push(posting);
    this.automaton?.find(bytes, start, end, found);
  }

  private rebuild(): void {
    this.automaton = new PieceAutomaton([...this.postings], this.automaton?.searches ?? 0);
    this.young = [];
    this.deletedCount = 0;
  }
}

/** AWS's limit on complexity, which patterns are held to, bounds what this can repeat. */
function isIn({ text }: Posting, bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at + text.length <= end; at += 1) if (text.isAt(bytes, at)) return true;
  return false;
}

/** States are numbers; 0 is the beginning. */
class PieceAutomaton {
  /** From the beginning, by byte. */
  private readonly first = new Int32Array(256);
  /** From other states: open addressing by `state * 256 + byte`, and where that leads. */
  private readonly keys: Int32Array;
  private readonly targets: Int32Array;
  private readonly mask: number;
  /** The state of the longest end of what was read that is also a beginning, and of the longest that is a piece. */
  private readonly fallback: Int32Array;
  private readonly shorter: Int32Array;
  private readonly ends = new Map<number, Posting[]>();
  /** Where what is read ends a piece: the state itself, or the next shorter one; 0 for none. */
  private readonly ended: Int32Array;
  private stateCount = 1;

  /** `searches` until now: their number marks what a search has found. */
  constructor(
    postings: readonly Posting[],
    public searches: number,
  ) {
    const bytesTotal = postings.reduce((sum, { text }) => sum + text.length, 0);
    let capacity = 16;
    while (capacity < bytesTotal * 2) capacity *= 2;
    this.keys = new Int32Array(capacity);
    this.targets = new Int32Array(capacity);
    this.mask = capacity - 1;
    this.fallback = new Int32Array(bytesTotal + 1);
    this.shorter = new Int32Array(bytesTotal + 1);
    this.ended = new Int32Array(bytesTotal + 1);
    const parents: [state: number, byte: number][] = [[0, 0]];
    for (const posting of postings) this.addPiece(posting, parents);
    this.link(parents);
  }

  private addPiece(posting: Posting, parents: [number, number][]): void {
    let state = 0;
    for (const byte of posting.text.bytes) {
      let next = this.step(state, byte);
      if (next === 0) {
        next = this.stateCount;
        this.stateCount += 1;
        parents[next] = [state, byte];
        this.put(state, byte, next);
      }
      state = next;
    }
    const ends = this.ends.get(state);
    if (ends === undefined) this.ends.set(state, [posting]);
    else ends.push(posting);
  }

  /** States in order of their depth: what a fallback leads to is shorter, so it is linked already. */
  private link(parents: readonly [number, number][]): void {
    const depths = new Int32Array(this.stateCount);
    for (let state = 1; state < this.stateCount; state += 1) {
      depths[state] = (depths[(parents[state] as [number, number])[0]] as number) + 1;
    }
    const order = Array.from({ length: this.stateCount - 1 }, (_, index) => index + 1);
    order.sort((a, b) => (depths[a] as number) - (depths[b] as number));
    for (const state of order) {
      const [parent, byte] = parents[state] as [number, number];
      const target = parent === 0 ? 0 : this.follow(this.fallback[parent] as number, byte);
      this.fallback[state] = target;
      this.shorter[state] = this.ended[target] as number;
      this.ended[state] = this.ends.has(state) ? state : (this.ended[target] as number);
    }
  }

  private put(state: number, byte: number, target: number): void {
    if (state === 0) {
      this.first[byte] = target;
      return;
    }
    const key = (state << 8) | byte;
    let slot = spread(key) & this.mask;
    while (this.targets[slot] !== 0) slot = (slot + 1) & this.mask;
    this.keys[slot] = key;
    this.targets[slot] = target;
  }

  /** 0 when no piece goes on like that. */
  private step(state: number, byte: number): number {
    if (state === 0) return this.first[byte] as number;
    const { keys, targets, mask } = this;
    const key = (state << 8) | byte;
    for (let slot = spread(key) & mask; targets[slot] !== 0; slot = (slot + 1) & mask) {
      if (keys[slot] === key) return targets[slot] as number;
    }
    return 0;
  }

  private follow(from: number, byte: number): number {
    let state = from;
    for (;;) {
      const next = this.step(state, byte);
      if (next !== 0 || state === 0) return next;
      state = this.fallback[state] as number;
    }
  }

  find(bytes: Uint8Array, start: number, end: number, found: Posting[]): void {
    this.searches += 1;
    let state = 0;
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at] as number;
      state = state === 0 ? (this.first[byte] as number) : this.follow(state, byte);
      if (this.ended[state] !== 0) this.report(this.ended[state] as number, found);
    }
  }

  private report(longest: number, found: Posting[]): void {
    for (let state = longest; state !== 0; state = this.shorter[state] as number) {
      for (const posting of this.ends.get(state) as Posting[]) {
        if (posting.foundIn === this.searches) continue;
        posting.foundIn = this.searches;
        found.push(posting);
      }
    }
  }
}

function spread(key: number): number {
  const mixed = Math.imul(key, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}
