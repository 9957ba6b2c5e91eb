// The payment gateway. A key is charged once: the same key again gets the first answer, marked as a repetition. Of the first requests with a key
// (by the key alone) some are refused before anything is done, some are done and never answered, some are slow.

import { chanceOf } from './chance.ts';
import type { Answer, Asked, Books } from './run.ts';

const REFUSED_SHARE = 0.02;
const UNANSWERED_SHARE = 0.01;
const SLOW_SHARE = 0.01;
const SLOW_MS = 250;

const isCalm = process.env['CALM'] === 'yes';
const refused = new Set<string>();

export function takeCharge({ headers, body }: Asked, books: Books): Answer {
  const key = String(headers['idempotency-key'] ?? '');
  if (key === '') return { status: 400, body: { reason: 'an idempotency key is required' } };
  const known = books.charges[key];
  if (known !== undefined) {
    books.repeated += 1;
    return { status: 200, headers: { 'idempotent-replayed': 'true' }, body: known };
  }
  const chance = isCalm ? 1 : chanceOf(key);
  if (chance < REFUSED_SHARE && !refused.has(key)) {
    refused.add(key);
    books.broken += 1;
    return { status: 503 };
  }
  const charge = chargeOf(key, JSON.parse(body) as { amountCents: number; card: string });
  books.charges[key] = charge;
  const isUnanswered = chance >= REFUSED_SHARE && chance < REFUSED_SHARE + UNANSWERED_SHARE;
  if (isUnanswered) {
    books.broken += 1;
    return undefined;
  }
  return { status: 200, body: charge, ...(chance > 1 - SLOW_SHARE && !isCalm ? { afterMs: SLOW_MS } : {}) };
}

function chargeOf(key: string, { amountCents, card }: { amountCents: number; card: string }): Books['charges'][string] {
  const isDeclined = card === 'card-declined';
  return {
    status: isDeclined ? 'declined' : 'paid',
    amountCents: isDeclined ? 0 : amountCents,
    chargeId: `charge-${key}`,
    reason: isDeclined ? 'the bank said no' : '',
  };
}
