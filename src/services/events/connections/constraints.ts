// AWS's front-end validation of what connections are made of: every broken constraint of a request in one text. Source: API reference.

import { Validation } from '#model/validation.ts';
import type {
  ConnectionHttpParameters,
  CreateConnectionInput,
  UpdateConnectionAuthRequestParameters,
  UpdateConnectionInput,
} from '#wire/generated/events.ts';
import {
  AUTH_VALUE,
  ENDPOINT_FORM,
  HEADER_KEY,
  HEADER_VALUE,
  NAME_FORM,
  QUERY_KEY,
  QUERY_VALUE,
  type ValueForm,
} from './http-values.ts';
import {
  DESCRIPTION_LENGTH_MAX,
  ENDPOINT_LENGTH_MAX,
  NAME_LENGTH_MAX,
  NEXT_TOKEN_LENGTH_MAX,
  PAGE_MAX,
  PARAMETERS_MAX,
  VALUE_LENGTH_MAX,
} from './limits.ts';

/** In the order of a recorded reply. */
export const AUTHORIZATION_TYPES = ['BASIC', 'OAUTH_CLIENT_CREDENTIALS', 'API_KEY'];
const OAUTH_METHODS = ['GET', 'POST', 'PUT'];

export function nameConstraints(name: string | undefined, checked = new Validation()): Validation {
  return checked
    .required('name', name)
    .length('name', name, { min: 1, max: NAME_LENGTH_MAX })
    .pattern('name', name, NAME_FORM);
}

export function listConstraints(
  input: {
    readonly NamePrefix?: string | undefined;
    readonly NextToken?: string | undefined;
    readonly Limit?: number | undefined;
  },
  checked: Validation,
): Validation {
  return checked
    .length('namePrefix', input.NamePrefix, { min: 1, max: NAME_LENGTH_MAX })
    .pattern('namePrefix', input.NamePrefix, NAME_FORM)
    .length('nextToken', input.NextToken, { min: 1, max: NEXT_TOKEN_LENGTH_MAX })
    .range('limit', input.Limit, { min: 1, max: PAGE_MAX });
}

export function createConstraints(input: CreateConnectionInput): string | undefined {
  const checked = nameConstraints(input.Name)
    .length('description', input.Description, { max: DESCRIPTION_LENGTH_MAX })
    .required('authorizationType', input.AuthorizationType)
    .oneOf('authorizationType', input.AuthorizationType, AUTHORIZATION_TYPES)
    .required('authParameters', input.AuthParameters);
  requireMembers(checked, input);
  authConstraints(checked, input.AuthParameters);
  return checked.text;
}

export function updateConstraints(input: UpdateConnectionInput): string | undefined {
  const checked = nameConstraints(input.Name)
    .length('description', input.Description, { max: DESCRIPTION_LENGTH_MAX })
    .oneOf('authorizationType', input.AuthorizationType, AUTHORIZATION_TYPES);
  authConstraints(checked, input.AuthParameters);
  return checked.text;
}

/** What a new connection must say; an update may leave out what stays. */
function requireMembers(checked: Validation, { AuthParameters: auth }: CreateConnectionInput): void {
  const { BasicAuthParameters: basic, ApiKeyAuthParameters: apiKey, OAuthParameters: oauth } = auth ?? {};
  if (basic !== undefined) {
    checked.required('authParameters.basicAuthParameters.username', basic.Username);
    checked.required('authParameters.basicAuthParameters.password', basic.Password);
  }
  if (apiKey !== undefined) {
    checked.required('authParameters.apiKeyAuthParameters.apiKeyName', apiKey.ApiKeyName);
    checked.required('authParameters.apiKeyAuthParameters.apiKeyValue', apiKey.ApiKeyValue);
  }
  if (oauth === undefined) return;
  const path = 'authParameters.oAuthParameters';
  checked.required(`${path}.clientParameters`, oauth.ClientParameters);
  if (oauth.ClientParameters !== undefined) {
    checked.required(`${path}.clientParameters.clientID`, oauth.ClientParameters.ClientID);
    checked.required(`${path}.clientParameters.clientSecret`, oauth.ClientParameters.ClientSecret);
  }
  checked.required(`${path}.authorizationEndpoint`, oauth.AuthorizationEndpoint);
  checked.required(`${path}.httpMethod`, oauth.HttpMethod);
}

function authConstraints(checked: Validation, auth: UpdateConnectionAuthRequestParameters | undefined): void {
  if (auth === undefined) return;
  const { BasicAuthParameters: basic, ApiKeyAuthParameters: apiKey, OAuthParameters: oauth } = auth;
  const path = 'authParameters';
  authValue(checked, `${path}.basicAuthParameters.username`, basic?.Username);
  secretValue(checked, `${path}.basicAuthParameters.password`, basic?.Password);
  authValue(checked, `${path}.apiKeyAuthParameters.apiKeyName`, apiKey?.ApiKeyName);
  secretValue(checked, `${path}.apiKeyAuthParameters.apiKeyValue`, apiKey?.ApiKeyValue);
  httpConstraints(checked, `${path}.invocationHttpParameters`, auth.InvocationHttpParameters);
  const oauthPath = `${path}.oAuthParameters`;
  authValue(checked, `${oauthPath}.clientParameters.clientID`, oauth?.ClientParameters?.ClientID);
  secretValue(checked, `${oauthPath}.clientParameters.clientSecret`, oauth?.ClientParameters?.ClientSecret);
  checked
    .length(`${oauthPath}.authorizationEndpoint`, oauth?.AuthorizationEndpoint, { min: 1, max: ENDPOINT_LENGTH_MAX })
    .pattern(`${oauthPath}.authorizationEndpoint`, oauth?.AuthorizationEndpoint, ENDPOINT_FORM)
    .oneOf(`${oauthPath}.httpMethod`, oauth?.HttpMethod, OAUTH_METHODS);
  httpConstraints(checked, `${oauthPath}.oAuthHttpParameters`, oauth?.OAuthHttpParameters);
}

function authValue(checked: Validation, path: string, value: string | undefined): void {
  checked.length(path, value, { min: 1, max: VALUE_LENGTH_MAX }).pattern(path, value, AUTH_VALUE);
}

function secretValue(checked: Validation, path: string, value: string | undefined): void {
  checked.secret(path, value, { pattern: AUTH_VALUE, min: 1, max: VALUE_LENGTH_MAX });
}

function httpConstraints(checked: Validation, path: string, given: ConnectionHttpParameters | undefined): void {
  if (given === undefined) return;
  const { HeaderParameters: headers, QueryStringParameters: query, BodyParameters: body } = given;
  const headerForms = { key: HEADER_KEY, value: HEADER_VALUE };
  const queryForms = { key: QUERY_KEY, value: QUERY_VALUE };
  parameterConstraints(checked, { path: `${path}.headerParameters`, list: headers, forms: headerForms });
  parameterConstraints(checked, { path: `${path}.queryStringParameters`, list: query, forms: queryForms });
  parameterConstraints(checked, { path: `${path}.bodyParameters`, list: body, forms: undefined });
}

interface GivenParameters {
  readonly path: string;
  readonly list: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined;
  /** Body parameters have none. */
  readonly forms: { readonly key: ValueForm; readonly value: ValueForm } | undefined;
}

function parameterConstraints(checked: Validation, { path, list = [], forms }: GivenParameters): void {
  if (list.length > PARAMETERS_MAX) {
    const keys = list.map((parameter) => parameter?.Key ?? '');
    checked.length(path, keys, { max: PARAMETERS_MAX });
    return;
  }
  for (const [i, parameter] of list.entries()) {
    const { Key, Value } = parameter ?? {};
    const at = `${path}.${i + 1}.member`;
    // AWS does not demand the two; without one of them there is nothing that could be sent.
    checked.required(`${at}.key`, Key).required(`${at}.value`, Value);
    if (forms === undefined) continue;
    checked.length(`${at}.key`, Key, { max: VALUE_LENGTH_MAX }).pattern(`${at}.key`, Key, forms.key);
    checked.secret(`${at}.value`, Value, { pattern: forms.value, max: VALUE_LENGTH_MAX });
  }
}
