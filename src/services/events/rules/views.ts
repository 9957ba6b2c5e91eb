import type { Rule } from '#wire/generated/events.ts';
import type { RuleDoc } from './documents.ts';

export function shownRule(rule: RuleDoc): Rule {
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventPattern: rule.eventPattern,
    ScheduleExpression: rule.scheduleExpression,
    State: rule.state,
    Description: rule.description,
    RoleArn: rule.roleArn,
    ManagedBy: rule.managedBy,
    EventBusName: rule.busName,
  };
}
