// What may stand in headers, queries and URLs. AWS's patterns are shown in refusals as AWS writes them, but checked in another way: as
// they are written, some of them take exponential time on texts that do not match.
//
// Source: API reference (HeaderKey, HeaderValueSensitive, QueryStringKey, QueryStringValueSensitive, AuthHeaderParameters, HttpsEndpoint).

export interface ValueForm {
  readonly test: RegExp;
  readonly shown: string;
}

export const NAME_FORM: ValueForm = { test: /^[.\-_A-Za-z0-9]+$/, shown: '[\\.\\-_A-Za-z0-9]+' };

export const HEADER_KEY: ValueForm = {
  test: /^[!#$%&'*+\-.^_`|~0-9a-zA-Z]+$/,
  shown: "^[!#$%&'*+-.^_`|~0-9a-zA-Z]+$",
};

/** Visible characters, spaces and tabs, not tabs alone. */
export const HEADER_VALUE: ValueForm = {
  test: /^\t*[\x20-\x7e][\t\x20-\x7e]*$/,
  shown: '^[ \\t]*[\\x20-\\x7E]+([ \\t]+[\\x20-\\x7E]+)*[ \\t]*$',
};

/** No control characters but tabs, no colon, not tabs alone. */
export const AUTH_VALUE: ValueForm = {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
  test: /^\t*[^\x00-\x1f:\x7f][^\x00-\x08\x0a-\x1f:\x7f]*$/,
  shown: '^[ \\t]*[^\\x00-\\x1F:\\x7F]+([ \\t]+[^\\x00-\\x1F:\\x7F]+)*[ \\t]*$',
};

export const QUERY_KEY: ValueForm = {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
  test: /^[^\x00-\x1f\x7f]+$/,
  shown: '[^\\x00-\\x1F\\x7F]+',
};

export const QUERY_VALUE: ValueForm = {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
  test: /^[^\x00-\x09\x0b\x0c\x0e-\x1f\x7f]+$/,
  shown: '[^\\x00-\\x09\\x0B\\x0C\\x0E-\\x1F\\x7F]+',
};

export const ENDPOINT_FORM: ValueForm = {
  test: /^(?:%[0-9A-Fa-f]{2}|[-()_.!~*';/?:@&=+$,A-Za-z0-9])+$/,
  shown: "^((%[0-9A-Fa-f]{2}|[-()_.!~*';/?:@\\x26=+$,A-Za-z0-9])+)([).!';/?:,])?$",
};

/** https, or http: see the README. A host and perhaps a port, no user, no wildcard before the path. */
const URL_FORM = /^https?:\/\/[A-Za-z0-9._~-]+(?::\d{1,5})?(?:[/?].*)?$/i;

export function isEndpointUrl(text: string): boolean {
  return URL_FORM.test(text);
}
