// What archives and replays refuse, in AWS's words. Sources: replies of AWS recorded in LocalStack's test suite (May 2024) where nothing is said;
// `moto`: texts that moto's tests took from AWS; `ours`: AWS's text is not known.

import type { AwsError } from '#model/aws-error.ts';
import { alreadyExists, illegalStatus, limitExceeded, notFound, validation } from '../errors.ts';
import { REPLAYS_RUNNING_MAX } from './limits.ts';

/** AWS answers UpdateArchive with InternalException; its API reference says this one. */
export const archiveDoesNotExist = (name: string): AwsError => notFound(`Archive ${name} does not exist.`);
export const archiveExists = (name: string): AwsError => alreadyExists(`Archive ${name} already exists.`);
/** ours */
export const ruleNameTaken = (name: string): AwsError => alreadyExists(`Rule ${name} already exists.`);
export const replayExists = (name: string): AwsError => alreadyExists(`Replay ${name} already exists.`);
/** moto */
export const replayDoesNotExist = (name: string): AwsError => notFound(`Replay ${name} does not exist.`);
/** moto */
export const replayNotRunning = (name: string): AwsError =>
  illegalStatus(`Replay ${name} is not in a valid state for this operation.`);
/** ours */
export const tooManyReplays = (): AwsError =>
  limitExceeded(`The maximum number of concurrent replays, ${REPLAYS_RUNNING_MAX}, has been reached.`);

const invalid = (parameter: string, reason: string): AwsError =>
  validation(`Parameter ${parameter} is not valid. Reason: ${reason}`);

export const replayFromUnknownArchive = (name: string): AwsError =>
  invalid('EventSourceArn', `Archive ${name} does not exist.`);
/** ours */
export const notAnArchiveArn = (): AwsError => invalid('EventSourceArn', 'Must contain an archive ARN.');
/** moto */
export const notABusArn = (parameter: string): AwsError => invalid(parameter, 'Must contain an event bus ARN.');
export const otherBus = (): AwsError => invalid('Destination.Arn', 'Cross event bus replay is not permitted.');
export const endsBeforeStart = (): AwsError => invalid('EventEndTime', 'EventStartTime must be before EventEndTime.');
/** ours */
export const notARuleOfTheBus = (arn: string): AwsError =>
  invalid('Destination.FilterArns', `${arn} is not a rule of the destination event bus.`);
/** moto */
export const manyFilters = (operation: string): AwsError =>
  validation(`At most one filter is allowed for ${operation}. Use either : State, EventSourceArn, or NamePrefix.`);
