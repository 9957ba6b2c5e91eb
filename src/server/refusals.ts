// What the server itself refuses, for no service: operations that AWS has and Eddy has not, names and pages that it does not answer to, defects.

import { type AwsError, clientError, serverError } from '#model/aws-error.ts';

/** 501, as a server that does not support the functionality; SDKs do not repeat it. */
export function operationNotAvailable(serviceId: string, operation: string): AwsError {
  const text = `${operation} of ${serviceId} is not available in Eddy. The capability page lists what is: /_eddy/capabilities`;
  return { ...serverError('NotImplemented', text, 501) };
}

export function internalFailure(): AwsError {
  return serverError(
    'InternalFailure',
    'The request processing has failed because of an unknown error, exception or failure.',
  );
}

export function hostNotAllowed(host: string): AwsError {
  const text = `The Host header names ${host}, which this server does not answer to: start it with --allowed-hosts to add the name.`;
  return clientError('AccessDeniedException', text, { status: 403, queryCode: 'AccessDenied' });
}

export function originNotAllowed(): AwsError {
  const text = 'Pages of other origins may not call this server: start it with --allowed-origins to add one.';
  return clientError('AccessDeniedException', text, { status: 403, queryCode: 'AccessDenied' });
}
