// GitHub. Source: docs.github.com, "Validating webhook deliveries": X-Hub-Signature-256, HMAC-SHA256 of the body; the event's name is in
// X-GitHub-Event. GitHub has no partner integration of its own; the detail-type is the event's name, as in AWS's "Receiving events from GitHub".

import { isForm, jsonBodyOf, jsonOf, textOf } from '../json-body.ts';
import { isSame, signatureOf } from '../signatures.ts';
import { type Arrival, type Reading, unreadable, unsigned, type Webhook } from '../webhook.ts';

const DIGESTING = { algorithm: 'sha256', encoding: 'hex' } as const;

export function readGithub(webhook: Webhook, arrival: Arrival): Reading {
  const { headers, body } = arrival;
  const expected = `sha256=${signatureOf(webhook, DIGESTING, body)}`;
  if (!isSame(expected, headers['x-hub-signature-256'])) return unsigned('The X-Hub-Signature-256 is not valid.');
  const detailType = headers['x-github-event'];
  const json = isForm(arrival)
    ? jsonOf(new URLSearchParams(textOf(body) ?? '').get('payload') ?? '')
    : jsonBodyOf(body);
  if (json === undefined || detailType === undefined) return unreadable('The body is no event of GitHub.');
  return { events: [{ detailType, detail: json.text }] };
}
