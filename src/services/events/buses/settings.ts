// What CreateEventBus and UpdateEventBus say of a bus. Customer managed keys are refused by name.

import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type { CreateEventBusInput, UpdateEventBusInput } from '#wire/generated/events.ts';
import { busNameConstraints, tagConstraints } from '../constraints.ts';
import { notAvailable, validation } from '../errors.ts';
import { ARN_LENGTH_MAX, BUS_DESCRIPTION_LENGTH_MAX } from '../limits.ts';
import type { BusDoc } from './documents.ts';

const LEVELS = ['OFF', 'ERROR', 'INFO', 'TRACE'];
const DETAILS = ['NONE', 'FULL'];

type GivenSettings = Omit<UpdateEventBusInput, 'Name'>;
export type BusSettings = Pick<BusDoc, 'description' | 'deadLetterArn' | 'log'>;

/** Of both operations; the name of UpdateEventBus may be missing. */
export function busInputProblem(input: CreateEventBusInput, isNameRequired: boolean): AwsError | undefined {
  const checked = new Validation();
  if (isNameRequired) checked.required('name', input.Name);
  busNameConstraints(checked, 'name', input.Name)
    .length('description', input.Description, { max: BUS_DESCRIPTION_LENGTH_MAX })
    .length('deadLetterConfig.arn', input.DeadLetterConfig?.Arn, { min: 1, max: ARN_LENGTH_MAX })
    .oneOf('logConfig.includeDetail', input.LogConfig?.IncludeDetail, DETAILS)
    .oneOf('logConfig.level', input.LogConfig?.Level, LEVELS);
  const broken = tagConstraints(checked, input.Tags).text;
  if (broken !== undefined) return validation(broken);
  return isKeyGiven(input) ? notAvailable('KmsKeyIdentifier (customer managed keys)') : undefined;
}

/** An empty one asks for AWS's own key, which is what there is. */
function isKeyGiven({ KmsKeyIdentifier: key }: GivenSettings): boolean {
  return key !== undefined && key !== '';
}

/**
 * What is given replaces what was; what is left out stays, and an empty object or text takes a setting away. Source: the AWS
 * provider of Terraform, which has to send an empty description to remove one.
 */
export function mergedSettings(before: BusSettings, input: GivenSettings): BusSettings | Refused {
  const { Description, DeadLetterConfig, LogConfig } = input;
  const deadLetterArn = DeadLetterConfig === undefined ? before.deadLetterArn : DeadLetterConfig.Arn;
  if (DeadLetterConfig?.Arn !== undefined && !isStandardQueue(DeadLetterConfig.Arn))
    return refuse(badDeadLetterQueue());
  return {
    description: Description === undefined ? before.description : Description || undefined,
    deadLetterArn,
    log: LogConfig === undefined ? before.log : logOf(LogConfig),
  };
}

function logOf({ Level, IncludeDetail }: NonNullable<GivenSettings['LogConfig']>): BusDoc['log'] {
  if (Level === undefined && IncludeDetail === undefined) return undefined;
  type Log = NonNullable<BusDoc['log']>;
  return { level: (Level ?? 'OFF') as Log['level'], includeDetail: (IncludeDetail ?? 'NONE') as Log['includeDetail'] };
}

/** AWS: EventBridge user guide: dead-letter queues are standard queues of SQS. */
export function isStandardQueue(arn: string): boolean {
  return /^arn:aws[\w-]*:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,80}$/.test(arn);
}

/** The text is ours: AWS's is not published. */
export function badDeadLetterQueue(): AwsError {
  return validation('Parameter DeadLetterConfig.Arn is not valid. Reason: It must be the ARN of a standard SQS queue.');
}

/** As answers show the settings; members that were not set are left out. */
export function shownSettings({ description, deadLetterArn, log }: BusSettings) {
  return {
    Description: description,
    DeadLetterConfig: deadLetterArn === undefined ? undefined : { Arn: deadLetterArn },
    LogConfig: log === undefined ? undefined : { Level: log.level, IncludeDetail: log.includeDetail },
  };
}
