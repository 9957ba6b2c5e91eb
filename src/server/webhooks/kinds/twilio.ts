// Twilio. Source: twilio.com, "Webhooks security": X-Twilio-Signature, HMAC-SHA1 in base64 of the URL with, for forms, all parameters sorted by
// name; a body that is no form is in the URL as `bodySHA256`. Twilio has no partner integration: the detail-type of events of its Event Streams
// (CloudEvents) is their type, of everything else `twilioWebhook`.

import { createHash } from 'node:crypto';
import { isForm, parsed, textAt, textOf } from '../json-body.ts';
import { isSame, signatureOf } from '../signatures.ts';
import { type Arrival, type Reading, unreadable, unsigned, type Webhook, type WebhookEvent } from '../webhook.ts';

const DIGESTING = { algorithm: 'sha1', encoding: 'base64' } as const;
const OTHER_TYPE = 'twilioWebhook';
const EVENTS_MAX = 100;

export function readTwilio(webhook: Webhook, arrival: Arrival): Reading {
  const { headers, body, query } = arrival;
  const url = webhook.url === undefined ? arrival.url : `${webhook.url}${searchOf(arrival.url)}`;
  const text = textOf(body) ?? '';
  const form = isForm(arrival) ? new URLSearchParams(text) : undefined;
  const expected = signatureOf(webhook, DIGESTING, url, form === undefined ? '' : sortedText(form));
  if (!isSame(expected, headers['x-twilio-signature'])) return unsigned('The X-Twilio-Signature is not valid.');
  const hash = query.get('bodySHA256')?.toLowerCase();
  // Also of a form: what was signed with a body must not pass as an empty form.
  const needsHash = form === undefined || hash !== undefined;
  if (needsHash && !isSame(createHash('sha256').update(body).digest('hex'), hash)) {
    return unsigned('The bodySHA256 is not that of the body.');
  }
  if (form !== undefined) return { events: [{ detailType: OTHER_TYPE, detail: JSON.stringify(objectOf(form)) }] };
  return eventsOf(parsed(text)) ?? unreadable('The body is no webhook of Twilio.');
}

function eventsOf(value: unknown): Reading | undefined {
  const all: unknown[] = Array.isArray(value) ? value : [value];
  if (all.length > EVENTS_MAX) return unreadable(`More than ${EVENTS_MAX} events in a request are not taken.`);
  const events: WebhookEvent[] = [];
  for (const each of all) {
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return undefined;
    const detailType = textAt(each as Record<string, unknown>, ['type']) ?? OTHER_TYPE;
    events.push({ detailType, detail: JSON.stringify(each) });
  }
  return events.length === 0 ? undefined : { events };
}

/** Values of a name that comes more than once: each value once, sorted; as Twilio's libraries do it. */
function sortedText(form: URLSearchParams): string {
  const names = [...new Set(form.keys())].sort();
  return names
    .map((name) =>
      [...new Set(form.getAll(name))]
        .sort()
        .map((value) => name + value)
        .join(''),
    )
    .join('');
}

function objectOf(form: URLSearchParams): Record<string, unknown> {
  return Object.fromEntries(
    [...new Set(form.keys())].map((name) => {
      const values = form.getAll(name);
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
}

function searchOf(url: string): string {
  const mark = url.indexOf('?');
  return mark === -1 ? '' : url.slice(mark);
}
