// What the wire layer itself refuses, before any service sees the request.

import { type AwsError, clientError } from '#model/aws-error.ts';

/** The body is not what the operation's shape says. AWS gives no text for a body that is not JSON at all. */
export function malformedInput(message: string | undefined): AwsError {
  return clientError('MalformedInput', message ?? '');
}

/** JSON 1.0, 1.1 and CBOR. Source: replies of Kinesis and DynamoDB to an unknown target: the bare name, no text. */
export function unknownTarget(): AwsError {
  return clientError('UnknownOperationException', '');
}

/** Source: SQS in clients' error lists; IAM, STS and SNS "Could not find operation … for version …". */
export function unknownAction(action: string, version: string | undefined): AwsError {
  const named = action.slice(0, 256);
  if (version === undefined) return clientError('InvalidAction', `The action ${named} is not valid for this endpoint.`);
  return clientError('InvalidAction', `Could not find operation ${named} for version ${version.slice(0, 32)}`);
}

/** Nothing in the request names an operation. Source: the front end's reply to a plain GET, recorded for Kinesis. */
export function noOperationNamed(): AwsError {
  return clientError('AccessDeniedException', 'Unable to determine service/operation name to be authorized', {
    status: 403,
  });
}

export function unknownRoute(method: string, path: string): AwsError {
  const named = `${method.slice(0, 16)} ${path.slice(0, 256)}`;
  return clientError('UnknownOperationException', `There is no operation at ${named}`, { status: 404 });
}

/** The reply would be an event stream, which this server does not send in the caller's protocol. */
export function eventStreamNotAvailable(operation: string): AwsError {
  return clientError('NotImplemented', `${operation} answers with an event stream, which is not available`, {
    status: 501,
  });
}
