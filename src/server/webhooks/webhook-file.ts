// The file of `--webhooks`: which webhooks there are. Everything in it is checked before the server starts; what is not known is refused. Secrets
// are not in it, only the names of the environment variables that have them.

import { readFileSync } from 'node:fs';
import { StartupProblem } from '#base/startup-problem.ts';
import { DEFAULT_ACCOUNT, DEFAULT_REGION } from '#model/scope.ts';
import { isSourceName } from '#services/events/partners/constraints.ts';
import { nearestName } from '../config/nearest-name.ts';
import { hmacForm } from './hmac-form.ts';
import { KINDS, type Kind, type Webhook } from './webhook.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Given = Readonly<Record<string, unknown>>;

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
    const read = new Reader(`webhook ${i + 1}`, given);
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

function webhookOf(read: Reader, environment: Environment): Webhook {
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

function secretOf(read: Reader, environment: Environment): Buffer {
  const variable = read.text('secretEnv');
  const secret = environment[variable];
  if (secret === undefined || secret === '') throw read.problem(`the environment variable ${variable} is not set`);
  return Buffer.from(secret);
}

/** Members of one webhook, each looked at in the same way. */
export class Reader {
  private readonly given: Given;

  constructor(
    private readonly what: string,
    given: unknown,
  ) {
    if (!isGiven(given)) throw problem(`In the file of webhooks ${what} is no object.`);
    this.given = given;
  }

  problem(sentence: string): StartupProblem {
    return problem(`In the file of webhooks, ${this.what}: ${sentence}.`);
  }

  refuseOthers(known: readonly string[]): void {
    const other = Object.keys(this.given).find((name) => !known.includes(name));
    if (other === undefined) return;
    const nearest = nearestName(other, known);
    throw this.problem(`${other} is not known${nearest === undefined ? '' : ` (did you mean ${nearest}?)`}`);
  }

  text(name: string): string {
    const value = this.optional(name);
    if (value === undefined || value === '') throw this.problem(`${name} is missing`);
    return value;
  }

  optional(name: string): string | undefined {
    const value = this.given[name];
    if (value === undefined || typeof value === 'string') return value;
    throw this.problem(`${name} is a text`);
  }

  choice<T extends string>(name: string, choices: readonly T[], fallback?: T): T {
    const value = this.optional(name) ?? fallback;
    const found = choices.find((choice) => choice === value);
    if (found === undefined) throw this.problem(`${name} is one of ${choices.join(', ')}`);
    return found;
  }

  count(name: string, max: number): number | undefined {
    const value = this.given[name];
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max) return value;
    throw this.problem(`${name} is a whole number from 1 to ${max}`);
  }
}

function isGiven(value: unknown): value is Given {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function problem(sentence: string): StartupProblem {
  return new StartupProblem('CFG-05', sentence);
}
