// Fields that lead into one array must be satisfied by one element of it: `items.sku` and `items.count` speak of the same
// item. Each field picks a leaf; no two leaves may lie in different elements of one array. Fields are taken in order of
// their paths, and what is carried from one to the next is the set of elements chosen so far; an array that no later
// field leads into is forgotten, so that there are never more sets than elements. A field that wants absence is content
// when there is no leaf in the elements chosen so far. AWS: github.com/aws/event-ruler, ACFinder (the walk),
// NameState.getNameTransitions (absence), README "JSON Array Matching".

import type { ArrayElements } from './array-elements.ts';

export interface JointField {
  /** Ascending. */
  readonly leaves: ArrayLike<number>;
  readonly wantsAbsence: boolean;
  satisfies(leaf: number): boolean;
}

export interface LeafPlaces {
  readonly elements: ArrayElements;
  readonly elementOf: ArrayLike<number>;
}

/** Innermost elements chosen, ascending, none around another. As a rule there is one or none. */
type Chosen = readonly number[];

/**
 * Only an event that spells one path in many ways (dots in keys, and each way through an array) can have more sets of
 * elements than it has elements. Beyond this number such an event does not match.
 */
const SETS_MAX = 4096;

/** Fields in the order of their paths. (Where none wants absence, any order does.) */
export function holdTogether(fields: readonly JointField[], places: LeafPlaces): boolean {
  let sets: Iterable<Chosen> = [[]];
  for (const [i, field] of fields.entries()) {
    const later = fields.slice(i + 1);
    const candidates = new Candidates(field.leaves, places);
    // With nothing chosen, every later leaf may be picked: no other set can do better, but for absence.
    const isFreedomBest = !later.some((other) => other.wantsAbsence);
    const next = new Map<string, Chosen>();
    for (const chosen of sets) {
      extend(chosen, { field, candidates, later, isFreedomBest, next }, places);
      if (next.size > SETS_MAX) return false;
      if (isFreedomBest && next.has('')) break;
    }
    if (next.size === 0) return false;
    sets = isFreedomBest && next.has('') ? [[]] : next.values();
  }
  return true;
}

interface Step {
  readonly field: JointField;
  readonly candidates: Candidates;
  readonly later: readonly JointField[];
  readonly isFreedomBest: boolean;
  readonly next: Map<string, Chosen>;
}

function extend(chosen: Chosen, step: Step, places: LeafPlaces): void {
  const { field, later, next } = step;
  const leaves = step.candidates.consistentWith(chosen);
  if (leaves.length === 0 && field.wantsAbsence) add(next, forgetUnneeded(chosen, later, places.elements));
  for (const leaf of leaves) {
    if (!field.satisfies(leaf)) continue;
    const element = places.elementOf[leaf] as number;
    const merged = forgetUnneeded(merge(chosen, element, places.elements), later, places.elements);
    add(next, merged);
    if (merged.length === 0 && step.isFreedomBest) return;
  }
}

function add(sets: Map<string, Chosen>, chosen: Chosen): void {
  const key = chosen.join();
  if (!sets.has(key)) sets.set(key, chosen);
}

function merge(chosen: Chosen, element: number, elements: ArrayElements): Chosen {
  if (element === 0 || chosen.some((other) => elements.isWithin(other, element))) return chosen;
  const kept = chosen.filter((other) => !elements.isWithin(element, other));
  return [...kept, element].sort((a, b) => a - b);
}

function forgetUnneeded(chosen: Chosen, later: readonly JointField[], elements: ArrayElements): Chosen {
  let result: Chosen = [];
  for (const innermost of chosen) {
    let element = innermost;
    while (element !== 0 && !isNeeded(elements.array[element] as number, later, elements)) {
      element = elements.parent[element] as number;
    }
    result = merge(result, element, elements);
  }
  return result;
}

function isNeeded(array: number, later: readonly JointField[], elements: ArrayElements): boolean {
  const first = elements.arrayFirstLeaf[array] as number;
  const end = elements.arrayEndLeaf[array] as number;
  return later.some(({ leaves }) => {
    const at = indexFrom(leaves, first);
    return at < leaves.length && (leaves[at] as number) < end;
  });
}

/** The leaves that one field may pick. */
class Candidates {
  private directly: Map<number, number[]> | undefined;

  constructor(
    private readonly leaves: ArrayLike<number>,
    private readonly places: LeafPlaces,
  ) {}

  /** Those that lie in no other element of an array of which one was chosen. */
  consistentWith([innermost, ...others]: Chosen): number[] {
    if (innermost === undefined) return Array.from(this.leaves);
    const { elements, elementOf } = this.places;
    const result: number[] = [];
    this.addRange(elements.firstLeaf[innermost] as number, elements.endLeaf[innermost] as number, result);
    for (let element = innermost; element !== 0; element = elements.parent[element] as number) {
      const around = elements.parent[element] as number;
      const array = elements.array[element] as number;
      const first = elements.arrayFirstLeaf[array] as number;
      const end = elements.arrayEndLeaf[array] as number;
      this.addRange(elements.firstLeaf[around] as number, first, result);
      this.addRange(end, elements.endLeaf[around] as number, result);
      if (elements.arrayHasPlain[array] === 1) {
        for (const leaf of this.leavesDirectlyIn(around)) if (leaf >= first && leaf < end) result.push(leaf);
      }
    }
    if (others.length === 0) return result;
    return result.filter((leaf) => !others.some((other) => elements.areApart(other, elementOf[leaf] as number)));
  }

  private addRange(first: number, end: number, result: number[]): void {
    const { leaves } = this;
    for (let i = indexFrom(leaves, first); i < leaves.length && (leaves[i] as number) < end; i += 1) {
      result.push(leaves[i] as number);
    }
  }

  private leavesDirectlyIn(element: number): readonly number[] {
    if (this.directly === undefined) {
      this.directly = new Map();
      for (let i = 0; i < this.leaves.length; i += 1) {
        const leaf = this.leaves[i] as number;
        const innermost = this.places.elementOf[leaf] as number;
        const others = this.directly.get(innermost);
        if (others === undefined) this.directly.set(innermost, [leaf]);
        else others.push(leaf);
      }
    }
    return this.directly.get(element) ?? [];
  }
}

/** Index of the first leaf that is not before `leaf`. */
function indexFrom(leaves: ArrayLike<number>, leaf: number): number {
  let low = 0;
  let high = leaves.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((leaves[middle] as number) < leaf) low = middle + 1;
    else high = middle;
  }
  return low;
}
