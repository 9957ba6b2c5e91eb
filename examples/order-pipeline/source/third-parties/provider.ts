// The provider of mail and SMS: one key is one message; numbers that cannot be are refused; now and then it is not there.

import { chanceOf } from './chance.ts';
import type { Answer, Asked, Books } from './run.ts';

const REFUSED_SHARE = 0.01;

const isCalm = process.env['CALM'] === 'yes';
const refused = new Set<string>();

/** +, then what a number of E.164 has. */
const PHONE = /^\+[1-9]\d{6,14}$/;

export function takeMessage({ path, headers, body }: Asked, books: Books): Answer {
  const key = String(headers['idempotency-key'] ?? '');
  const { to } = JSON.parse(body) as { to: string };
  if (path.endsWith('/sms') && !PHONE.test(to)) return { status: 422, body: { reason: 'this is no number' } };
  if (books.messages[key] !== undefined) {
    books.repeated += 1;
    return { status: 200 };
  }
  if (!isCalm && chanceOf(key) < REFUSED_SHARE && !refused.has(key)) {
    refused.add(key);
    books.broken += 1;
    return { status: 503 };
  }
  books.messages[key] = { to };
  return { status: 202 };
}
