// Zendesk. Source: developer.zendesk.com, "Verifying webhook authenticity": base64 of HMAC-SHA256 of timestamp and body. Its event connector named
// ticket events `Support Ticket: Agent Assignment Changed` ("Amazon EventBridge, ticket events"): webhook types of tickets get these names, all
// others keep theirs (`zen:event-type:user.created`).

import { jsonBodyOf, textAt } from '../json-body.ts';
import { isInTime, isSame, signatureOf } from '../signatures.ts';
import { type Arrival, type Reading, unreadable, unsigned, type Webhook } from '../webhook.ts';

const DIGESTING = { algorithm: 'sha256', encoding: 'base64' } as const;
const SIGNATURE = 'x-zendesk-webhook-signature';
const TICKET = 'zen:event-type:ticket.';
/** Where the connector's name is not the type's. */
const OTHER_NAMES: Readonly<Record<string, string>> = { comment_added: 'Comment Created' };

export function readZendesk(webhook: Webhook, { headers, body, nowMs }: Arrival): Reading {
  const time = headers[`${SIGNATURE}-timestamp`];
  const expected = signatureOf(webhook, DIGESTING, time ?? '', body);
  if (!isSame(expected, headers[SIGNATURE])) return unsigned('The X-Zendesk-Webhook-Signature is not valid.');
  if (!isInTime(time, webhook, nowMs))
    return unsigned('The X-Zendesk-Webhook-Signature-Timestamp is out of tolerance.');
  const json = jsonBodyOf(body);
  if (json === undefined) return unreadable('The body is no webhook of Zendesk.');
  // Webhooks of triggers have the body that their author wrote.
  const type = textAt(json.members, ['type']) ?? 'zendeskWebhook';
  const resources = type.startsWith(TICKET) ? { resources: ['Support Ticket'] } : {};
  return { events: [{ detailType: connectorName(type), detail: json.text, ...resources }] };
}

function connectorName(type: string): string {
  if (!type.startsWith(TICKET)) return type;
  const event = type.slice(TICKET.length);
  const words = event.split('_').map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`);
  const known = Object.hasOwn(OTHER_NAMES, event) ? OTHER_NAMES[event] : undefined;
  return `Support Ticket: ${known ?? `${event.includes('_') ? '' : 'Ticket '}${words.join(' ')}`}`;
}
