// The checks of a signed request that need no secret: one place, whole, in time, everything covered, scoped to this service.
// Each gives the refusal, or undefined when there is nothing to refuse.

import type { Digest } from '#base/digest.ts';
import type { AwsError } from '#model/aws-error.ts';
import { ALGORITHM, type Credential, type CredentialReading, queryParameter } from './credential.ts';
import type { WireRequest } from './http-message.ts';
import * as refusals from './sigv4-refusals.ts';
import { formatBasicDateTime, parseBasicDateTime, parseHttpDate } from './timestamps.ts';

/** AWS takes 5 or 15 minutes, by service; the wider spares laptops that slept. */
const SKEW_MINUTES = 15;
const EXPIRES_SECONDS_MAX = 604_800;

/** Headers of which a second one could mean something else to another reader. */
const UNIQUE_HEADERS = new Set(['authorization', 'host', 'date', 'content-type']);

export function checkPlaces(request: WireRequest): AwsError | undefined {
  for (const name of request.repeatedHeaders ?? []) {
    if (UNIQUE_HEADERS.has(name) || name.startsWith('x-amz-')) return refusals.repeatedHeader(name);
  }
  const { query } = request;
  if (request.headers['authorization'] === undefined || !query.includes('X-Amz-')) return undefined;
  const isPresigned = ['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Signature'].some(
    (name) => queryParameter(query, name) !== undefined,
  );
  return isPresigned ? refusals.twoPlaces() : undefined;
}

export function placeOf(request: WireRequest): Credential['place'] {
  return request.headers['authorization'] === undefined ? 'query' : 'header';
}

export function signedDateOf(request: WireRequest, place: Credential['place']): string | undefined {
  if (place === 'query') return queryParameter(request.query, 'X-Amz-Date');
  return request.headers['x-amz-date'] ?? request.headers['date'];
}

export function incompleteReading(
  request: WireRequest,
  { missing, credential, unreadableCredential }: CredentialReading,
  dateText: string | undefined,
): AwsError {
  if (unreadableCredential !== undefined) return refusals.wrongCredential(unreadableCredential);
  if (credential === undefined && missing === undefined) return refusals.missingToken();
  const header = request.headers['authorization'];
  if (header !== undefined) return refusals.incompleteHeader(missing ?? [], dateText !== undefined, header);
  return refusals.incompleteQuery([...(missing ?? []), ...(dateText === undefined ? ['Date'] : [])]);
}

interface Instant {
  readonly ms: number;
  /** As the string to sign has it. */
  readonly stamp: string;
}

export function readInstant(text: string): Instant | undefined {
  const basic = parseBasicDateTime(text);
  if (basic !== undefined) return { ms: basic, stamp: text };
  const ms = parseHttpDate(text);
  return ms === undefined ? undefined : { ms, stamp: formatBasicDateTime(ms) };
}

interface Times {
  readonly signedAtMs: number;
  readonly nowMs: number;
}

export function checkTime(
  request: WireRequest,
  { place }: Credential,
  { signedAtMs, nowMs }: Times,
): AwsError | undefined {
  const expires = place === 'query' ? queryParameter(request.query, 'X-Amz-Expires') : undefined;
  if (expires !== undefined) {
    const wrong = checkExpires(expires);
    if (wrong !== undefined) return wrong;
  }
  const minutes = expires === undefined ? SKEW_MINUTES : Number(expires) / 60;
  if (signedAtMs < nowMs - minutes * 60_000) return refusals.expired(signedAtMs, nowMs, minutes);
  if (signedAtMs > nowMs + SKEW_MINUTES * 60_000) return refusals.notYetCurrent(signedAtMs, nowMs, SKEW_MINUTES);
  return undefined;
}

function checkExpires(text: string): AwsError | undefined {
  if (!/^-?\d{1,15}$/.test(text)) return refusals.wrongExpiry('X-Amz-Expires should be a number');
  if (text.startsWith('-')) return refusals.wrongExpiry('X-Amz-Expires must be non-negative');
  if (Number(text) <= EXPIRES_SECONDS_MAX) return undefined;
  return refusals.wrongExpiry(
    'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
  );
}

/** The host and whatever steers AWS's services must be covered, or it could be exchanged on the way. */
export function checkHeaders(request: WireRequest, { algorithm, signedHeaders }: Credential): AwsError | undefined {
  // The SDKs' HTTP/2 clients sign the host by the name that it has there.
  if (!signedHeaders.includes('host') && !signedHeaders.includes(':authority')) return refusals.unsignedHost();
  for (const name in request.headers) {
    if (name.startsWith('x-amz-') && !signedHeaders.includes(name)) return refusals.unsignedHeader(name);
  }
  return algorithm === ALGORITHM ? undefined : refusals.unsupportedAlgorithm(algorithm);
}

const REGION = /^[a-z0-9-]{1,64}$/;

/** AWS names everything that is wrong with a scope at once. */
export function checkScope(credential: Credential, signingName: string, stamp: string): AwsError | undefined {
  const { accessKeyId, date, region, service, terminator, text } = credential;
  if (accessKeyId.includes('/') || accessKeyId === '') return refusals.wrongCredential(text);
  const reasons: string[] = [];
  if (!REGION.test(region))
    reasons.push(`Credential should be scoped to a valid region, not '${region.slice(0, 64)}'.`);
  if (service !== signingName) reasons.push(`Credential should be scoped to correct service: '${signingName}'.`);
  if (terminator !== 'aws4_request') {
    reasons.push(
      `Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator.slice(0, 64)}'.`,
    );
  }
  if (date !== stamp.slice(0, 8)) {
    reasons.push(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${date.slice(0, 64)}' != '${stamp.slice(0, 8)}', from '${stamp}'.`,
    );
  }
  return reasons.length === 0 ? undefined : refusals.wrongScope(reasons);
}

interface TokenCheck {
  readonly digest: Digest;
  readonly key: { readonly sessionToken?: string | undefined; readonly expiresAtMs?: number | undefined };
  readonly nowMs: number;
}

/** What is wrong with the session token that came, or did not come, with the key of a request. */
export function tokenProblem(
  request: WireRequest,
  { place }: Credential,
  { digest, key, nowMs }: TokenCheck,
): 'foreign' | 'expired' | undefined {
  const sent =
    place === 'header'
      ? request.headers['x-amz-security-token']
      : queryParameter(request.query, 'X-Amz-Security-Token');
  if (key.sessionToken === undefined) return sent === undefined ? undefined : 'foreign';
  if (sent === undefined || !digest.timingSafeEqual(key.sessionToken, sent)) return 'foreign';
  return key.expiresAtMs !== undefined && key.expiresAtMs <= nowMs ? 'expired' : undefined;
}
