// Shopify. Source: shopify.dev, "Validate the origin of your webhook": X-Shopify-Hmac-Sha256, HMAC-SHA256 of the body in base64. On EventBridge
// the detail-type is `shopifyWebhook`, and the detail has the body as `payload` and the X-Shopify headers as `metadata` (recorded events in public
// test suites; AWS compute blog, "Integrating Shopify with Amazon EventBridge"). The signature is left out of the metadata.

import { jsonBodyOf } from '../json-body.ts';
import { isSame, signatureOf } from '../signatures.ts';
import { type Arrival, type Reading, unreadable, unsigned, type Webhook } from '../webhook.ts';

const DIGESTING = { algorithm: 'sha256', encoding: 'base64' } as const;
const PREFIX = 'x-shopify-';
const SIGNATURE = 'x-shopify-hmac-sha256';

export function readShopify(webhook: Webhook, { headers, body }: Arrival): Reading {
  if (!isSame(signatureOf(webhook, DIGESTING, body), headers[SIGNATURE])) {
    return unsigned('The X-Shopify-Hmac-Sha256 is not valid.');
  }
  const json = jsonBodyOf(body);
  if (json === undefined) return unreadable('The body is no webhook of Shopify.');
  const own = Object.entries(headers).filter(([name]) => name.startsWith(PREFIX) && name !== SIGNATURE);
  const metadata = [
    ['Content-Type', headers['content-type'] ?? 'application/json'],
    ...own.map(([name, value]) => [shown(name), value]),
  ];
  const detail = `{"payload":${json.text},"metadata":${JSON.stringify(Object.fromEntries(metadata))}}`;
  return { events: [{ detailType: 'shopifyWebhook', detail }] };
}

/** `x-shopify-shop-domain` as Shopify writes it. */
function shown(name: string): string {
  const words = name
    .split('-')
    .map((word) => (word === 'api' ? 'API' : `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`));
  return words.join('-');
}
