// What a webhook is: who sends it, how the sender proves that it is itself, and whose bus its events go to.

import type { WireHeaders } from '#wire/http-message.ts';

export const KINDS = ['stripe', 'github', 'shopify', 'twilio', 'zendesk', 'salesforce', 'hmac'] as const;
export type Kind = (typeof KINDS)[number];

export interface Webhook {
  readonly kind: Kind;
  readonly account: string;
  readonly region: string;
  /** `aws.partner/stripe.com/billing`: also the name of the bus. */
  readonly sourceName: string;
  /** A function, so that nothing that prints a configuration prints it. */
  readonly secret: () => Buffer;
  /** How old what is signed with a time may be, and how far in the future. */
  readonly toleranceSeconds: number;
  /** The URL that the sender was given, when a proxy makes it another one here: for kinds that sign it. */
  readonly url?: string | undefined;
  /** Salesforce. */
  readonly organizationId?: string | undefined;
  /** Kind `hmac`. */
  readonly form?: HmacForm | undefined;
}

export interface HmacForm {
  /** Lower case. */
  readonly header: string;
  readonly algorithm: 'sha1' | 'sha256' | 'sha512';
  readonly encoding: 'hex' | 'base64';
  /** Before the signature in the header: `sha256=`. */
  readonly prefix: string;
  /** Lower case. Its value and the separator come before the body in what is signed. */
  readonly timestampHeader?: string | undefined;
  readonly separator: string;
  readonly detailTypeHeader?: string | undefined;
  /** `event.type`: names of members, from the outside in. */
  readonly detailTypePath?: readonly string[] | undefined;
  readonly detailType?: string | undefined;
}

/** A request at the webhook's path. */
export interface Arrival {
  readonly headers: WireHeaders;
  /** As the client used it, with the query. */
  readonly url: string;
  readonly query: URLSearchParams;
  /** As it was sent. */
  readonly body: Uint8Array;
  /** The machine's time: senders sign with theirs. */
  readonly nowMs: number;
}

export interface WebhookEvent {
  readonly detailType: string;
  /** JSON text of an object. */
  readonly detail: string;
  /** As the sender's own integration names them; none without it. */
  readonly resources?: readonly string[];
}

/** Why it is not taken; the text goes to the sender and tells nothing that only a sender should know. */
export interface Problem {
  readonly status: 400 | 401;
  readonly text: string;
}

export type Reading = { readonly problem: Problem } | { readonly events: readonly WebhookEvent[] };

export const unsigned = (text: string): { problem: Problem } => ({ problem: { status: 401, text } });
export const unreadable = (text: string): { problem: Problem } => ({ problem: { status: 400, text } });
