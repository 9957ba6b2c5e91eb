// Rules as a part of the room.

import { on } from '#cell/service-definition.ts';
import type { Feature } from '../feature.ts';
import { ruleTables } from './apply.ts';
import { RuleScheduled } from './facts.ts';
import { deleteRule } from './operations/delete-rule.ts';
import { describeRule } from './operations/describe-rule.ts';
import { disableRule, enableRule } from './operations/enable-rule.ts';
import { listRuleNamesByTarget } from './operations/list-rule-names-by-target.ts';
import { listRules } from './operations/list-rules.ts';
import { listTargetsByRule } from './operations/list-targets-by-rule.ts';
import { putRule } from './operations/put-rule.ts';
import { putTargets } from './operations/put-targets.ts';
import { removeTargets } from './operations/remove-targets.ts';
import { testEventPattern } from './operations/test-event-pattern.ts';
import { ruleScheduled, runSchedule, SCHEDULE_TIMER } from './schedule.ts';

export const rules: Feature = {
  operations: {
    DeleteRule: deleteRule,
    DescribeRule: describeRule,
    DisableRule: disableRule,
    EnableRule: enableRule,
    ListRuleNamesByTarget: listRuleNamesByTarget,
    ListRules: listRules,
    ListTargetsByRule: listTargetsByRule,
    PutRule: putRule,
    PutTargets: putTargets,
    RemoveTargets: removeTargets,
    TestEventPattern: testEventPattern,
  },
  tables: ruleTables,
  facts: [on(RuleScheduled, ruleScheduled)],
  timers: { [SCHEDULE_TIMER]: runSchedule },
  snapshot: {
    // Numbers are for ever: those of deleted rules must not come again.
    write: (state, section) => section('rules').varint(state.rules.nextNumber),
    read: (state, section) => {
      state.rules.nextNumber = Math.max(state.rules.nextNumber, section('rules')?.varint() ?? 0);
    },
  },
};
