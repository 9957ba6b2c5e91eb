// What all destinations share: how a request went wrong, in the words of AWS.

import type { HttpAnswer, HttpFailure } from '#cell/http-request.ts';
import type { FailedDelivery } from '#services/firehose/performing.ts';
import type { HttpClient } from '../../outbound/http-client.ts';
import type { LakeThread } from '../lake-thread.ts';

export interface DestinationParts {
  readonly client: HttpClient;
  readonly thread: LakeThread;
}

export function failedDelivery(code: string, message: string, isRetryable = true): FailedDelivery {
  return { outcome: 'failed', code, message, isRetryable };
}

/** AWS tells the kind; what was seen here is told behind it. */
export function withDetail(text: string, { detail }: HttpFailure): string {
  return `${text} (${detail})`;
}

/** Nobody listens, or nothing leads there: there never was a connection. */
export function isUnreachable({ kind, detail }: HttpFailure): boolean {
  if (kind === 'name-not-found' || kind === 'address-not-allowed' || kind === 'request') return true;
  return kind === 'connection' && /\((ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)\)/.test(detail);
}

export function textOf({ body }: HttpAnswer): string {
  return Buffer.from(body.buffer, body.byteOffset, body.length).toString();
}

/** Undefined when it is no JSON object. */
export function jsonObjectOf(answer: HttpAnswer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = JSON.parse(textOf(answer)) as unknown;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a path of the destination's own is appended to. */
export function baseUrl(endpoint: string): string {
  return endpoint.replace(/\/+$/, '');
}
