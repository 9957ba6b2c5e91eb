// What a compiled schema is made of, and the run of one event through it. A run has a budget: a schema can refer to itself and try many alternatives,
// and an event can be large; whoever runs out of steps is told that it cannot be checked, instead of waiting.

import { formatPointer, type PointerKey } from './pointer.ts';

export interface Violation {
  /** JSON pointer to what is wrong. */
  readonly path: string;
  /** A sentence without the path: `must be integer, not string`. */
  readonly message: string;
}

/** Where in the event a check is; keys from the inside out. */
export interface Place {
  readonly parent: Place | undefined;
  readonly key: PointerKey;
}

export type Check = (value: unknown, at: Place | undefined, run: Run) => Violation | undefined;

/** Nested applications of schemas, one inside the other: deeper than any event, but a schema may refer to itself for ever. */
const DEPTH_MAX = 600;

export class Run {
  private depth = 0;

  constructor(private stepsLeft: number) {}

  /** Nothing that was found in this run counts. */
  get isExhausted(): boolean {
    return this.stepsLeft <= 0;
  }

  spend(steps: number): void {
    this.stepsLeft -= steps;
  }

  apply(checks: readonly Check[], value: unknown, at: Place | undefined): Violation | undefined {
    this.stepsLeft -= 1;
    if (this.stepsLeft <= 0) return TOO_MUCH;
    if (this.depth >= DEPTH_MAX) {
      this.stepsLeft = 0;
      return TOO_MUCH;
    }
    this.depth += 1;
    let found: Violation | undefined;
    for (const check of checks) {
      found = check(value, at, this);
      if (found !== undefined) break;
    }
    this.depth -= 1;
    return found;
  }
}

export const TOO_MUCH: Violation = { path: '', message: 'cannot be checked: the schema takes too many steps' };

export function violation(at: Place | undefined, message: string): Violation {
  return { path: pathOf(at), message };
}

export function pathOf(at: Place | undefined): string {
  const keys: PointerKey[] = [];
  for (let place = at; place !== undefined; place = place.parent) keys.push(place.key);
  return formatPointer(keys.reverse());
}

export type JsonType = 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object';

/** `integer` for whole numbers, `number` for others. */
export function typeOf(value: unknown): JsonType {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value as JsonType;
}
