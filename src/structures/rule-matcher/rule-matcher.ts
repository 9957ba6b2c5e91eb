// All rules of a bus against one event. The caller numbers the rules; the event is the text of its JSON, as bytes.

import { utf8Decode } from '#base/bytes.ts';
import type { EventPattern } from '#structures/event-pattern/event-pattern.ts';

export class RuleMatcher {
  private readonly patterns = new Map<number, EventPattern>();

  /** A rule that is there already gets the new pattern. Numbers are small integers from 0. */
  add(rule: number, pattern: EventPattern): void {
    this.patterns.set(rule, pattern);
  }

  remove(rule: number): void {
    this.patterns.delete(rule);
  }

  get count(): number {
    return this.patterns.size;
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
    for (const [rule, pattern] of this.patterns) if (pattern.matches(json)) matching.push(rule);
    return matching.sort((a, b) => a - b);
  }
}
