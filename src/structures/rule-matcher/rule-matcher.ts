// All rules of a bus against one event. A rule is found through one field of its pattern that asks for exact texts: events that do not have one of
// these texts there cannot match, and such a rule costs them nothing, however many of its kind there are. What an event's texts lead to is then
// held against the whole pattern. Rules without such a field are held against every event.
// The caller numbers the rules; the event is the text of its JSON, as bytes.

import { utf8Decode } from '#base/bytes.ts';
import type { Alternative, EventPattern } from '#structures/event-pattern/event-pattern.ts';
import { type FieldTexts, TextIndex } from './text-index.ts';

interface Rule {
  readonly pattern: EventPattern;
  /** Where it was put into the index, one for each alternative; undefined: it is not there. */
  readonly keys: readonly FieldTexts[] | undefined;
}

export class RuleMatcher {
  private readonly rules = new Map<number, Rule>();
  private readonly index = new TextIndex();
  /** Rules that every event is held against. */
  private readonly unindexed = new Set<number>();

  /** A rule that is there already gets the new pattern. Numbers are small integers from 0. */
  add(rule: number, pattern: EventPattern): void {
    this.remove(rule);
    const keys = this.keysOf(pattern);
    this.rules.set(rule, { pattern, keys });
    if (keys === undefined) this.unindexed.add(rule);
    else for (const key of keys) this.index.add(rule, key);
  }

  remove(rule: number): void {
    for (const key of this.rules.get(rule)?.keys ?? []) this.index.remove(rule, key);
    this.unindexed.delete(rule);
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
    const candidates = new Set(this.unindexed);
    this.index.collect(json, candidates);
    const matching: number[] = [];
    for (const rule of candidates) if (this.rules.get(rule)?.pattern.matches(json) === true) matching.push(rule);
    return matching.length < 2 ? matching : matching.sort((a, b) => a - b);
  }

  /** Undefined when an alternative has no field that could be indexed. */
  private keysOf({ alternatives }: EventPattern): readonly FieldTexts[] | undefined {
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
