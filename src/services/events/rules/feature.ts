import type { Feature } from '../feature.ts';
import { ruleTables } from './apply.ts';
import { putRule } from './operations/put-rule.ts';
import { putTargets } from './operations/put-targets.ts';

export const rules: Feature = {
  operations: { PutRule: putRule, PutTargets: putTargets },
  tables: ruleTables,
  timers: { 'rule-schedule': () => {} },
};
