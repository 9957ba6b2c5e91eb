// AWS's front-end validation of what names buses, rules and tags: every broken constraint of a request in one text.
// Source: botocore events/2015-10-07 (lengths, patterns); texts of replies recorded in public test suites.

import type { Validation } from '#model/validation.ts';
import type { Tag } from '#wire/generated/events.ts';
import {
  ARN_LENGTH_MAX,
  BUS_NAME_LENGTH_MAX,
  NEXT_TOKEN_LENGTH_MAX,
  PAGE_MAX,
  RULE_NAME_LENGTH_MAX,
} from './limits.ts';

interface Form {
  readonly test: RegExp;
  readonly shown: string;
}

export const PLAIN_NAME: Form = { test: /^[.\-_A-Za-z0-9]+$/, shown: '[\\.\\-_A-Za-z0-9]+' };
export const BUS_NAME: Form = { test: /^[/.\-_A-Za-z0-9]+$/, shown: '[/\\.\\-_A-Za-z0-9]+' };
const BUS_NAME_OR_ARN: Form = {
  test: /^(arn:aws[\w-]*:events:[a-z]+-[a-z]+-[\w-]+:[0-9]{12}:event-bus\/)?[/.\-_A-Za-z0-9]+$/,
  shown: '(arn:aws[\\w-]*:events:[a-z]+-[a-z]+-[\\w-]+:[0-9]{12}:event-bus\\/)?[/\\.\\-_A-Za-z0-9]+',
};
/** Where a partner bus cannot be meant. */
export const OWN_BUS_NAME_OR_ARN: Form = {
  test: /^(arn:aws[\w-]*:events:[a-z]+-[a-z]+-[\w-]+:[0-9]{12}:event-bus\/)?[.\-_A-Za-z0-9]+$/,
  shown: '(arn:aws[\\w-]*:events:[a-z]+-[a-z]+-[\\w-]+:[0-9]{12}:event-bus\\/)?[\\.\\-_A-Za-z0-9]+',
};
const TAG_KEY_LENGTH_MAX = 128;
const TAG_VALUE_LENGTH_MAX = 256;

export function busNameConstraints(checked: Validation, path: string, name: string | undefined): Validation {
  return checked.length(path, name, { min: 1, max: BUS_NAME_LENGTH_MAX }).pattern(path, name, BUS_NAME);
}

export function busConstraints(checked: Validation, path: string, nameOrArn: string | undefined): Validation {
  return checked.length(path, nameOrArn, { min: 1, max: ARN_LENGTH_MAX }).pattern(path, nameOrArn, BUS_NAME_OR_ARN);
}

/** A rule's or a target's name. */
export function nameConstraints(checked: Validation, path: string, name: string | undefined): Validation {
  return checked
    .required(path, name)
    .length(path, name, { min: 1, max: RULE_NAME_LENGTH_MAX })
    .pattern(path, name, PLAIN_NAME);
}

export function pageConstraints(
  checked: Validation,
  { NextToken, Limit }: { readonly NextToken?: string | undefined; readonly Limit?: number | undefined },
): Validation {
  return checked
    .length('nextToken', NextToken, { min: 1, max: NEXT_TOKEN_LENGTH_MAX })
    .range('limit', Limit, { min: 1, max: PAGE_MAX });
}

export function tagConstraints(checked: Validation, tags: readonly Tag[] = []): Validation {
  for (const [i, tag] of tags.entries()) {
    const at = `tags.${i + 1}.member`;
    checked
      .required(`${at}.key`, tag?.Key)
      .length(`${at}.key`, tag?.Key, { min: 1, max: TAG_KEY_LENGTH_MAX })
      .required(`${at}.value`, tag?.Value)
      .length(`${at}.value`, tag?.Value, { max: TAG_VALUE_LENGTH_MAX });
  }
  return checked;
}
