// A rule with its targets as it is stored.

import type { Target } from '#wire/generated/events.ts';

export interface RuleTag {
  readonly Key: string;
  readonly Value: string;
}

export type RuleState = 'ENABLED' | 'DISABLED' | 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';

export interface RuleDoc {
  readonly name: string;
  readonly arn: string;
  /** Small, for ever its own: the matcher and facts speak of it by this. */
  readonly number: number;
  readonly busArn: string;
  readonly busName: string;
  readonly account: string;
  readonly region: string;
  readonly createdAtMs: number;
  readonly createdBy: string;
  readonly eventPattern?: string | undefined;
  readonly scheduleExpression?: string | undefined;
  /** A rate counts from here: when the schedule was put, or the rule enabled. */
  readonly scheduleStartMs?: number | undefined;
  readonly state: RuleState;
  readonly description?: string | undefined;
  readonly roleArn?: string | undefined;
  readonly managedBy?: string | undefined;
  readonly tags: readonly RuleTag[];
  /** By id, at most five, in the order they were put. As the client gave them: what Eddy does not do was refused. */
  readonly targets: readonly Target[];
}
