// Signatures of senders: made anew and compared in a time that tells nothing.

import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Webhook } from './webhook.ts';

export interface Digesting {
  readonly algorithm: 'sha1' | 'sha256' | 'sha512';
  readonly encoding: 'hex' | 'base64';
}

export function signatureOf(
  { secret }: Pick<Webhook, 'secret'>,
  { algorithm, encoding }: Digesting,
  ...signed: (string | Uint8Array)[]
): string {
  const hmac = createHmac(algorithm, secret());
  for (const part of signed) hmac.update(part);
  return hmac.digest(encoding);
}

export function isSame(one: string, other: string | undefined): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other ?? '')];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Of a time in whole seconds since 1970 or as ISO 8601. */
export function isInTime(text: string | undefined, { toleranceSeconds }: Webhook, nowMs: number): boolean {
  if (text === undefined) return false;
  const ms = /^\d{1,12}$/.test(text) ? Number(text) * 1_000 : isoMs(text);
  return Math.abs(nowMs - ms) <= toleranceSeconds * 1_000;
}

/** NaN is in no tolerance. */
function isoMs(text: string): number {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
}
