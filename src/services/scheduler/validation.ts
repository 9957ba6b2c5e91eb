// The constraints of the API's shapes (botocore, scheduler 2021-06-30), in AWS's front-end words. What a value means is for the other files.

import type { AwsError } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type { CreateScheduleInput, Tag, Target } from '#wire/generated/scheduler.ts';
import { validation } from './errors.ts';
import { AGE_SECONDS_MAX, AGE_SECONDS_MIN, PAGE_SIZE_MAX, RETRIES_MAX, WINDOW_MINUTES_MAX } from './limits.ts';

const NAME = { test: /^[0-9a-zA-Z\-_.]+$/, shown: '^[0-9a-zA-Z-_.]+$' };
const TOKEN = { test: /^[a-zA-Z0-9\-_]+$/, shown: '^[a-zA-Z0-9-_]+$' };
const ROLE = {
  test: /^arn:aws(-[a-z]+)?:iam::\d{12}:role\/[\w+=,.@/-]+$/,
  shown: '^arn:aws(-[a-z]+)?:iam::\\d{12}:role\\/[\\w+=,.@\\/-]+$',
};
const QUEUE = {
  test: /^arn:aws(-[a-z]+)?:sqs:[a-z0-9-]+:\d{12}:[a-zA-Z0-9\-_]+$/,
  shown: '^arn:aws(-[a-z]+)?:sqs:[a-z0-9\\-]+:\\d{12}:[a-zA-Z0-9\\-_]+$',
};
const KEY = {
  test: /^arn:aws(-[a-z]+)?:kms:[a-z0-9-]+:\d{12}:(key|alias)\/[0-9a-zA-Z\-_]*$/,
  shown: '^arn:aws(-[a-z]+)?:kms:[a-z0-9\\-]+:\\d{12}:(key|alias)\\/[0-9a-zA-Z-_]*$',
};
const SOURCE = {
  test: /^(?=[/.\-_A-Za-z0-9]+)((?!aws\.).*)|(\$(\.[\w_-]+(\[(\d+|\*)\])*)*)$/,
  shown: '^(?=[/\\.\\-_A-Za-z0-9]+)((?!aws\\.).*)|(\\$(\\.[\\w_-]+(\\[(\\d+|\\*)\\])*)*)$',
};
const GROUP_ARN = {
  test: /^arn:aws(-[a-z]+)?:scheduler:[a-z0-9-]+:\d{12}:schedule-group\/[0-9a-zA-Z\-_.]+$/,
  shown: '^arn:aws(-[a-z]+)?:scheduler:[a-z0-9\\-]+:\\d{12}:schedule-group\\/[0-9a-zA-Z-_.]+$',
};

export const STATES: readonly string[] = ['ENABLED', 'DISABLED'];

function refusalOf({ text }: Validation): AwsError | undefined {
  return text === undefined ? undefined : validation(text);
}

function names(
  checked: Validation,
  { Name, GroupName, ClientToken }: Partial<Record<'Name' | 'GroupName' | 'ClientToken', string | undefined>>,
): Validation {
  return checked
    .pattern('name', Name, NAME)
    .length('name', Name, { min: 1, max: 64 })
    .pattern('groupName', GroupName, NAME)
    .length('groupName', GroupName, { min: 1, max: 64 })
    .pattern('clientToken', ClientToken, TOKEN)
    .length('clientToken', ClientToken, { min: 1, max: 64 });
}

/** For operations that name one schedule or group. */
export function nameProblem(
  input: Partial<Record<'Name' | 'GroupName' | 'ClientToken', string | undefined>>,
): AwsError | undefined {
  return refusalOf(names(new Validation().required('name', input.Name), input));
}

/** CreateSchedule and UpdateSchedule. */
export function scheduleProblem(input: CreateScheduleInput): AwsError | undefined {
  const { FlexibleTimeWindow: window, Target: target } = input;
  const checked = names(new Validation().required('name', input.Name), input)
    .required('scheduleExpression', input.ScheduleExpression)
    .length('scheduleExpression', input.ScheduleExpression, { min: 1, max: 256 })
    .length('scheduleExpressionTimezone', input.ScheduleExpressionTimezone, { min: 1, max: 50 })
    .length('description', input.Description, { max: 512 })
    .oneOf('state', input.State, STATES)
    .oneOf('actionAfterCompletion', input.ActionAfterCompletion, ['NONE', 'DELETE'])
    .pattern('kmsKeyArn', input.KmsKeyArn, KEY)
    .length('kmsKeyArn', input.KmsKeyArn, { min: 1, max: 2048 })
    .required('flexibleTimeWindow', window)
    .required('target', target);
  if (window !== undefined) {
    checked
      .required('flexibleTimeWindow.mode', window.Mode)
      .oneOf('flexibleTimeWindow.mode', window.Mode, ['OFF', 'FLEXIBLE'])
      .range('flexibleTimeWindow.maximumWindowInMinutes', window.MaximumWindowInMinutes, {
        min: 1,
        max: WINDOW_MINUTES_MAX,
      });
  }
  if (target !== undefined) checkTarget(checked, target);
  return refusalOf(checked);
}

function checkTarget(checked: Validation, target: Target): void {
  const { RetryPolicy: retries, EventBridgeParameters: bus } = target;
  checked
    .required('target.arn', target.Arn)
    .length('target.arn', target.Arn, { min: 1, max: 1600 })
    .required('target.roleArn', target.RoleArn)
    .pattern('target.roleArn', target.RoleArn, ROLE)
    .length('target.roleArn', target.RoleArn, { min: 1, max: 1600 })
    .length('target.input', target.Input, { min: 1 })
    .pattern('target.deadLetterConfig.arn', target.DeadLetterConfig?.Arn, QUEUE)
    .length('target.deadLetterConfig.arn', target.DeadLetterConfig?.Arn, { min: 1, max: 1600 })
    .range('target.retryPolicy.maximumEventAgeInSeconds', retries?.MaximumEventAgeInSeconds, {
      min: AGE_SECONDS_MIN,
      max: AGE_SECONDS_MAX,
    })
    .range('target.retryPolicy.maximumRetryAttempts', retries?.MaximumRetryAttempts, { min: 0, max: RETRIES_MAX })
    .length('target.sqsParameters.messageGroupId', target.SqsParameters?.MessageGroupId, { min: 1, max: 128 });
  if (target.KinesisParameters !== undefined) {
    checked
      .required('target.kinesisParameters.partitionKey', target.KinesisParameters.PartitionKey)
      .length('target.kinesisParameters.partitionKey', target.KinesisParameters.PartitionKey, { min: 1, max: 256 });
  }
  if (bus === undefined) return;
  checked
    .required('target.eventBridgeParameters.detailType', bus.DetailType)
    .length('target.eventBridgeParameters.detailType', bus.DetailType, { min: 1, max: 128 })
    .required('target.eventBridgeParameters.source', bus.Source)
    .length('target.eventBridgeParameters.source', bus.Source, { min: 1, max: 256 })
    .pattern('target.eventBridgeParameters.source', bus.Source, SOURCE);
}

export function listProblem(input: {
  readonly GroupName?: string | undefined;
  readonly NamePrefix?: string | undefined;
  readonly State?: string | undefined;
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number | undefined;
}): AwsError | undefined {
  return refusalOf(
    names(new Validation(), { GroupName: input.GroupName })
      .pattern('namePrefix', input.NamePrefix, NAME)
      .length('namePrefix', input.NamePrefix, { min: 1, max: 64 })
      .oneOf('state', input.State, STATES)
      .length('nextToken', input.NextToken, { min: 1, max: 2048 })
      .range('maxResults', input.MaxResults, { min: 1, max: PAGE_SIZE_MAX }),
  );
}

export function groupArnProblem(arn: string | undefined): AwsError | undefined {
  return refusalOf(
    new Validation()
      .required('resourceArn', arn)
      .pattern('resourceArn', arn, GROUP_ARN)
      .length('resourceArn', arn, { min: 1, max: 1011 }),
  );
}

export function tagsProblem(tags: readonly Tag[] | undefined): AwsError | undefined {
  const checked = new Validation().length('tags', tags, { max: 200 });
  for (const [index, { Key, Value }] of (tags ?? []).entries()) {
    const path = `tags.${index + 1}.member`;
    checked
      .required(`${path}.key`, Key)
      .length(`${path}.key`, Key, { min: 1, max: 128 })
      .required(`${path}.value`, Value)
      .length(`${path}.value`, Value, { min: 1, max: 256 });
  }
  return refusalOf(checked);
}

export function tagKeysProblem(keys: readonly string[] | undefined): AwsError | undefined {
  const checked = new Validation().required('tagKeys', keys).length('tagKeys', keys, { max: 200 });
  for (const [index, key] of (keys ?? []).entries())
    checked.length(`tagKeys.${index + 1}.member`, key, { min: 1, max: 128 });
  return refusalOf(checked);
}
