// The rules of an event's bus as lines for people: those that matched, then the nearest misses; how many more there are is said.

import type { RuleExplanation } from '#services/events/observing/explain-rules.ts';

const MISSES_SHOWN = 20;
/** Rules looked at in one go, before the event loop gets its turn. */
const RULES_PER_GO = 200;

export async function ruleLines(rules: Iterable<RuleExplanation>, isBusNamed: boolean): Promise<readonly string[]> {
  const matched: RuleExplanation[] = [];
  let nearest: RuleExplanation[] = [];
  let count = 0;
  for (const rule of rules) {
    count += 1;
    if (rule.isMatch) matched.push(rule);
    else nearest.push(rule);
    if (count % RULES_PER_GO !== 0) continue;
    nearest = nearestOf(nearest);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const shown = [...matched, ...nearestOf(nearest)];
  const lines = shown.map(({ bus, rule, sentence }) => `${isBusNamed ? `${bus}/` : ''}${rule}: ${sentence}`);
  const rest = count - shown.length;
  return rest === 0 ? lines : [...lines, `and ${rest} more that did not match`];
}

function nearestOf(rules: readonly RuleExplanation[]): RuleExplanation[] {
  return [...rules].sort((a, b) => a.missedFields - b.missedFields).slice(0, MISSES_SHOWN);
}
