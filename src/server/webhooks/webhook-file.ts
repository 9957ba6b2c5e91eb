// The file of `--webhooks`: which webhooks there are. Everything in it is checked before the server starts; what is not known is refused. Secrets
// are not in it, only the names of the environment variables that have them.

import { readFileSync } from 'node:fs';
import { DEFAULT_ACCOUNT, DEFAULT_REGION } from '#model/scope.ts';
import { isSourceName } from '#services/events/partners/constraints.ts';
import { hmacForm } from './hmac-form.ts';
import { KINDS, type Kind, type Webhook } from './webhook.ts';
import { isGiven, problem, WebhookReader } from './webhook-reader.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Partners' names on AWS where the vendor is one; otherwise the vendor's domain. */
const PARTNERS: Readonly<Record<Exclude<Kind, 'hmac'>, string>> = {
  stripe: 'stripe.com',
  github: 'github.com',
  shopify: 'shopify.com',
  twilio: 'twilio.com',
  zendesk: 'zendesk.com',
  salesforce: 'salesforce.com',
};

const COMMON = ['name', 'kind', 'secretEnv', 'account', 'region'];
const MORE: Readonly<Record<Kind, readonly string[]>> = {
  stripe: ['toleranceSeconds'],
  github: [],
  shopify: [],
  twilio: ['url'],
  zendesk: ['toleranceSeconds'],
  salesforce: ['organizationId'],
  hmac: [
    'partner',
    'toleranceSeconds',
    'header',
    'algorithm',
    'encoding',
    'prefix',
    'timestampHeader',
    'separator',
    'detailTypeHeader',
    'detailTypePath',
    'detailType',
  ],
};
/** Stripe's libraries have five minutes. */
const TOLERANCE_SECONDS = 300;
const TOLERANCE_SECONDS_MAX = 86_400;

export function readWebhookFile(path: string, environment: Environment): readonly Webhook[] {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw problem(`The file of webhooks ${path} cannot be read as JSON: ${(error as Error).message}`);
  }
  return webhooksOf(value, environment);
}

export function webhooksOf(value: unknown, environment: Environment): readonly Webhook[] {
  const list = isGiven(value) && Object.keys(value).length === 1 ? value['webhooks'] : undefined;
  if (!Array.isArray(list)) throw problem('The file of webhooks is {"webhooks": [ … ]}.');
  const webhooks = list.map((given: unknown, i) => {
    const read = new WebhookReader(`webhook ${i + 1}`, given);
    return webhookOf(read, environment);
  });
  const seen = new Set<string>();
  for (const { account, region, sourceName } of webhooks) {
    const key = `${account}/${region}/${sourceName}`;
    if (seen.has(key)) throw problem(`Two webhooks are for ${key}.`);
    seen.add(key);
  }
  return webhooks;
}

function webhookOf(read: WebhookReader, environment: Environment): Webhook {
  const kind = read.choice('kind', KINDS);
  read.refuseOthers([...COMMON, ...MORE[kind]]);
  const name = read.text('name');
  const partner = kind === 'hmac' ? read.text('partner') : PARTNERS[kind];
  const sourceName = `aws.partner/${partner}/${name}`;
  if (!isSourceName(sourceName)) throw read.problem(`${sourceName} is no name of a partner event source`);
  const account = read.optional('account') ?? DEFAULT_ACCOUNT;
  if (!/^\d{12}$/.test(account)) throw read.problem('account has 12 digits');
  const region = read.optional('region') ?? DEFAULT_REGION;
  if (!/^[a-z0-9-]{1,64}$/.test(region)) throw read.problem('region is like us-east-1');
  const secret = secretOf(read, environment);
  const organizationId = kind === 'salesforce' ? read.text('organizationId') : undefined;
  const url = read.optional('url');
  if (url !== undefined && !/^https?:\/\/[^?#]+$/.test(url)) throw read.problem('url is one without query');
  const toleranceSeconds = read.count('toleranceSeconds', TOLERANCE_SECONDS_MAX) ?? TOLERANCE_SECONDS;
  const form = kind === 'hmac' ? hmacForm(read) : undefined;
  return { kind, account, region, sourceName, secret: () => secret, toleranceSeconds, url, organizationId, form };
}

function secretOf(read: WebhookReader, environment: Environment): Buffer {
  const variable = read.text('secretEnv');
  const secret = environment[variable];
  if (secret === undefined || secret === '') throw read.problem(`the environment variable ${variable} is not set`);
  return Buffer.from(secret);
}
