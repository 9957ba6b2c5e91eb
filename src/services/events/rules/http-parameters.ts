// AWS's constraints of a target's HttpParameters. Source: API reference, HttpParameters; the paths in the texts are plausible.

import type { Validation } from '#model/validation.ts';
import type { HttpParameters } from '#wire/generated/events.ts';
import { HEADER_KEY, HEADER_VALUE, QUERY_KEY, QUERY_VALUE, type ValueForm } from '../connections/http-values.ts';

const LENGTH_MAX = 512;
const PATH_VALUE: ValueForm = { test: /\S/, shown: '^(?!\\s*$).+' };

export function httpParametersConstraints(checked: Validation, at: string, given: HttpParameters | undefined): void {
  if (given === undefined) return;
  const { PathParameterValues: path, HeaderParameters: headers, QueryStringParameters: query } = given;
  for (const [i, value] of (path ?? []).entries()) {
    const member = `${at}.pathParameterValues.${i + 1}.member`;
    checked.required(member, value).pattern(member, value ?? undefined, PATH_VALUE);
  }
  mapConstraints(checked, { at: `${at}.headerParameters`, map: headers, key: HEADER_KEY, value: HEADER_VALUE });
  mapConstraints(checked, { at: `${at}.queryStringParameters`, map: query, key: QUERY_KEY, value: QUERY_VALUE });
}

interface GivenMap {
  readonly at: string;
  readonly map: Readonly<Record<string, string>> | undefined;
  readonly key: ValueForm;
  readonly value: ValueForm;
}

function mapConstraints(checked: Validation, { at, map = {}, key: keyForm, value: valueForm }: GivenMap): void {
  for (const [key, value] of Object.entries(map)) {
    checked.length(`${at}.key`, key, { max: LENGTH_MAX }).pattern(`${at}.key`, key, keyForm);
    const member = `${at}.${key}`;
    checked
      .required(member, value)
      .length(member, value ?? undefined, { max: LENGTH_MAX })
      .pattern(member, value ?? undefined, valueForm);
  }
}
