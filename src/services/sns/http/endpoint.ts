// Which URLs may be subscribed. AWS, SNS developer guide, "Subscribe an HTTP/S endpoint to a topic": the URL begins with the protocol's name.

import type { AwsError } from '#model/aws-error.ts';
import { invalidParameter, invalidParameterReason, notAvailable } from '../errors.ts';

/** AWS gives no length; URLs are kept to what browsers and proxies pass. */
const ENDPOINT_LENGTH_MAX = 2_048;

/** The first text as quoted by a client of AWS's (argo-events, issue 414). */
export function httpEndpointProblem(protocol: 'http' | 'https', endpoint: string): AwsError | undefined {
  if (!endpoint.startsWith(`${protocol}://`)) {
    return invalidParameter('Endpoint must match the specified protocol');
  }
  const authority = /^https?:\/\/([^/?#]*)/.exec(endpoint)?.[1] ?? '';
  if (authority.includes('@'))
    return notAvailable('Endpoint', 'authentication of HTTP/S endpoints by user and password');
  const isUrl = /^(\[[0-9a-f:.]+\]|[\w.-]+)(:\d{1,5})?$/i.test(authority) && /^[\x21-\x7e]+$/.test(endpoint);
  if (isUrl && endpoint.length <= ENDPOINT_LENGTH_MAX) return undefined;
  return invalidParameterReason('Endpoint', `${protocol.toUpperCase()} endpoint is not a URL`);
}
