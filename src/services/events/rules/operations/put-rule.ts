// PutRule replaces a rule but for its targets, tags and creator. What is left out is cleared; a schedule that stays the same keeps its beat.

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { operation, type Reply } from '#cell/service-definition.ts';
import { type AwsError, isRefused, refuse } from '#model/aws-error.ts';
import type { PutRuleInput, PutRuleOutput } from '#wire/generated/events.ts';
import { accessTo, passRoleOf, requestTags } from '../../access.ts';
import type { BusDoc } from '../../buses/documents.ts';
import { DEFAULT_BUS, findBus, settledBus } from '../../buses/find-bus.ts';
import { invalidEventPattern, validation } from '../../errors.ts';
import type { EventsState, EventsTurn } from '../../state.ts';
import { type KeptTag, mergedTags } from '../../tags.ts';
import { putRuleProblem } from '../constraints.ts';
import type { RuleDoc, RuleState } from '../documents.ts';
import { managedProblem, ruleArn, ruleKey } from '../find-rule.ts';
import { compiledPattern } from '../pattern.ts';
import { patternContext } from '../pattern-context.ts';
import { isScheduled, parseRuleSchedule, planNext } from '../schedule.ts';

const ALL_MANAGEMENT_EVENTS = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';

export const putRule = operation<EventsState, PutRuleInput, PutRuleOutput>({
  authorize: access,
  decide(turn, input): Reply<PutRuleOutput> {
    const broken = putRuleProblem(input);
    if (broken !== undefined) return refuse(broken);
    const bus = findBus(turn, input.EventBusName);
    if (isRefused(bus)) return bus;
    const { rules } = turn.state.rules;
    const before = rules.get(ruleKey(bus, input.Name ?? ''));
    const problem = (before && managedProblem(before, false)) ?? meaningProblem(turn, bus, input);
    if (problem !== undefined) return refuse(problem);
    // AWS: API reference, PutRule: tags of a request on a rule that exists are ignored.
    const tags = before === undefined ? mergedTags([], input.Tags) : before.tags;
    if (isRefused(tags)) return tags;
    const rule = ruleOf(turn, settledBus(turn, bus), { input, before, tags });
    turn.put(rules, ruleKey(bus, rule.name), rule);
    const hasKeptBeat = before !== undefined && isScheduled(before) && before.scheduleStartMs === rule.scheduleStartMs;
    if (isScheduled(rule) && !hasKeptBeat) planNext(turn, rule, turn.nowMs);
    return { output: { RuleArn: rule.arn } };
  },
});

function access(turn: EventsTurn, input: PutRuleInput): readonly AuthorizationRequest[] | undefined {
  const bus = findBus(turn, input.EventBusName);
  if (isRefused(bus)) return undefined;
  const name = input.Name ?? '';
  const rule = turn.state.rules.rules.get(ruleKey(bus, name));
  const arn = ruleArn(bus, name);
  const context = { ...patternContext(input.EventPattern), ...requestTags(input.Tags) };
  const asked = accessTo(turn, 'PutRule', { bus, rule, arn, context });
  return input.RoleArn === undefined ? [asked] : [asked, passRoleOf(turn, input.RoleArn, arn)];
}

/** AWS: texts are recorded in public test suites. */
function meaningProblem(turn: EventsTurn, bus: BusDoc, input: PutRuleInput): AwsError | undefined {
  const { EventPattern: pattern, ScheduleExpression: schedule, State: state } = input;
  if (!pattern && !schedule) {
    return validation('Parameter(s) EventPattern or ScheduleExpression must be specified.');
  }
  if (schedule !== undefined && bus.name !== DEFAULT_BUS) {
    return validation('ScheduleExpression is supported only on the default event bus.');
  }
  if (schedule && (parseRuleSchedule(schedule) === undefined || state === ALL_MANAGEMENT_EVENTS)) {
    return validation('Parameter ScheduleExpression is not valid.');
  }
  const compiled = pattern ? compiledPattern(turn.state.rules, pattern) : undefined;
  return compiled !== undefined && 'problem' in compiled ? invalidEventPattern(compiled.problem) : undefined;
}

function ruleOf(
  turn: EventsTurn,
  bus: BusDoc,
  {
    input,
    before,
    tags,
  }: { readonly input: PutRuleInput; readonly before: RuleDoc | undefined; readonly tags: readonly KeptTag[] },
): RuleDoc {
  const { Name: name = '', State = 'ENABLED', ScheduleExpression: scheduleExpression } = input;
  const isSameSchedule =
    before !== undefined && isScheduled(before) && before.scheduleExpression === scheduleExpression;
  const seconds = Math.floor(turn.nowMs / 1_000) * 1_000;
  return {
    name,
    arn: ruleArn(bus, name),
    number: before?.number ?? turn.state.rules.nextNumber,
    busArn: bus.arn,
    busName: bus.name,
    account: bus.account,
    region: bus.region,
    createdAtMs: before?.createdAtMs ?? turn.nowMs,
    createdBy: before?.createdBy ?? turn.scope.account,
    eventPattern: input.EventPattern,
    scheduleExpression,
    scheduleStartMs: scheduleExpression ? (isSameSchedule ? before.scheduleStartMs : seconds) : undefined,
    state: State as RuleState,
    description: input.Description,
    roleArn: input.RoleArn,
    tags,
    targets: before?.targets ?? [],
  };
}
