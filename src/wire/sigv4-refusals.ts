// What AWS's front end says about a request it does not let in. Codes are those of the query protocol; `error-shapes.ts` gives each
// protocol its own name and status. Source of texts: replies of DynamoDB, Kinesis, STS and SQS recorded in issues of the AWS SDKs
// and in dynalite's and kinesalite's tests against AWS.

import { type AwsError, clientError } from '#model/aws-error.ts';
import { formatBasicDateTime } from './timestamps.ts';

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

function forbidden(code: string, message: string): AwsError {
  return clientError(code, message, { status: 403 });
}

export function missingToken(): AwsError {
  return forbidden('MissingAuthenticationToken', 'Request is missing Authentication Token');
}

export function twoPlaces(): AwsError {
  return forbidden(
    'SignatureDoesNotMatch',
    "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
  );
}

export function repeatedHeader(name: string): AwsError {
  return forbidden('SignatureDoesNotMatch', `The header '${name}' must not be given more than once.`);
}

export function incomplete(message: string): AwsError {
  return clientError('IncompleteSignature', message);
}

export function incompleteHeader(missing: readonly string[], hasDate: boolean, header: string): AwsError {
  const parts = missing.map((name) => `Authorization header requires '${name}' parameter. `);
  if (!hasDate) {
    parts.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ");
  }
  // A signature is no secret, but a long header helps nobody.
  return incomplete(`${parts.join('')}Authorization=${header.slice(0, 512)}`);
}

export function incompleteQuery(missing: readonly string[]): AwsError {
  const parts = missing.map((name) => `AWS query-string parameters must include 'X-Amz-${name}'. `);
  return incomplete(`${parts.join('')}Re-examine the query-string parameters.`);
}

export function wrongCredential(text: string): AwsError {
  return incomplete(
    `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${text.slice(0, 256)}'`,
  );
}

export function unreadableDate(text: string): AwsError {
  return incomplete(
    `Date must be in ISO-8601 'basic format'. Got '${text.slice(0, 64)}'. See http://en.wikipedia.org/wiki/ISO_8601`,
  );
}

export function unsupportedAlgorithm(algorithm: string): AwsError {
  return incomplete(`Unsupported AWS 'algorithm': '${algorithm.slice(0, 64)}' (only AWS4-HMAC-SHA256 for now). `);
}

export function expired(signedAtMs: number, nowMs: number, minutes: number): AwsError {
  const limit = formatBasicDateTime(nowMs - minutes * 60_000);
  const now = formatBasicDateTime(nowMs);
  return forbidden(
    'SignatureDoesNotMatch',
    `Signature expired: ${formatBasicDateTime(signedAtMs)} is now earlier than ${limit} (${now} - ${minutes} min.)`,
  );
}

export function notYetCurrent(signedAtMs: number, nowMs: number, minutes: number): AwsError {
  const limit = formatBasicDateTime(nowMs + minutes * 60_000);
  const now = formatBasicDateTime(nowMs);
  return forbidden(
    'SignatureDoesNotMatch',
    `Signature not yet current: ${formatBasicDateTime(signedAtMs)} is still later than ${limit} (${now} + ${minutes} min.)`,
  );
}

export function unsignedHost(): AwsError {
  return forbidden(
    'SignatureDoesNotMatch',
    "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
  );
}

export function unsignedHeader(name: string): AwsError {
  return forbidden('SignatureDoesNotMatch', `'${name}' must be a 'SignedHeader' in the AWS Authorization.`);
}

export function wrongScope(reasons: readonly string[]): AwsError {
  return forbidden('SignatureDoesNotMatch', reasons.join(' '));
}

/** S3 names the limits of presigned requests; the others have no text of their own. */
export function wrongExpiry(message: string): AwsError {
  return clientError('AuthorizationQueryParametersError', message);
}

/** Unknown key, inactive key, or a session token that is missing, foreign or not wanted: AWS does not tell which. */
export function unknownToken(): AwsError {
  return forbidden('InvalidClientTokenId', 'The security token included in the request is invalid.');
}

export function expiredToken(): AwsError {
  return forbidden('ExpiredToken', 'The security token included in the request is expired');
}

export function payloadHashMismatch(): AwsError {
  return forbidden(
    'SignatureDoesNotMatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  );
}

export function mismatch(canonical: string | undefined, stringToSign: string): AwsError {
  if (canonical === undefined) return forbidden('SignatureDoesNotMatch', MISMATCH);
  return forbidden(
    'SignatureDoesNotMatch',
    `${MISMATCH}\n\nThe Canonical String for this request should have been\n'${canonical}'\n\nThe String-to-Sign should have been\n'${stringToSign}'\n`,
  );
}
