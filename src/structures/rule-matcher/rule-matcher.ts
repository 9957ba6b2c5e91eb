// All rules of a bus against one event. A rule is found through one field of its pattern that asks for exact texts: events that do not have one of
// these texts there cannot match, and such a rule costs them nothing, however many of its kind there are. What an event's texts lead to is then
// held against the whole pattern. Rules without such a field are held against every event.
// The caller numbers the rules; the event is the text of its JSON, as bytes.

import { utf8Decode } from '#base/bytes.ts';
import type { Alternative, EventPattern } from '#structures/event-pattern/event-pattern.ts';
import { matches } from '#structures/event-pattern/match.ts';
import { ParsedEvent, PathStep } from '#structures/event-pattern/parsed-event.ts';
import { type FieldTexts, TextIndex } from './exact-texts.ts';

/** Where a rule was put into the index, one for each alternative; undefined: it is not there. */
type Keys = readonly FieldTexts[] | undefined;

/** Compiled patterns that are kept: as many rules as a busy bus meets again and again. A compiled pattern takes some kilobytes. */
const COMPILED_MAX = 2_000;

export class RuleMatcher {
  private readonly rules = new Map<number, Keys>();
  private readonly index = new TextIndex();
  /** Rules that every event is held against. */
  private readonly unindexed = new Map<number, EventPattern>();
  /** Of their fields; undefined until an event asks. */
  private unindexedPaths: PathStep | undefined;
  /** In the order in which they were compiled. */
  private readonly compiled = new Map<number, EventPattern>();

  /** `patternOf`: the pattern of a rule that was added, compiled anew. */
  constructor(private readonly patternOf: (rule: number) => EventPattern | undefined) {}

  /** A rule that is there already gets the new pattern. Numbers are small integers from 0. */
  add(rule: number, pattern: EventPattern): void {
    this.remove(rule);
    const keys = this.keysOf(pattern);
    this.rules.set(rule, keys);
    if (keys === undefined) {
      this.unindexed.set(rule, pattern);
      this.unindexedPaths = undefined;
    } else for (const key of keys) this.index.add(rule, key);
  }

  remove(rule: number): void {
    for (const key of this.rules.get(rule) ?? []) this.index.remove(rule, key);
    if (this.unindexed.delete(rule)) this.unindexedPaths = undefined;
    this.compiled.delete(rule);
    this.rules.delete(rule);
  }

  get count(): number {
    return this.rules.size;
  }

  /** `event` is UTF-8 JSON of the whole event. Numbers of the rules that match, ascending; none when it is not JSON. */
  match(event: Uint8Array): readonly number[] {
    let json: unknown;
    try {
      json = JSON.parse(utf8Decode(event));
    } catch {
      return [];
    }
    const matching: number[] = [];
    this.matchUnindexed(json, matching);
    for (const rule of this.index.collect(json)) if (this.pattern(rule)?.matches(json) === true) matching.push(rule);
    return matching.length < 2 ? matching : matching.sort((a, b) => a - b);
  }

  /** They look for their fields in one walk down the event. */
  private matchUnindexed(json: unknown, matching: number[]): void {
    if (this.unindexed.size === 0) return;
    if (this.unindexedPaths === undefined) {
      this.unindexedPaths = new PathStep();
      for (const { alternatives } of this.unindexed.values()) {
        for (const { path } of alternatives.flat()) this.unindexedPaths.add(path);
      }
    }
    const event = new ParsedEvent(json, this.unindexedPaths);
    for (const [rule, { alternatives }] of this.unindexed) {
      if (alternatives.some((alternative) => matches(alternative, event))) matching.push(rule);
    }
  }

  private pattern(rule: number): EventPattern | undefined {
    const known = this.compiled.get(rule);
    if (known !== undefined) return known;
    const pattern = this.patternOf(rule);
    if (pattern === undefined) return undefined;
    if (this.compiled.size === COMPILED_MAX) this.compiled.delete(this.compiled.keys().next().value as number);
    this.compiled.set(rule, pattern);
    return pattern;
  }

  /** Undefined when an alternative has no field that could be indexed. */
  private keysOf({ alternatives }: EventPattern): Keys {
    const keys: FieldTexts[] = [];
    for (const alternative of alternatives) {
      const key = this.keyOf(alternative);
      if (key === undefined) return undefined;
      keys.push(key);
    }
    return keys;
  }

  /** The field whose texts lead to the fewest rules so far. */
  private keyOf(alternative: Alternative): FieldTexts | undefined {
    let best: FieldTexts | undefined;
    let bestCost = Number.POSITIVE_INFINITY;
    for (const { path, tests } of alternative) {
      const texts = tests.map((test) => exactText(test.source));
      if (!texts.every((text) => text !== undefined)) continue;
      const key = { path, texts };
      const cost = this.index.costOf(key);
      if (cost >= bestCost) continue;
      best = key;
      bestCost = cost;
    }
    return best;
  }
}

/** Spellings of an IPv6 address that are equal to others: they are compared as addresses. */
const MAYBE_ADDRESS = /^[0-9a-fA-F:]*:[0-9a-fA-F:]*$/;

/** The text that a test asks for, when that is all it asks for. A test's source is as in the pattern. */
function exactText(source: string): string | undefined {
  if (!source.startsWith('"')) return undefined;
  const text = JSON.parse(source) as string;
  return MAYBE_ADDRESS.test(text) ? undefined : text;
}
