// AWS's front-end validation of operations on rules. Source: botocore events/2015-10-07.

import type { AwsError } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type { PutRuleInput, Target } from '#wire/generated/events.ts';
import { busConstraints, nameConstraints, PLAIN_NAME, tagConstraints } from '../constraints.ts';
import { validation } from '../errors.ts';
import {
  ARN_LENGTH_MAX,
  PATTERN_LENGTH_MAX,
  RULE_DESCRIPTION_LENGTH_MAX,
  RULE_NAME_LENGTH_MAX,
  SCHEDULE_LENGTH_MAX,
  TARGETS_PER_REQUEST_MAX,
} from '../limits.ts';
import { httpParametersConstraints } from './http-parameters.ts';

const STATES = ['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'];

export interface NamedRuleInput {
  readonly Name?: string | undefined;
  readonly EventBusName?: string | undefined;
}

/** Of operations that name a rule and its bus. */
export function ruleInputProblem({ Name, EventBusName }: NamedRuleInput): AwsError | undefined {
  const checked = nameConstraints(new Validation(), 'name', Name);
  return problemOf(busConstraints(checked, 'eventBusName', EventBusName));
}

export function putRuleProblem(input: PutRuleInput): AwsError | undefined {
  const checked = nameConstraints(new Validation(), 'name', input.Name)
    .length('scheduleExpression', input.ScheduleExpression, { max: SCHEDULE_LENGTH_MAX })
    .length('eventPattern', input.EventPattern, { max: PATTERN_LENGTH_MAX })
    .oneOf('state', input.State, STATES)
    .length('description', input.Description, { max: RULE_DESCRIPTION_LENGTH_MAX })
    .length('roleArn', input.RoleArn, { min: 1, max: ARN_LENGTH_MAX });
  return problemOf(busConstraints(tagConstraints(checked, input.Tags), 'eventBusName', input.EventBusName));
}

/** Of operations on a rule's targets. */
export function ofRule(
  checked: Validation,
  input: { Rule?: string | undefined; EventBusName?: string | undefined },
): Validation {
  return busConstraints(nameConstraints(checked, 'rule', input.Rule), 'eventBusName', input.EventBusName);
}

export function targetsConstraints(checked: Validation, targets: readonly Target[] | undefined): Validation {
  checked.required('targets', targets);
  if (targets === undefined) return checked;
  if (targets.length === 0 || targets.length > TARGETS_PER_REQUEST_MAX) {
    const shown = targets.map((target) => `Target(id=${target?.Id ?? null}, arn=${target?.Arn ?? null})`);
    return checked.length('targets', shown, { min: 1, max: TARGETS_PER_REQUEST_MAX });
  }
  for (const [i, target] of targets.entries()) targetConstraints(checked, `targets.${i + 1}.member`, target ?? {});
  return checked;
}

function targetConstraints(checked: Validation, at: string, target: Target): void {
  const { Id, Arn, RoleArn, RetryPolicy, DeadLetterConfig, KinesisParameters, HttpParameters } = target;
  httpParametersConstraints(checked, `${at}.httpParameters`, HttpParameters);
  if (KinesisParameters !== undefined) {
    checked
      .required(`${at}.kinesisParameters.partitionKeyPath`, KinesisParameters.PartitionKeyPath)
      .length(`${at}.kinesisParameters.partitionKeyPath`, KinesisParameters.PartitionKeyPath, { max: 256 });
  }
  checked
    .required(`${at}.id`, Id)
    .length(`${at}.id`, Id, { min: 1, max: RULE_NAME_LENGTH_MAX })
    .pattern(`${at}.id`, Id, PLAIN_NAME)
    .required(`${at}.arn`, Arn)
    .length(`${at}.arn`, Arn, { min: 1, max: ARN_LENGTH_MAX })
    .length(`${at}.roleArn`, RoleArn, { min: 1, max: ARN_LENGTH_MAX })
    .length(`${at}.deadLetterConfig.arn`, DeadLetterConfig?.Arn, { min: 1, max: ARN_LENGTH_MAX })
    .range(`${at}.retryPolicy.maximumRetryAttempts`, RetryPolicy?.MaximumRetryAttempts, { min: 0, max: 185 })
    .range(`${at}.retryPolicy.maximumEventAgeInSeconds`, RetryPolicy?.MaximumEventAgeInSeconds, {
      min: 60,
      max: 86_400,
    });
}

export function idsConstraints(checked: Validation, ids: readonly string[] | undefined): Validation {
  checked.required('ids', ids).length('ids', ids, { min: 1, max: TARGETS_PER_REQUEST_MAX });
  for (const [i, id] of (ids ?? []).entries()) {
    checked
      .length(`ids.${i + 1}.member`, id, { min: 1, max: RULE_NAME_LENGTH_MAX })
      .pattern(`ids.${i + 1}.member`, id, PLAIN_NAME);
  }
  return checked;
}

export function problemOf(checked: Validation): AwsError | undefined {
  const { text } = checked;
  return text === undefined ? undefined : validation(text);
}
