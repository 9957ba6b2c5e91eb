// The client as it shows itself, or as a proxy that is trusted tells of it: where it is, what it calls us, what it says it is.

import { isIP } from 'node:net';
import type { RequestInfo } from '#cell/turn.ts';
import type { Exchange } from '#runtime/http/exchange.ts';
import type { Credential } from '#wire/credential.ts';
import type { WireRequest } from '#wire/http-message.ts';
import type { Identification, Unidentified } from '#wire/identify.ts';
import { signatureView } from '#wire/s3/signature-view.ts';

interface Asked {
  readonly request: WireRequest;
  readonly exchange: Exchange;
  readonly baseUrl: string;
  readonly requestId: string;
  readonly credential: Credential | undefined;
  readonly identification: Identification | Unidentified | undefined;
  /** A page's, whose signature stands in it. */
  readonly form?: { readonly signature: RequestInfo['signature'] | undefined } | undefined;
}

const USER_AGENT_MAX = 256;

export function requestInfo(
  { request, exchange, baseUrl, requestId, credential, identification, form }: Asked,
  trustsProxy: boolean,
): RequestInfo {
  const { headers } = request;
  const traceHeader = headers['x-amzn-trace-id'];
  const isOfS3 = form === undefined && identification?.service?.prefix === 's3';
  const signature = isOfS3 ? signatureView(request, credential, Date.now()) : form?.signature;
  return {
    requestId,
    baseUrl,
    sourceIp: sourceIpOf(request, exchange, trustsProxy),
    userAgent: shortened(headers['user-agent'] ?? ''),
    isSecure: baseUrl.startsWith('https:'),
    ...(signature === undefined ? {} : { signature }),
    ...(traceHeader === undefined ? {} : { traceHeader }),
  };
}

/** Scheme and host as the client used them. */
export function baseUrlOf({ headers }: WireRequest, { isSecure }: Exchange, trustsProxy: boolean): string {
  const own = isSecure ? 'https' : 'http';
  const host = headers['host'] ?? 'localhost';
  if (!trustsProxy) return `${own}://${host}`;
  const scheme = headers['x-forwarded-proto'] === 'https' ? 'https' : own;
  const forwarded = headers['x-forwarded-host'];
  const isHost = forwarded !== undefined && /^[A-Za-z0-9._:[\]-]{1,255}$/.test(forwarded);
  return `${scheme}://${isHost ? forwarded : host}`;
}

function sourceIpOf({ headers }: WireRequest, exchange: Exchange, trustsProxy: boolean): string {
  const forwarded = trustsProxy ? headers['x-forwarded-for']?.split(',')[0]?.trim() : undefined;
  if (forwarded !== undefined && isIP(forwarded) !== 0) return forwarded;
  const { remoteAddress } = exchange;
  return remoteAddress.startsWith('::ffff:') ? remoteAddress.slice('::ffff:'.length) : remoteAddress;
}

/** Who called is kept with the store, for explanations: in a length that no client can grow. */
function shortened(userAgent: string): string {
  return userAgent.length <= USER_AGENT_MAX ? userAgent : userAgent.slice(0, USER_AGENT_MAX);
}
