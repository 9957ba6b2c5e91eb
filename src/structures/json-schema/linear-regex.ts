// A regular expression that cannot be made to run long. It is a machine whose states are all followed at once (Thompson's construction, as in Pike's
// virtual machine): a text of n characters costs at most n times the machine's size, whatever the expression. JavaScript's own engine tries
// one way after the other and can be kept busy for years by `(a+)+$`; patterns in schemas come from strangers.

import { type CodeRanges, parseRegex, type RegexNode, RegexProblem } from './regex-syntax.ts';

const PATTERN_LENGTH_MAX = 2_000;
/** Counted repetitions are written out: `[a-z]{1,64}` has 128 steps. */
const STEPS_MAX = 2_000;

type Step =
  | { readonly kind: 'code'; readonly ranges: CodeRanges }
  | { readonly kind: 'split'; readonly one: number; readonly other: number }
  | { readonly kind: 'go'; readonly to: number }
  | { readonly kind: 'start' }
  | { readonly kind: 'end' }
  | { readonly kind: 'boundary'; readonly isNegated: boolean }
  | { readonly kind: 'found' };

export interface LinearRegex {
  /** Whether the expression matches somewhere in the text; `spend` is told the work that was done. */
  matches(text: string, spend?: (steps: number) => void): boolean;
}

export function compileRegex(pattern: string): { readonly regex: LinearRegex } | { readonly problem: string } {
  if (pattern.length > PATTERN_LENGTH_MAX) return { problem: `it is longer than ${PATTERN_LENGTH_MAX} characters` };
  try {
    const steps: Step[] = [];
    emit(steps, parseRegex(pattern));
    push(steps, { kind: 'found' });
    return { regex: { matches: (text, spend) => run(steps, text, spend) } };
  } catch (error) {
    if (error instanceof RegexProblem) return { problem: error.message };
    throw error;
  }
}

function push(steps: Step[], step: Step): number {
  if (steps.length >= STEPS_MAX) throw new RegexProblem('it repeats too much to be checked quickly');
  return steps.push(step) - 1;
}

function emit(steps: Step[], node: RegexNode): void {
  switch (node.kind) {
    case 'empty':
      return;
    case 'sequence':
      for (const part of node.parts) emit(steps, part);
      return;
    case 'choice':
      emitChoice(steps, node.parts);
      return;
    case 'repeat':
      emitRepeat(steps, node);
      return;
    default:
      push(steps, node);
  }
}

function emitChoice(steps: Step[], parts: readonly RegexNode[]): void {
  const ends: number[] = [];
  for (const [i, part] of parts.entries()) {
    const isLast = i === parts.length - 1;
    const split = isLast ? undefined : push(steps, { kind: 'split', one: steps.length + 1, other: 0 });
    emit(steps, part);
    if (split === undefined) continue;
    ends.push(push(steps, { kind: 'go', to: 0 }));
    steps[split] = { kind: 'split', one: split + 1, other: steps.length };
  }
  for (const end of ends) steps[end] = { kind: 'go', to: steps.length };
}

function emitRepeat(steps: Step[], { part, min, max }: RegexNode & { readonly kind: 'repeat' }): void {
  for (let i = 0; i < min; i += 1) emit(steps, part);
  if (max === Number.POSITIVE_INFINITY) {
    const split = push(steps, { kind: 'split', one: 0, other: 0 });
    emit(steps, part);
    push(steps, { kind: 'go', to: split });
    steps[split] = { kind: 'split', one: split + 1, other: steps.length };
    return;
  }
  const splits: number[] = [];
  for (let i = min; i < max; i += 1) {
    splits.push(push(steps, { kind: 'split', one: 0, other: 0 }));
    emit(steps, part);
  }
  for (const split of splits) steps[split] = { kind: 'split', one: split + 1, other: steps.length };
}

/** Follows all states at once; `marks` holds, for each step, the last place in the text where it was entered. */
function run(steps: readonly Step[], text: string, spend: ((steps: number) => void) | undefined): boolean {
  const marks = new Int32Array(steps.length).fill(-1);
  let states: number[] = [];
  let work = 0;
  let isFound = false;
  for (let at = 0; at <= text.length && !isFound; at += 1) {
    // A match may begin anywhere.
    isFound = enter(steps, { text, at, marks, first: 0, states });
    const next: number[] = [];
    const code = at < text.length ? text.charCodeAt(at) : -1;
    work += states.length + 1;
    for (const state of states) {
      const step = steps[state] as Step;
      if (step.kind !== 'code' || code < 0 || !isWithin(step.ranges, code)) continue;
      isFound = enter(steps, { text, at: at + 1, marks, first: state + 1, states: next }) || isFound;
    }
    states = next;
  }
  spend?.(work);
  return isFound;
}

interface Entry {
  readonly text: string;
  readonly at: number;
  readonly marks: Int32Array;
  readonly first: number;
  readonly states: number[];
}

/** Adds the states that are reached without taking a character; true when the end is among them. */
function enter(steps: readonly Step[], { text, at, marks, first, states }: Entry): boolean {
  const open = [first];
  let isFound = false;
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    if (marks[state] === at) continue;
    marks[state] = at;
    const step = steps[state] as Step;
    if (step.kind === 'found') isFound = true;
    else if (step.kind === 'code') states.push(state);
    else if (step.kind === 'go') open.push(step.to);
    else if (step.kind === 'split') open.push(step.other, step.one);
    else if (holds(step, text, at)) open.push(state + 1);
  }
  return isFound;
}

function holds(step: Step, text: string, at: number): boolean {
  if (step.kind === 'start') return at === 0;
  if (step.kind === 'end') return at === text.length;
  return step.kind === 'boundary' && (isWordAt(text, at - 1) !== isWordAt(text, at)) !== step.isNegated;
}

function isWordAt(text: string, at: number): boolean {
  return /\w/.test(text[at] ?? '');
}

function isWithin(ranges: CodeRanges, code: number): boolean {
  for (const [from, to] of ranges) if (code >= from && code <= to) return true;
  return false;
}
