// A rule with its targets as it is stored.

import type { Target } from '#wire/generated/events.ts';

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
  readonly state: 'ENABLED' | 'DISABLED' | 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
  readonly description?: string | undefined;
  readonly roleArn?: string | undefined;
  readonly managedBy?: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** By id, at most five, in the order they were put. As the client gave them: what Eddy does not do was refused. */
  readonly targets: readonly Target[];
}
