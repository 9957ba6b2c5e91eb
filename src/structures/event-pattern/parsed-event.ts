// The leaves of a parsed event that stand at the paths of a pattern: one walk down the event, guided by the paths. A dot
// in a key and a step into an object are the same, as with AWS, so `{"a.b": 1}` and `{"a": {"b": 1}}` both have `a.b`.

import type { LeafPlaces } from './array-consistency.ts';
import { ArrayElements } from './array-elements.ts';
import type { Leaf } from './leaf.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Objects and arrays around a leaf that is looked at; what lies deeper is not found. A stack has room for more. */
export const LEVELS_MAX = 1_000;

/** The keys that paths go through. */
export class PathStep {
  readonly children = new Map<string, PathStep>();
  /** Whether a key with a dot can matter here. */
  isTwoStepsDeep = false;

  /** The path from here to this step, when a field ends there. */
  path: string | undefined;

  add(path: string): void {
    let step: PathStep = this;
    let parent: PathStep | undefined;
    for (const key of path.split('.')) {
      let child = step.children.get(key);
      if (child === undefined) {
        child = new PathStep();
        step.children.set(key, child);
      }
      if (parent !== undefined) parent.isTwoStepsDeep = true;
      parent = step;
      step = child;
    }
    step.path = path;
  }

  find(key: string): PathStep | undefined {
    let step: PathStep | undefined = this;
    for (const part of key.split('.')) {
      step = step.children.get(part);
      if (step === undefined) return undefined;
    }
    return step;
  }
}

const NONE: readonly number[] = [];

export class ParsedEvent implements LeafPlaces {
  readonly elements = new ArrayElements();
  readonly elementOf: number[] = [];
  readonly values: Leaf[] = [];
  private readonly byPath = new Map<string, number[]>();

  /** Something else than an object has no fields. */
  constructor(event: unknown, root: PathStep) {
    if (isObject(event)) this.readObject(event, root, { element: 0, level: 1 });
  }

  /** Numbers of the leaves at a path, ascending. */
  leavesAt(path: string): readonly number[] {
    return this.byPath.get(path) ?? NONE;
  }

  private readObject(object: JsonObject, step: PathStep, at: { element: number; level: number }): void {
    if (at.level > LEVELS_MAX) return;
    const { children } = step;
    if (children.size > 0 && !step.isTwoStepsDeep) {
      for (const [key, child] of children) if (Object.hasOwn(object, key)) this.read(object[key], child, at);
      return;
    }
    for (const key of Object.keys(object)) {
      const child = step.find(key);
      if (child !== undefined) this.read(object[key], child, at);
    }
  }

  private read(value: unknown, step: PathStep, at: { element: number; level: number }): void {
    if (Array.isArray(value)) this.readArray(value, step, { element: at.element, level: at.level + 1 });
    else if (isObject(value)) this.readObject(value, step, { element: at.element, level: at.level + 1 });
    else if (step.path !== undefined) this.addLeaf(value as Leaf, step.path, at.element);
  }

  private readArray(array: readonly unknown[], step: PathStep, at: { element: number; level: number }): void {
    if (at.level > LEVELS_MAX) return;
    const { elements, values } = this;
    const number = elements.beginArray(values.length);
    for (const value of array) {
      // A plain value is not in an element: two fields cannot lead into it.
      const isPlain = typeof value !== 'object' || value === null;
      const element = isPlain ? at.element : elements.beginElement(at.element, number, values.length);
      this.read(value, step, { element, level: at.level });
      if (isPlain) elements.arrayHasPlain[number] = 1;
      else elements.endElement(element, values.length);
    }
    elements.endArray(number, values.length);
  }

  private addLeaf(value: Leaf, path: string, element: number): void {
    const leaf = this.values.length;
    this.values.push(value);
    this.elementOf.push(element);
    const leaves = this.byPath.get(path);
    if (leaves === undefined) this.byPath.set(path, [leaf]);
    else leaves.push(leaf);
  }
}
