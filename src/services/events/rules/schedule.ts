// Schedules of rules: each run is an event of type "Scheduled Event" on the default bus, which the rule itself takes whatever its pattern, and
// every other rule that matches. AWS: EventBridge user guide, "Creating a scheduled rule"; that other rules see it, too, is recorded.
// Runs that were due while nothing ran are not made up for.

import type { ApplyContext } from '#cell/service-definition.ts';
import { rootOf } from '#model/principal.ts';
import { nextRunAtMs } from '#model/schedule/next-run.ts';
import { parseScheduleExpression, type ScheduleExpression } from '#model/schedule/schedule-expression.ts';
import { scopeOf } from '#model/scope.ts';
import { DEFAULT_BUS, lookUpBus } from '../buses/find-bus.ts';
import { route } from '../routing/route.ts';
import type { EventsState, EventsTurn } from '../state.ts';
import type { RuleDoc } from './documents.ts';
import { RuleScheduled } from './facts.ts';

/** The timer of a rule's schedule; its subject is the rule's number. */
export const SCHEDULE_TIMER = 'rule-schedule';
/** A run that is later than this was missed. AWS: the precision of a schedule is one minute. */
const PRECISION_MS = 60_000;

export function isScheduled({ state, scheduleExpression }: RuleDoc): boolean {
  return state !== 'DISABLED' && scheduleExpression !== undefined && scheduleExpression !== '';
}

export function parseRuleSchedule(text: string): ScheduleExpression | undefined {
  const parsed = parseScheduleExpression(text, { kinds: 'rule' });
  return 'expression' in parsed ? parsed.expression : undefined;
}

export function ruleScheduled(
  state: EventsState,
  fact: { rule: number; dueAtMs: number },
  context: ApplyContext,
): void {
  if (state.rules.byNumber.has(fact.rule)) context.timers.set(SCHEDULE_TIMER, String(fact.rule), fact.dueAtMs);
}

/** Plans the run after `afterMs`; an expression that never runs again plans nothing. */
export function planNext(turn: EventsTurn, rule: RuleDoc, afterMs: number): void {
  const dueAtMs = nextRun(rule, afterMs);
  if (dueAtMs !== undefined) turn.record(RuleScheduled, { rule: rule.number, dueAtMs });
}

function nextRun(rule: RuleDoc, afterMs: number): number | undefined {
  const expression = parseRuleSchedule(rule.scheduleExpression ?? '');
  if (expression === undefined) return undefined;
  const startMs = rule.scheduleStartMs ?? rule.createdAtMs;
  // A rate's first run is one period after its start.
  return nextRunAtMs(expression, { afterMs: Math.max(afterMs, startMs), startMs, timeZone: 'UTC' });
}

export function runSchedule(turn: EventsTurn, subject: string): void {
  const rule = turn.state.rules.byNumber.get(Number(subject));
  if (rule === undefined || !isScheduled(rule)) return;
  const dueAtMs = nextRun(rule, turn.nowMs - PRECISION_MS);
  if (dueAtMs !== undefined && dueAtMs <= turn.nowMs) emitScheduled(turn, rule, dueAtMs);
  planNext(turn, rule, turn.nowMs);
}

function emitScheduled(turn: EventsTurn, rule: RuleDoc, timeMs: number): void {
  const { account, region } = rule;
  const scope = scopeOf(account, region);
  const bus = lookUpBus(turn.state, { scope, name: DEFAULT_BUS });
  if (bus === undefined) return;
  route(turn.within(scope, rootOf(account, scope.partition)) as EventsTurn, {
    id: turn.uuid(),
    bus,
    source: 'aws.events',
    detailType: 'Scheduled Event',
    account,
    region,
    timeMs,
    resources: [rule.arn],
    detail: '{}',
    scheduledRule: rule.number,
  });
}
