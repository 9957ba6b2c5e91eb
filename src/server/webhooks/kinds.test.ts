import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wireHeaders } from '#wire/http-message.ts';
import { readGithub } from './kinds/github.ts';
import { readHmac } from './kinds/hmac.ts';
import { readSalesforce } from './kinds/salesforce.ts';
import { readShopify } from './kinds/shopify.ts';
import { readStripe } from './kinds/stripe.ts';
import { readTwilio } from './kinds/twilio.ts';
import { readZendesk } from './kinds/zendesk.ts';
import type { Arrival, Kind, Webhook } from './webhook.ts';
import { webhooksOf } from './webhook-file.ts';

const NOW_MS = Date.UTC(2026, 0, 15);
const seconds = Math.floor(NOW_MS / 1_000);

function webhook(kind: Kind, secret: string, more: object = {}): Webhook {
  const given = { kind, name: 'x', secretEnv: 'SECRET', ...more };
  return webhooksOf({ webhooks: [given] }, { SECRET: secret })[0] as Webhook;
}

function arrival(body: string, headers: Record<string, string>, url = 'https://here.example/x'): Arrival {
  const query = new URL(url).searchParams;
  return { body: Buffer.from(body), headers: wireHeaders(Object.entries(headers)), url, query, nowMs: NOW_MS };
}

const sign = (secret: string, text: string, encoding: 'hex' | 'base64', algorithm = 'sha256'): string =>
  createHmac(algorithm, secret).update(text).digest(encoding);

describe('Stripe', () => {
  const body = '{"id":"evt_1","type":"invoice.paid","amount":1.0}';
  const signed = (time: number | string, secret = 'whsec'): Record<string, string> => ({
    'Stripe-Signature': `t=${time},v1=${sign(secret, `${time}.${body}`, 'hex')},v0=00`,
  });

  test('an event that is signed is taken as it is', () => {
    const reading = readStripe(webhook('stripe', 'whsec'), arrival(body, signed(seconds)));
    const resources = ['arn:aws:events:us-east-1::event-source/aws.partner/stripe.com/x'];
    expect(reading).toEqual({ events: [{ detailType: 'invoice.paid', detail: body, resources }] });
  });

  test('either signature is enough while a secret is being rolled', () => {
    const header = `t=${seconds},v1=${'0'.repeat(64)},v1=${sign('whsec', `${seconds}.${body}`, 'hex')}`;
    const reading = readStripe(webhook('stripe', 'whsec'), arrival(body, { 'Stripe-Signature': header }));
    expect(reading).toHaveProperty('events');
  });

  test.each([
    ['another secret', signed(seconds, 'other')],
    ['no header', {} as Record<string, string>],
    ['an old time', signed(seconds - 301)],
    ['a time ahead', signed(seconds + 301)],
    ['no time', signed('')],
    ['only the test scheme', { 'Stripe-Signature': `t=${seconds},v0=${sign('whsec', `${seconds}.${body}`, 'hex')}` }],
  ])('%s is refused', (_what, headers) => {
    expect(readStripe(webhook('stripe', 'whsec'), arrival(body, headers))).toMatchObject({ problem: { status: 401 } });
  });
});

describe('GitHub', () => {
  // docs.github.com, "Validating webhook deliveries", "Testing the webhook payload validation".
  const secret = "It's a Secret to Everybody";
  const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';

  test('the documented signature is right, for that body alone', () => {
    const headers = { 'X-Hub-Signature-256': signature, 'X-GitHub-Event': 'push' };
    const github = webhook('github', secret);
    // Verified; and no JSON.
    expect(readGithub(github, arrival('Hello, World!', headers))).toMatchObject({ problem: { status: 400 } });
    expect(readGithub(github, arrival('Hello, World?', headers))).toMatchObject({ problem: { status: 401 } });
    expect(readGithub(webhook('github', 'x'), arrival('Hello, World!', headers))).toMatchObject({
      problem: { status: 401 },
    });
  });

  test.each([
    ['{"ref":"main"}', 'application/json'],
    [`payload=${encodeURIComponent('{"ref":"main"}')}`, 'application/x-www-form-urlencoded'],
  ])('%s as %s is the event', (body, type) => {
    const headers = {
      'X-Hub-Signature-256': `sha256=${sign('s', body, 'hex')}`,
      'X-GitHub-Event': 'push',
      'Content-Type': type,
    };
    expect(readGithub(webhook('github', 's'), arrival(body, headers))).toEqual({
      events: [{ detailType: 'push', detail: '{"ref":"main"}' }],
    });
  });
});

test('Shopify: the body is the payload, the headers without the signature are the metadata', () => {
  const body = '{"id":1}';
  const headers = {
    'X-Shopify-Hmac-Sha256': sign('s', body, 'base64'),
    'X-Shopify-Topic': 'orders/create',
    'X-Shopify-API-Version': '2025-01',
    'Content-Type': 'application/json',
    Cookie: 'secret',
  };
  const shopify = webhook('shopify', 's');
  expect(readShopify(shopify, arrival(body, headers))).toEqual({
    events: [
      {
        detailType: 'shopifyWebhook',
        detail:
          '{"payload":{"id":1},"metadata":{"Content-Type":"application/json","X-Shopify-Topic":"orders/create","X-Shopify-API-Version":"2025-01"}}',
      },
    ],
  });
  expect(readShopify(shopify, arrival('{"id":2}', headers))).toMatchObject({ problem: { status: 401 } });
});

describe('Zendesk', () => {
  const read = (type: string, time = '2026-01-15T00:00:00Z', secret = 's') => {
    const body = JSON.stringify({ type });
    const headers = {
      'X-Zendesk-Webhook-Signature': sign(secret, time + body, 'base64'),
      'X-Zendesk-Webhook-Signature-Timestamp': time,
    };
    return readZendesk(webhook('zendesk', 's'), arrival(body, headers));
  };

  test.each([
    ['zen:event-type:ticket.agent_assignment_changed', 'Support Ticket: Agent Assignment Changed'],
    ['zen:event-type:ticket.comment_added', 'Support Ticket: Comment Created'],
    ['zen:event-type:ticket.created', 'Support Ticket: Ticket Created'],
    ['zen:event-type:user.created', 'zen:event-type:user.created'],
  ])('%s is %s', (type, detailType) => {
    expect(read(type)).toMatchObject({ events: [{ detailType, detail: JSON.stringify({ type }) }] });
  });

  test('an old time, no time and another secret are refused', () => {
    for (const reading of [read('a', '2026-01-14T23:54:59Z'), read('a', 'today'), read('a', undefined, 'x')]) {
      expect(reading).toMatchObject({ problem: { status: 401 } });
    }
  });
});

describe('Twilio', () => {
  // twilio.com, "Webhooks security", and the test suites of Twilio's own libraries.
  const url = 'https://mycompany.com/myapp.php?foo=1&bar=2';
  const form = new URLSearchParams({
    To: '+18005551212',
    CallSid: 'CA1234567890ABCDE',
    Caller: '+14158675309',
    Digits: '1234',
    From: '+14158675309',
  }).toString();
  const headers = {
    'X-Twilio-Signature': 'RSOYDt4T1cUTdK1PDd93/VVr8B8=',
    'Content-Type': 'application/x-www-form-urlencoded',
  };
  const twilio = webhook('twilio', '12345');

  test('the documented signature is right', () => {
    expect(readTwilio(twilio, arrival(form, headers, url))).toMatchObject({
      events: [{ detailType: 'twilioWebhook', detail: expect.stringContaining('"Digits":"1234"') }],
    });
    expect(readTwilio(twilio, arrival(`${form}&A=1`, headers, url))).toMatchObject({ problem: { status: 401 } });
    expect(readTwilio(twilio, arrival(form, headers, `${url}&a=1`))).toMatchObject({ problem: { status: 401 } });
  });

  test('the URL may be the one that the sender knows', () => {
    const behind = webhook('twilio', '12345', { url: 'https://mycompany.com/myapp.php' });
    const here = 'http://127.0.0.1:4566/x?foo=1&bar=2';
    expect(readTwilio(behind, arrival(form, headers, here))).toHaveProperty('events');
  });

  test('a body that is no form is signed through its hash in the URL', () => {
    const body = '[{"type":"com.twilio.messaging.message.sent","data":{}},{"type":"b"}]';
    const hash = createHash('sha256').update(body).digest('hex');
    const signedUrl = `https://mycompany.com/x?bodySHA256=${hash}`;
    const signed = { 'X-Twilio-Signature': sign('12345', signedUrl, 'base64', 'sha1') };
    expect(readTwilio(twilio, arrival(body, signed, signedUrl))).toMatchObject({
      events: [{ detailType: 'com.twilio.messaging.message.sent' }, { detailType: 'b' }],
    });
    const asForm = { ...signed, 'Content-Type': 'application/x-www-form-urlencoded' };
    for (const changed of [arrival('{}', signed, signedUrl), arrival('', asForm, signedUrl)]) {
      expect(readTwilio(twilio, changed)).toMatchObject({ problem: { status: 401 } });
    }
    const bare = 'https://mycompany.com/x';
    const bareHeaders = { 'X-Twilio-Signature': sign('12345', bare, 'base64', 'sha1') };
    expect(readTwilio(twilio, arrival(body, bareHeaders, bare))).toMatchObject({ problem: { status: 401 } });
  });
});

describe('Salesforce', () => {
  const message = (organization: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <soapenv:Body><notifications xmlns="http://soap.sforce.com/2005/09/outbound">
  <OrganizationId>${organization}</OrganizationId><ActionId>04k1</ActionId><SessionId>00D!secret</SessionId>
  <Notification><Id>04l1</Id><sObject xsi:type="sf:Opportunity" xmlns:sf="urn:sobject"><sf:Id>006</sf:Id><sf:Name>A &amp; B</sf:Name></sObject></Notification>
  <Notification><Id>04l2</Id><sObject xsi:type="sf:Contact" xmlns:sf="urn:sobject"><sf:Id>003</sf:Id></sObject></Notification>
 </notifications></soapenv:Body></soapenv:Envelope>`;
  const salesforce = webhook('salesforce', 'key', { organizationId: '00D1' });
  const read = (organization: string, key: string) =>
    readSalesforce(salesforce, arrival(message(organization), {}, `https://here.example/x?key=${key}`));

  test('each notification is an event, without the session', () => {
    const reading = read('00D1', 'key');
    expect(reading).toMatchObject({ events: [{ detailType: 'Opportunity' }, { detailType: 'Contact' }] });
    expect(JSON.parse('events' in reading ? (reading.events[0]?.detail ?? '') : '')).toEqual({
      organizationId: '00D1',
      actionId: '04k1',
      notificationId: '04l1',
      type: 'Opportunity',
      sObject: { Id: '006', Name: 'A & B' },
    });
    expect(JSON.stringify(reading)).not.toContain('secret');
  });

  test('another organization, another key and no XML are refused', () => {
    expect(read('00D2', 'key')).toMatchObject({ problem: { status: 401 } });
    expect(read('00D1', 'other')).toMatchObject({ problem: { status: 401 } });
    const none = arrival('<!DOCTYPE a><a/>', {}, 'https://here.example/x?key=key');
    expect(readSalesforce(salesforce, none)).toMatchObject({ problem: { status: 400 } });
  });
});

describe('any sender with an HMAC', () => {
  const common = { partner: 'example.com', header: 'X-Sign' };

  test.each(['sha1', 'sha256', 'sha512'])('%s with prefix, time and type in the body', (algorithm) => {
    const form = {
      algorithm,
      encoding: 'base64',
      prefix: 'v1=',
      timestampHeader: 'X-Time',
      detailTypePath: 'event.type',
    };
    const any = webhook('hmac', 's', { ...common, ...form, separator: ':' });
    const body = '{"event":{"type":"sold"}}';
    const read = (time: number) =>
      readHmac(
        any,
        arrival(body, { 'X-Sign': `v1=${sign('s', `${time}:${body}`, 'base64', algorithm)}`, 'X-Time': `${time}` }),
      );
    expect(read(seconds)).toEqual({ events: [{ detailType: 'sold', detail: body }] });
    expect(read(seconds - 301)).toMatchObject({ problem: { status: 401 } });
  });

  test('the type may be a header’s, or always the same', () => {
    const any = webhook('hmac', 's', { ...common, detailTypeHeader: 'X-Type', detailType: 'other' });
    const signed = { 'X-Sign': sign('s', '{}', 'hex') };
    expect(readHmac(any, arrival('{}', { ...signed, 'X-Type': 'a' }))).toMatchObject({ events: [{ detailType: 'a' }] });
    expect(readHmac(any, arrival('{}', signed))).toMatchObject({ events: [{ detailType: 'other' }] });
  });
});

test('nothing that anybody may send is taken, or stops a reader', () => {
  const kinds: [Webhook, (webhook: Webhook, arrival: Arrival) => unknown][] = [
    [webhook('stripe', 's'), readStripe],
    [webhook('github', 's'), readGithub],
    [webhook('shopify', 's'), readShopify],
    [webhook('zendesk', 's'), readZendesk],
    [webhook('twilio', 's'), readTwilio],
    [webhook('salesforce', 's', { organizationId: 'o' }), readSalesforce],
    [webhook('hmac', 's', { partner: 'p', header: 'x-sign', detailType: 'x' }), readHmac],
  ];
  const names = ['stripe-signature', 'x-hub-signature-256', 'x-shopify-hmac-sha256', 'x-twilio-signature', 'x-sign'];
  fc.assert(
    fc.property(
      fc.string(),
      fc.array(fc.tuple(fc.constantFrom(...names, 'content-type'), fc.string())),
      (body, headers) => {
        for (const [each, read] of kinds) {
          expect(read(each, arrival(body, Object.fromEntries(headers)))).toHaveProperty('problem');
        }
      },
    ),
    { numRuns: 100 },
  );
});
