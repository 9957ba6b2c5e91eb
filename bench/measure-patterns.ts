// Matching alone, in this process: events of a city's parcels as JSON text with a polygon of coordinates in each, against 25 mixed rules and against
// ten thousand, beside JSON.parse of the same bytes.

import { compileEventPattern } from '#structures/event-pattern/event-pattern.ts';
import { RuleMatcher } from '#structures/rule-matcher/rule-matcher.ts';
import { type Figure, median } from './figures.ts';

const EVENTS = 2_000;
const ROUNDS = 9;
const STREETS = ['MAIN', 'OAK', 'PINE', 'FRONT', 'LAKE'];

function parcel(i: number): unknown {
  const at = (n: number): number => -122 - ((i * 7_919 + n * 104_729) % 1_000_000) / 1e6;
  const polygon = Array.from({ length: 19 }, (_, n) => [at(n), at(n + 1) + 160, 0]);
  return {
    type: 'Feature',
    properties: {
      MAPBLKLOT: String(1_000_000 + i),
      BLKLOT: String(i),
      STREET: STREETS[i % 5],
      ST_TYPE: 'ST',
      ODD_EVEN: 'E',
      FROM_ST: i % 900,
    },
    geometry: { type: 'Polygon', coordinates: [polygon] },
  };
}

/** Of each kind five: exact texts, prefixes, suffixes or wildcards, what must not be, numbers. */
function mixedPattern(i: number): object {
  switch (i % 5) {
    case 0:
      return { properties: { MAPBLKLOT: [String(1_000_000 + i)] } };
    case 1:
      return { properties: { STREET: [{ prefix: STREETS[i % 5]!.slice(0, 2) }], ODD_EVEN: ['O'] } };
    case 2:
      return { properties: { BLKLOT: [i % 2 === 0 ? { suffix: `0${i}` } : { wildcard: `1*${i % 10}9` }] } };
    case 3:
      return { properties: { STREET: [{ 'anything-but': STREETS }] } };
    default:
      return { geometry: { type: ['Polygon'] }, properties: { FROM_ST: [{ numeric: ['=', i] }] } };
  }
}

function matcherOf(patterns: readonly object[]): RuleMatcher {
  const compiled = patterns.map((pattern) => {
    const result = compileEventPattern(JSON.stringify(pattern));
    if ('problem' in result) throw new Error(result.problem);
    return result.pattern;
  });
  const matcher = new RuleMatcher();
  for (const [rule, pattern] of compiled.entries()) matcher.add(rule, pattern);
  return matcher;
}

function perSecond(events: readonly Uint8Array[], work: (event: Uint8Array) => unknown): number {
  const startedAt = performance.now();
  for (const event of events) work(event);
  return (events.length * 1000) / (performance.now() - startedAt);
}

export async function* measurePatterns(): AsyncGenerator<Figure> {
  const events = Array.from({ length: EVENTS }, (_, i) => Buffer.from(JSON.stringify(parcel(i))));
  const few = matcherOf(Array.from({ length: 25 }, (_, i) => mixedPattern(i)));
  const exact = (i: number): object => ({ properties: { MAPBLKLOT: [`none-${i}`], ST_TYPE: ['ST'] } });
  const many = matcherOf([
    ...Array.from({ length: 25 }, (_, i) => mixedPattern(i)),
    ...Array.from({ length: 9_975 }, (_, i) => exact(i)),
  ]);
  const rates: { few: number[]; many: number[]; parse: number[] } = { few: [], many: [], parse: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    rates.few.push(perSecond(events, (event) => few.match(event)));
    rates.many.push(perSecond(events, (event) => many.match(event)));
    rates.parse.push(perSecond(events, (event) => JSON.parse(event.toString())));
  }
  const bytes = Math.round(events.reduce((sum, event) => sum + event.length, 0) / EVENTS);
  yield {
    what: `pattern matching alone: events of ${bytes} bytes, 25 mixed rules, one core`,
    value: Math.round(median(rates.few)),
    unit: '/s',
    goal: { kind: 'at-least', reach: 180_000, beyond: 400_000 },
    note: `JSON.parse alone ${Math.round(median(rates.parse))}/s`,
  };
  yield {
    what: 'the same with 10,000 rules / with 25',
    value: median(rates.many.map((each, i) => each / (rates.few[i] as number))),
    unit: 'x',
    goal: { kind: 'at-least', reach: 0.8, beyond: 0.95 },
  };
}
