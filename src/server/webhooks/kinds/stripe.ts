// Stripe. Source: docs.stripe.com, "Receive Stripe events in your webhook endpoint", "Verify manually": `t` and `v1` in Stripe-Signature, HMAC-SHA256
// of `t.body`; several `v1` while a secret is being rolled. On EventBridge the detail-type is the event's type, the detail the event ("Send events
// to Amazon EventBridge"), the resource the event source (events in public test suites).

import { sourceArn } from '#services/events/partners/find.ts';
import { jsonBodyOf, textAt } from '../json-body.ts';
import { isInTime, isSame, signatureOf } from '../signatures.ts';
import { type Arrival, type Reading, unreadable, unsigned, type Webhook } from '../webhook.ts';

const DIGESTING = { algorithm: 'sha256', encoding: 'hex' } as const;
const SIGNATURES_MAX = 10;

export function readStripe(webhook: Webhook, { headers, body, nowMs }: Arrival): Reading {
  const parts = (headers['stripe-signature'] ?? '').split(',').map((part) => part.trim());
  const time = parts.find((part) => part.startsWith('t='))?.slice('t='.length) ?? '';
  const given = parts.filter((part) => part.startsWith('v1=')).map((part) => part.slice('v1='.length));
  const expected = signatureOf(webhook, DIGESTING, `${time}.`, body);
  // All are compared, whichever is the right one.
  const matching = given.slice(0, SIGNATURES_MAX).filter((signature) => isSame(expected, signature));
  if (matching.length === 0) return unsigned('The Stripe-Signature is not valid.');
  if (!isInTime(time, webhook, nowMs)) return unsigned('The time of the Stripe-Signature is out of tolerance.');
  const json = jsonBodyOf(body);
  const detailType = json === undefined ? undefined : textAt(json.members, ['type']);
  if (json === undefined || detailType === undefined) return unreadable('The body is no event of Stripe.');
  const resources = [sourceArn(webhook.region, webhook.sourceName)];
  return { events: [{ detailType, detail: json.text, resources }] };
}
