// A connection as it is stored, and what is sealed in it. The document is readable by whoever reads the journal; what is secret is in `sealed`
// only, as bytes that the store's own key opens (`credentials.ts`).

import type { ConnectionAuthResponseParameters } from '#wire/generated/events.ts';

export type AuthorizationType = 'BASIC' | 'API_KEY' | 'OAUTH_CLIENT_CREDENTIALS';

/**
 * AWS: EventBridge user guide, "Connection states": a connection to public APIs is AUTHORIZED or DEAUTHORIZED; with OAuth AUTHORIZING
 * until a token was got. What AWS shows while it creates, updates or deletes is over here before anybody can look.
 */
export type ConnectionState = 'AUTHORIZED' | 'AUTHORIZING' | 'DEAUTHORIZED';

export interface ConnectionDoc {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly description?: string | undefined;
  readonly authorizationType: AuthorizationType;
  readonly state: ConnectionState;
  readonly stateReason?: string | undefined;
  /** As DescribeConnection shows it: names and what was said to be no secret. Gone when it was deauthorized by hand. */
  readonly shown?: ConnectionAuthResponseParameters | undefined;
  /** Base64 of the sealed {@link Credentials}; gone with `shown`. */
  readonly sealed?: string | undefined;
  /** Of the secret that AWS would keep in Secrets Manager; a name only, here the secret is in the connection. */
  readonly secretArn?: string | undefined;
  /** Grows with every change of the credentials: a token belongs to one revision. */
  readonly revision: number;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
  readonly authorizedAtMs?: number | undefined;
}

export interface HttpParameter {
  readonly key: string;
  readonly value: string;
  readonly isSecret: boolean;
}

export interface HttpParameters {
  readonly headers: readonly HttpParameter[];
  readonly query: readonly HttpParameter[];
  readonly body: readonly HttpParameter[];
}

export type Authorization =
  | { readonly type: 'BASIC'; readonly username: string; readonly password: string }
  | { readonly type: 'API_KEY'; readonly name: string; readonly value: string }
  | {
      readonly type: 'OAUTH_CLIENT_CREDENTIALS';
      readonly clientId: string;
      readonly clientSecret: string;
      readonly endpoint: string;
      readonly method: string;
      readonly parameters: HttpParameters | undefined;
    };

/** In the open: in memory only, as long as a request is made of it. */
export interface Credentials {
  readonly authorization: Authorization;
  /** Added to every request to an API destination. */
  readonly invocation: HttpParameters | undefined;
}
