// From a request to credentials, from credentials to what may be shown of them, and into the document and out of it, sealed.
//
// AWS keeps them in Secrets Manager and never gives them out again: DescribeConnection shows names, and of parameters those values that
// were said to be no secret.

import { assertDefined } from '#base/assert.ts';
import { base64Decode, base64Encode } from '#base/base64.ts';
import { utf8Decode, utf8Encode } from '#base/bytes.ts';
import type {
  ConnectionAuthResponseParameters,
  ConnectionHttpParameters,
  UpdateConnectionAuthRequestParameters,
} from '#wire/generated/events.ts';
import type { EventsTurn } from '../state.ts';
import type { Authorization, AuthorizationType, Credentials, HttpParameter, HttpParameters } from './documents.ts';

const SEAL_PURPOSE = 'events connection credentials';
const NONCE_BYTES = 12;

type Given = UpdateConnectionAuthRequestParameters;

/**
 * What was given for this type of authorization, laid over what was known of the same type. Undefined when something is missing.
 * AWS: user guide, "Updating connections": parameters of another type have no effect.
 */
export function credentialsOf(
  type: AuthorizationType,
  given: Given,
  known: Credentials | undefined,
): Credentials | undefined {
  const same = known?.authorization.type === type ? known.authorization : undefined;
  const authorization = authorizationOf(type, given, same);
  if (authorization === undefined) return undefined;
  const invocation = given.InvocationHttpParameters;
  return { authorization, invocation: invocation === undefined ? known?.invocation : parametersOf(invocation) };
}

/** Whether the request says anything about credentials of this type. */
export function saysAnything(type: AuthorizationType, given: Given | undefined): boolean {
  if (given === undefined) return false;
  return given.InvocationHttpParameters !== undefined || membersOf(type, given) !== undefined;
}

/** The parameters of other types that came along. */
export function foreignMembers(type: AuthorizationType, given: Given): readonly string[] {
  const members = { BASIC: 'BasicAuthParameters', API_KEY: 'ApiKeyAuthParameters' } as const;
  const all = { ...members, OAUTH_CLIENT_CREDENTIALS: 'OAuthParameters' } as const;
  return Object.entries(all).flatMap(([other, name]) => (other !== type && given[name] !== undefined ? [name] : []));
}

function membersOf(type: AuthorizationType, given: Given): object | undefined {
  if (type === 'BASIC') return given.BasicAuthParameters;
  return type === 'API_KEY' ? given.ApiKeyAuthParameters : given.OAuthParameters;
}

function authorizationOf(
  type: AuthorizationType,
  given: Given,
  known: Authorization | undefined,
): Authorization | undefined {
  if (type === 'BASIC') return basicOf(given, known);
  return type === 'API_KEY' ? apiKeyOf(given, known) : oauthOf(given, known);
}

function basicOf({ BasicAuthParameters: given }: Given, known: Authorization | undefined): Authorization | undefined {
  const before = known?.type === 'BASIC' ? known : undefined;
  const username = given?.Username ?? before?.username;
  const password = given?.Password ?? before?.password;
  return username === undefined || password === undefined ? undefined : { type: 'BASIC', username, password };
}

function apiKeyOf({ ApiKeyAuthParameters: given }: Given, known: Authorization | undefined): Authorization | undefined {
  const before = known?.type === 'API_KEY' ? known : undefined;
  const name = given?.ApiKeyName ?? before?.name;
  const value = given?.ApiKeyValue ?? before?.value;
  return name === undefined || value === undefined ? undefined : { type: 'API_KEY', name, value };
}

function oauthOf({ OAuthParameters: given }: Given, known: Authorization | undefined): Authorization | undefined {
  const before = known?.type === 'OAUTH_CLIENT_CREDENTIALS' ? known : undefined;
  const clientId = given?.ClientParameters?.ClientID ?? before?.clientId;
  const clientSecret = given?.ClientParameters?.ClientSecret ?? before?.clientSecret;
  const endpoint = given?.AuthorizationEndpoint ?? before?.endpoint;
  const method = given?.HttpMethod ?? before?.method;
  if (clientId === undefined || clientSecret === undefined || endpoint === undefined || method === undefined) {
    return undefined;
  }
  const http = given?.OAuthHttpParameters;
  const parameters = http === undefined ? before?.parameters : parametersOf(http);
  return { type: 'OAUTH_CLIENT_CREDENTIALS', clientId, clientSecret, endpoint, method, parameters };
}

function parametersOf(given: ConnectionHttpParameters): HttpParameters {
  return {
    headers: listOf(given.HeaderParameters),
    query: listOf(given.QueryStringParameters),
    body: listOf(given.BodyParameters),
  };
}

function listOf(given: ConnectionHttpParameters['HeaderParameters']): readonly HttpParameter[] {
  return (given ?? []).map(({ Key = '', Value = '', IsValueSecret = false }) => {
    return { key: Key, value: Value, isSecret: IsValueSecret };
  });
}

/** As DescribeConnection gives it. */
export function shownOf({ authorization, invocation }: Credentials): ConnectionAuthResponseParameters {
  return {
    ...shownAuthorization(authorization),
    ...(invocation === undefined ? {} : { InvocationHttpParameters: shownParameters(invocation) }),
  };
}

function shownAuthorization(authorization: Authorization): ConnectionAuthResponseParameters {
  if (authorization.type === 'BASIC') return { BasicAuthParameters: { Username: authorization.username } };
  if (authorization.type === 'API_KEY') return { ApiKeyAuthParameters: { ApiKeyName: authorization.name } };
  const { clientId, endpoint, method, parameters } = authorization;
  return {
    OAuthParameters: {
      ClientParameters: { ClientID: clientId },
      AuthorizationEndpoint: endpoint,
      HttpMethod: method,
      ...(parameters === undefined ? {} : { OAuthHttpParameters: shownParameters(parameters) }),
    },
  };
}

function shownParameters({ headers, query, body }: HttpParameters): ConnectionHttpParameters {
  return {
    ...(headers.length === 0 ? {} : { HeaderParameters: headers.map(shownParameter) }),
    ...(query.length === 0 ? {} : { QueryStringParameters: query.map(shownParameter) }),
    ...(body.length === 0 ? {} : { BodyParameters: body.map(shownParameter) }),
  };
}

function shownParameter({ key, value, isSecret }: HttpParameter) {
  return { Key: key, ...(isSecret ? {} : { Value: value }), IsValueSecret: isSecret };
}

/** Base64; only for the connection with this ARN. */
export function sealCredentials(turn: EventsTurn, arn: string, credentials: Credentials): string {
  const nonce = new Uint8Array(NONCE_BYTES);
  turn.entropy.fill(nonce);
  const plain = utf8Encode(JSON.stringify(credentials));
  return base64Encode(turn.digest.seal(keyOf(turn), plain, { nonce, label: arn }));
}

export function openCredentials(turn: EventsTurn, arn: string, sealed: string): Credentials {
  const bytes = assertDefined(base64Decode(sealed), 'a sealed text in base64');
  const plain = turn.digest.open(keyOf(turn), bytes, arn);
  return JSON.parse(utf8Decode(assertDefined(plain, `credentials of ${arn} that this store sealed`))) as Credentials;
}

function keyOf({ digest, secret }: EventsTurn): Uint8Array {
  return digest.deriveKey(secret, SEAL_PURPOSE);
}
