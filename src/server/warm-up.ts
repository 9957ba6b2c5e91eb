// Code that V8 has not compiled yet is ten times slower, and so is code that meets a kind of value for the first time: the first large event
// would hold up other requests for the time of twenty later ones. So events of our own go the same way, a little at a time, as soon as the
// server is ready: with everything in them that JSON has, past rules with everything that patterns have.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { utf8Encode } from '#base/bytes.ts';
import { withoutRemains } from '#runtime/start-memory.ts';
import { isJsonObject } from '#services/events/routing/detail-json.ts';
import { compileEventPattern } from '#structures/event-pattern/event-pattern.ts';
import { RuleMatcher } from '#structures/rule-matcher/rule-matcher.ts';

/**
 * Fields of an event, and how often. After the small ones V8 has compiled what they use; each takes a millisecond or two, the first one ten. Then it
 * learns that buffers grow.
 */
const ROUNDS: readonly (readonly [fields: number, events: number])[] = [
  [400, 40],
  [4_000, 4],
];
const OTHERS = 200;
/** As deep as EventBridge takes details; short texts are read by another way. */
const LEVELS_MAX = 1_000;

/** The server says that it is ready first. */
const DELAY_MS = 50;
let isPlanned = false;

/** All of these match the event. */
const PATTERNS: readonly object[] = [
  { source: ['warm-up'], detail: { last: [{ numeric: ['>', 0] }], kind: [{ prefix: 'wa' }] } },
  {
    'detail-type': [{ 'equals-ignore-case': 'TYPE' }],
    detail: { 'first.second': [{ exists: true }], none: [{ exists: false }] },
  },
  {
    source: [{ suffix: 'up' }],
    detail: { kind: [{ wildcard: 'w*m' }], deep: { parts: { at: [null, { numeric: ['>=', 1, '<', 3] }] } } },
  },
  {
    detail: {
      address: [{ cidr: '10.0.0.0/8' }],
      kind: [{ 'anything-but': ['cold'] }],
      $or: [{ last: [1] }, { last: ['no'] }],
    },
  },
];

/** Once a process. */
export function planWarmUp(onProblem: (error: unknown) => void): void {
  if (isPlanned) return;
  isPlanned = true;
  setTimeout(() => withoutRemains(warmUpEvents).catch(onProblem), DELAY_MS).unref();
}

/** Resolves to how many rules the events matched: each of them all. */
export async function warmUpEvents(): Promise<number> {
  const matcher = new RuleMatcher();
  for (const [i, pattern] of [...PATTERNS, ...others()].entries()) {
    const compiled = compileEventPattern(JSON.stringify(pattern));
    if ('pattern' in compiled) matcher.add(i, compiled.pattern);
  }
  let matched = 0;
  for (const [fields, events] of ROUNDS) {
    const detail = detailText(fields);
    for (let i = 0; i < events; i += 1) {
      if (isJsonObject(detail, LEVELS_MAX)) matched += matcher.match(utf8Encode(eventText(detail))).length;
      await nextTurn();
    }
  }
  return matched;
}

/** So many that each table of the matcher has grown once; none matches. */
function others(): object[] {
  return Array.from({ length: OTHERS }, (_, i) => ({
    source: [`service-${i}`],
    'detail-type': [`type ${i}`],
    detail: {
      [`other-${i}`]: { at: [i] },
      region: [`r-${i}`],
      kind: [{ prefix: `k-${i}` }],
      last: [{ numeric: ['>', i + 1] }],
    },
  }));
}

/** The fields of an event, and spaces between some. */
function eventText(detail: string): string {
  const head = {
    version: '0',
    id: 'x',
    'detail-type': 'type',
    source: 'warm-up',
    account: '1',
    time: 'now',
    resources: ['a.b'],
  };
  return `${JSON.stringify(head, undefined, 1).slice(0, -1)} , "region" :"r","detail":${detail}}`;
}

/** Every kind of value, in fields that rules know and in such as none does. */
function detailText(fieldCount: number): string {
  const known = {
    kind: 'warm',
    address: '10.1.2.3',
    'first.second': 'x\ny',
    deep: { parts: [{ at: 2 }, { at: null }, 'a', []] },
  };
  const fields: [string, unknown][] = Object.entries(known);
  for (let i = 0; i < fieldCount; i += 1) {
    const values = [
      { at: i, parts: ['x"y', -1.5e3, true, null] },
      i,
      -i / 3,
      'a text of some length that is not looked at',
      [],
      false,
    ];
    const name = i % 10 === 0 ? `a "name" ${i}` : i % 10 === 1 ? `dotted.${i}` : `field-${i}`;
    fields.push([name, values[i % values.length]]);
  }
  return JSON.stringify(Object.fromEntries([...fields, ['last', 1]]));
}
