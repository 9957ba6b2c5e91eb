// What partner event sources refuse. Codes: botocore's lists of errors; AWS publishes no texts of these operations: "does not exist" and
// "already exists" are worded as its texts for other resources of EventBridge, the rest is ours.

import { type AwsError, clientError } from '#model/aws-error.ts';
import { alreadyExists, notFound, validation } from '../errors.ts';

export const sourceDoesNotExist = (name: string): AwsError => notFound(`Event source ${name} does not exist.`);
export const sourceExists = (name: string): AwsError => alreadyExists(`Event source ${name} already exists.`);
/** botocore, InvalidStateException: "The specified state is not a valid state for an event source." */
export const sourceIsDeleted = (name: string): AwsError =>
  clientError('InvalidStateException', `Event source ${name} is in state DELETED.`);
export const sourceHasNoBus = (name: string): AwsError =>
  clientError('InvalidStateException', `Event source ${name} has no matching event bus.`);
/** botocore, CreateEventBus: "the name must exactly match the name of the partner event source". */
export const busNameDiffers = (): AwsError =>
  validation('Event bus name must match the name of the partner event source.');
