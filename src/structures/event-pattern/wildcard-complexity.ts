// How many beginnings of wildcards one value can match at the same time. AWS refuses a rule when, on one field, that can
// be more than ten: `*aaaa*` is worse than `*abcd*`, because within "aaaa" every letter may be the first. The measure is
// that of AWS's evaluator: all sets of places in the patterns that some value leads to at once, each place weighted with
// the patterns that go through it. AWS: EventBridge user guide, "Wildcard matching complexity"; github.com/aws/event-ruler,
// MachineComplexityEvaluator. The limit of ten is not documented: with it, what users report as accepted and refused is
// (three of `*:stack/name/*` and two of `*/datasync/*.bif` pass, four do not).

import { utf8Encode } from '#base/bytes.ts';
import type { ValueTest } from './value-test.ts';

const COMPLEXITY_MAX = 10;
/** A pattern that needs more looking at than this is taken for too complex, so that compiling stays quick. */
const STEPS_MAX = 400_000;

const ASTERISK = -1;
const QUOTE = 0x22;

/** A place in the patterns. Up to its first asterisk (and with it) patterns share places, as AWS's machine does. */
class Place {
  readonly next = new Map<number, Place[]>();
  /** The place of an asterisk that follows: it takes any byte, and stays. */
  loop: Place | undefined;
  /** How many patterns go through here. */
  weight = 0;

  constructor(
    readonly id: number,
    readonly isLoop: boolean,
  ) {}

  follow(byte: number, reached: Set<Place>): void {
    for (const place of this.next.get(byte) ?? []) reached.add(place);
  }
}

/** `tests` of one field. */
export function isTooComplex(tests: readonly ValueTest[]): boolean {
  const patterns = tests.flatMap((test) => {
    if (test.kind === 'wildcard') return [[test.expected]];
    const inner = test.kind === 'anything-but' ? test.refused : [];
    const wildcards = inner.flatMap((refused) => (refused.kind === 'wildcard' ? [refused.expected] : []));
    return wildcards.length === 0 ? [] : [wildcards];
  });
  if (patterns.length === 0) return false;
  const machine = new Machine();
  for (const texts of patterns) machine.add(texts);
  return machine.isTooComplex();
}

class Machine {
  private readonly start = new Place(0, false);
  private placeCount = 1;
  private readonly bytes = new Set<number>();

  /** One test: a wildcard, or several of which each may match. */
  add(texts: readonly string[]): void {
    const through = new Set<Place>();
    for (const text of new Set(texts)) this.addText(text, through);
    for (const place of through) place.weight += 1;
  }

  private addText(text: string, through: Set<Place>): void {
    let place = this.start;
    let isShared = true;
    for (const token of tokensOf(text)) {
      const shared = token === ASTERISK ? place.loop : place.next.get(token)?.[0];
      const next = isShared && shared !== undefined ? shared : this.addPlace(place, token);
      if (token === ASTERISK) isShared = false;
      through.add(next);
      place = next;
    }
  }

  private addPlace(before: Place, token: number): Place {
    const place = new Place(this.placeCount, token === ASTERISK);
    this.placeCount += 1;
    if (token === ASTERISK) before.loop = place;
    else {
      const places = before.next.get(token);
      if (places === undefined) before.next.set(token, [place]);
      else places.push(place);
      this.bytes.add(token);
    }
    return place;
  }

  isTooComplex(): boolean {
    const seen = new Set<string>();
    const waiting: (readonly Place[])[] = [[this.start]];
    let steps = 0;
    for (let active = waiting.pop(); active !== undefined; active = waiting.pop()) {
      // A byte that no pattern names leads nowhere that these do not lead, too.
      for (const byte of this.bytes) {
        steps += active.length;
        if (steps > STEPS_MAX) return true;
        const reached = this.step(active, byte);
        if (reached.size === 0) continue;
        if (complexityOf(reached) > COMPLEXITY_MAX) return true;
        const places = [...reached].sort((a, b) => a.id - b.id);
        const key = places.map((place) => place.id).join();
        if (!seen.has(key)) {
          seen.add(key);
          waiting.push(places);
        }
      }
    }
    return false;
  }

  private step(active: readonly Place[], byte: number): Set<Place> {
    const reached = new Set<Place>();
    for (const place of active) {
      if (place.isLoop) reached.add(place);
      place.follow(byte, reached);
      if (place.loop === undefined) continue;
      // The asterisk takes the byte, or nothing.
      reached.add(place.loop);
      place.loop.follow(byte, reached);
    }
    return reached;
  }
}

/** What matches `foo` matches `foo*`: the asterisk that follows counts as well. */
function complexityOf(reached: ReadonlySet<Place>): number {
  let complexity = 0;
  for (const place of reached) {
    complexity += place.weight;
    if (place.loop !== undefined && !reached.has(place.loop)) complexity += place.loop.weight;
  }
  return complexity;
}

/** Bytes as AWS sees them, with the quotes; an escaped character is itself. */
function tokensOf(text: string): number[] {
  const tokens = [QUOTE];
  let isEscaped = false;
  for (const byte of utf8Encode(text)) {
    if (!isEscaped && byte === 0x5c) isEscaped = true;
    else {
      tokens.push(!isEscaped && byte === 0x2a ? ASTERISK : byte);
      isEscaped = false;
    }
  }
  tokens.push(QUOTE);
  return tokens;
}
