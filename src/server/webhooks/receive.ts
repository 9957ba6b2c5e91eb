// `/_eddy/webhooks/<account>/<region>/<partner>/<name>`: a sender's request is verified, and its events are put on the partner bus. 200 is
// answered when they are durable there. The path is open to everybody: whoever cannot sign learns only that.

import type { Cell } from '#cell/cell.ts';
import { scopeOf } from '#model/scope.ts';
import type { PutWebhookEventsOutput } from '#services/events/partners/operations/put-webhook-events.ts';
import { askEvents } from '../admin-api/own-operation.ts';
import { type AdminAnswer, AdminRefusal, type AdminRequest, type AdminRoute } from '../admin-api/router.ts';
import { readGithub } from './kinds/github.ts';
import { readHmac } from './kinds/hmac.ts';
import { ACKNOWLEDGED, readSalesforce } from './kinds/salesforce.ts';
import { readShopify } from './kinds/shopify.ts';
import { readStripe } from './kinds/stripe.ts';
import { readTwilio } from './kinds/twilio.ts';
import { readZendesk } from './kinds/zendesk.ts';
import type { Arrival, Kind, Reading, Webhook } from './webhook.ts';

const READERS: Readonly<Record<Kind, (webhook: Webhook, arrival: Arrival) => Reading>> = {
  stripe: readStripe,
  github: readGithub,
  shopify: readShopify,
  twilio: readTwilio,
  zendesk: readZendesk,
  salesforce: readSalesforce,
  hmac: readHmac,
};

export const WEBHOOKS_PATH = '/_eddy/webhooks';
const PREFIX = 'aws.partner/';
/** As much as an event may have. */
const BODY_BYTES_MAX = 1024 * 1024;

export function webhooksRoute(cell: Cell, webhooks: readonly Webhook[]): AdminRoute {
  const byPath = new Map(webhooks.map((webhook) => [pathOf(webhook), webhook]));
  return {
    methods: ['POST'],
    isOpen: true,
    takesRest: true,
    handle: (request) => receive(cell, byPath.get(request.rest), request),
  };
}

/** Behind {@link WEBHOOKS_PATH}. */
export function pathOf({ account, region, sourceName }: Webhook): string {
  return `${account}/${region}/${sourceName.slice(PREFIX.length)}`;
}

/** What is configured is offered to its accounts, and what is no longer configured is taken back. */
export async function offerWebhooks(cell: Cell, webhooks: readonly Webhook[]): Promise<void> {
  const sources = webhooks.map(({ account, region, sourceName: name }) => ({ account, region, name }));
  const scope = scopeOf('000000000000', 'us-east-1');
  await askEvents(cell, { operation: '(offer-webhook-sources)', input: { sources }, scope });
}

async function receive(cell: Cell, webhook: Webhook | undefined, request: AdminRequest): Promise<AdminAnswer> {
  if (webhook === undefined) throw new AdminRefusal(404, 'There is no such webhook.');
  const { body, headers, query, baseUrl, target, repeatedHeaders } = request;
  if (body.length > BODY_BYTES_MAX) throw new AdminRefusal(413, `A webhook has at most ${BODY_BYTES_MAX} bytes.`);
  // Joined, they would be neither of the two that were sent.
  const twice = repeatedHeaders.find((name) => name.startsWith('x-') || name === 'stripe-signature');
  if (twice !== undefined) throw new AdminRefusal(400, 'A header came twice.');
  const arrival = { headers, query, body, url: baseUrl + target, nowMs: Date.now() };
  const reading = READERS[webhook.kind](webhook, arrival);
  if ('problem' in reading) throw new AdminRefusal(reading.problem.status, reading.problem.text);
  const { account, region, sourceName, kind } = webhook;
  const reply = await askEvents(cell, {
    operation: '(put-webhook-events)',
    input: { source: sourceName, way: `webhook ${kind}`, events: reading.events },
    scope: scopeOf(account, region),
    came: request,
  });
  if ('refused' in reply) throw new AdminRefusal(reply.refused.status, reply.refused.message);
  if (kind === 'salesforce') return { contentType: 'text/xml', body: ACKNOWLEDGED };
  return { body: reply.output as PutWebhookEventsOutput };
}
