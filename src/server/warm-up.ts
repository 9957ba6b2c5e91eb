// Code that V8 has not compiled yet is ten times slower: the first large event would hold up other requests for the time of twenty later ones.
// So an event of our own goes the same way, a little at a time, as soon as the server is ready.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { isJsonObject } from '#services/events/routing/detail-json.ts';
import { compileEventPattern } from '#structures/event-pattern/event-pattern.ts';
import { RuleMatcher } from '#structures/rule-matcher/rule-matcher.ts';

const FIELDS = 400;
/** After so many V8 has compiled what they use; each takes a millisecond or two, the first one ten. */
const EVENTS = 40;
/** As deep as EventBridge takes details; short texts are read by another way. */
const LEVELS_MAX = 1_000;

/** The server says that it is ready first. */
const DELAY_MS = 50;
let isPlanned = false;

/** Once a process. */
export function planWarmUp(onProblem: (error: unknown) => void): void {
  if (isPlanned) return;
  isPlanned = true;
  setTimeout(() => warmUpEvents().catch(onProblem), DELAY_MS).unref();
}

/** Resolves to how many of the events were matched, as all of them should be. */
export async function warmUpEvents(): Promise<number> {
  const matcher = matcherOf('{"source":["warm-up"],"detail":{"last":[{"numeric":[">",0]}],"kind":[{"prefix":"wa"}]}}');
  const detail = detailText();
  const event = new TextEncoder().encode(`{"source":"warm-up","detail":${detail}}`);
  let matched = 0;
  for (let i = 0; i < EVENTS; i += 1) {
    if (isJsonObject(detail, LEVELS_MAX)) matched += matcher.match(event).length;
    await nextTurn();
  }
  return matched;
}

function matcherOf(pattern: string): RuleMatcher {
  const matcher = new RuleMatcher();
  const compiled = compileEventPattern(pattern);
  if ('pattern' in compiled) matcher.add(0, compiled.pattern);
  return matcher;
}

function detailText(): string {
  const fields: [string, unknown][] = [['kind', 'warm']];
  for (let i = 0; i < FIELDS; i += 1) fields.push([`field-${i}`, { at: i, parts: ['x"y', -1.5e3, true, null] }]);
  return JSON.stringify(Object.fromEntries([...fields, ['last', 1]]));
}
