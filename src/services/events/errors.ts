// Refusals of EventBridge with AWS's codes and texts. Sources: the API reference's list of errors per operation (botocore events/2015-10-07);
// texts from replies of AWS recorded in public test suites, where not said otherwise.

import { type AwsError, clientError } from '#model/aws-error.ts';

export const validation = (text: string): AwsError => clientError('ValidationException', text);
export const notFound = (text: string): AwsError => clientError('ResourceNotFoundException', text);
export const alreadyExists = (text: string): AwsError => clientError('ResourceAlreadyExistsException', text);
export const limitExceeded = (text: string): AwsError => clientError('LimitExceededException', text);
export const concurrentModification = (text: string): AwsError => clientError('ConcurrentModificationException', text);
export const illegalStatus = (text: string): AwsError => clientError('IllegalStatusException', text);

/** A setting of AWS's that is not done here: refused by name rather than stored and ignored. */
export const notAvailable = (what: string): AwsError => validation(`${what} is not available on this server.`);

/** AWS: replies of PutRule and TestEventPattern recorded in public test suites. */
export const invalidEventPattern = (problem: string): AwsError =>
  clientError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${problem}`);
