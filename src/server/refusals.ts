// What the server itself refuses: operations that AWS has and Eddy has not.

import { type AwsError, serverError } from '#model/aws-error.ts';

/** 501, as a server that does not support the functionality; SDKs do not repeat it. */
export function operationNotAvailable(serviceId: string, operation: string): AwsError {
  const text = `${operation} of ${serviceId} is not available in Eddy. The capability page lists what is: /_eddy/capabilities`;
  return { ...serverError('NotImplemented', text, 501) };
}
