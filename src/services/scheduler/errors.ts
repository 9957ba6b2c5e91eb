// What Scheduler refuses, in AWS's words: replies recorded in the public snapshot tests of LocalStack (tests/aws/services/scheduler, 2024-12 to
// 2025-02) and quoted in public issues. Those marked "plausible" are in no source that was found.

import { type AwsError, clientError } from '#model/aws-error.ts';

export const validation = (message: string): AwsError => clientError('ValidationException', message);

export const scheduleDoesNotExist = (name: string): AwsError =>
  clientError('ResourceNotFoundException', `Schedule ${name} does not exist.`, { status: 404 });

export const groupDoesNotExist = (name: string): AwsError =>
  clientError('ResourceNotFoundException', `Schedule group ${name} does not exist.`, { status: 404 });

export const scheduleExists = (name: string): AwsError =>
  clientError('ConflictException', `Schedule ${name} already exists.`, { status: 409 });

/** Plausible, after that of schedules. */
export const groupExists = (name: string): AwsError =>
  clientError('ConflictException', `Schedule group ${name} already exists.`, { status: 409 });

/** Plausible. */
export const groupIsDeleting = (name: string): AwsError =>
  clientError('ConflictException', `Schedule group ${name} is being deleted.`, { status: 409 });

/** Plausible. */
export const defaultGroupStays = (): AwsError => validation('The default schedule group cannot be deleted.');

/** Plausible. */
export const tooMany = (what: string, countMax: number): AwsError =>
  clientError('ServiceQuotaExceededException', `You have reached the maximum number of ${what} (${countMax}).`, {
    status: 402,
  });

/** Plausible. AWS: General Reference, "Tag naming limits and requirements": keys that begin with aws: are AWS's own. */
export const reservedTagKey = (key: string): AwsError => validation(`Tag key ${key} is reserved: it begins with aws:.`);

/** Plausible; the number is of the same page. */
export const tooManyTags = (countMax: number): AwsError =>
  validation(`A schedule group can have at most ${countMax} tags.`);

export const invalidExpression = (text: string): AwsError => validation(`Invalid Schedule Expression ${text}.`);

/** Plausible, after the expression's. */
export const invalidTimeZone = (zone: string): AwsError => validation(`Invalid Schedule Expression Timezone ${zone}.`);

export const startTooEarly = (): AwsError =>
  validation('The StartDate you specify cannot be earlier than 5 minutes ago.');

/** Plausible. */
export const endBeforeStart = (): AwsError => validation('The EndDate you specify must come after the StartDate.');

/** Plausible. */
export const windowMissing = (): AwsError =>
  validation('MaximumWindowInMinutes must be provided when the flexible time window mode is FLEXIBLE.');

/** Plausible. */
export const windowNotAllowed = (): AwsError =>
  validation('MaximumWindowInMinutes must not be provided when the flexible time window mode is OFF.');

export const roleNotAssumable = (): AwsError =>
  validation('The execution role you provide must allow AWS EventBridge Scheduler to assume the role.');

export const serviceNotSupported = (service: string): AwsError =>
  validation(`${service} is not a supported service for a target.`);

/** Plausible. */
export const actionNotSupported = (service: string, action: string): AwsError =>
  validation(`${action} is not a supported API action of ${service} for a target.`);

export const arnNotCorrect = (): AwsError => validation('Provided Arn is not in correct format.');

export const requestJson = (reason: string): AwsError => validation(`Invalid RequestJson provided. Reason ${reason}`);

/** Plausible. */
export const inputNotJson = (): AwsError =>
  validation('The Input of this target must be well-formed JSON; of an event bus, a JSON object.');

/** Plausible. */
export const parametersMissing = (name: string): AwsError => validation(`${name} must be provided for this target.`);

/** Plausible. */
export const parametersNotAllowed = (name: string): AwsError =>
  validation(`${name} must not be provided for this target.`);

/** Plausible. */
export const invalidNextToken = (): AwsError => validation('Invalid NextToken.');

/** A setting that AWS has and this server does not: named, never ignored. */
export const notAvailable = (parameter: string): AwsError => validation(`${parameter} is not available here.`);
