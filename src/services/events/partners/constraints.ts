// AWS's front-end validation of partner event sources. Source: botocore events/2015-10-07 (lengths, patterns).

import { Validation } from '#model/validation.ts';
import type {
  ListEventSourcesInput,
  ListPartnerEventSourcesInput,
  PutPartnerEventsRequestEntry,
} from '#wire/generated/events.ts';
import { NEXT_TOKEN_LENGTH_MAX, PAGE_MAX } from '../limits.ts';
import { PARTNER_ENTRIES_MAX, SOURCE_NAME_LENGTH_MAX } from './limits.ts';

const SOURCE_NAME = {
  test: /^aws\.partner(\/[.\-_A-Za-z0-9]+){2,}$/,
  shown: 'aws\\.partner(/[\\.\\-_A-Za-z0-9]+){2,}',
};
const OFFERED_PREFIX = {
  test: /^aws\.partner\/[.\-_A-Za-z0-9]+\/[/.\-_A-Za-z0-9]*$/,
  shown: 'aws\\.partner/[\\.\\-_A-Za-z0-9]+/[/\\.\\-_A-Za-z0-9]*',
};
const PREFIX = { test: /^[/.\-_A-Za-z0-9]+$/, shown: '[/\\.\\-_A-Za-z0-9]+' };
/** API reference, EventResource. */
const RESOURCE_LENGTH_MAX = 2_048;
const ACCOUNT = { test: /^\d{12}$/, shown: '\\d{12}' };

export function isSourceName(name: string): boolean {
  return name.length <= SOURCE_NAME_LENGTH_MAX && SOURCE_NAME.test.test(name);
}

export function sourceConstraints(path: string, name: string | undefined, checked = new Validation()): Validation {
  return sourceForm(path, name, checked.required(path, name));
}

/** Of a name that may be missing. */
export function sourceForm(path: string, name: string | undefined, checked: Validation): Validation {
  return checked.length(path, name, { min: 1, max: SOURCE_NAME_LENGTH_MAX }).pattern(path, name, SOURCE_NAME);
}

export function accountConstraints(account: string | undefined, checked: Validation): Validation {
  return checked
    .required('account', account)
    .length('account', account, { min: 12, max: 12 })
    .pattern('account', account, ACCOUNT);
}

interface Paged {
  readonly NextToken?: string | undefined;
  readonly Limit?: number | undefined;
}

export function pageOfSourcesConstraints({ NextToken, Limit }: Paged, checked = new Validation()): Validation {
  return checked
    .length('nextToken', NextToken, { min: 1, max: NEXT_TOKEN_LENGTH_MAX })
    .range('limit', Limit, { min: 1, max: PAGE_MAX });
}

export function offeredListConstraints(input: ListPartnerEventSourcesInput): Validation {
  const { NamePrefix } = input;
  const checked = new Validation()
    .required('namePrefix', NamePrefix)
    .length('namePrefix', NamePrefix, { min: 1, max: SOURCE_NAME_LENGTH_MAX })
    .pattern('namePrefix', NamePrefix, OFFERED_PREFIX);
  return pageOfSourcesConstraints(input, checked);
}

export function sourceListConstraints(input: ListEventSourcesInput): Validation {
  const { NamePrefix } = input;
  const checked = new Validation()
    .length('namePrefix', NamePrefix, { min: 1, max: SOURCE_NAME_LENGTH_MAX })
    .pattern('namePrefix', NamePrefix, PREFIX);
  return pageOfSourcesConstraints(input, checked);
}

export function entriesConstraints(entries: readonly PutPartnerEventsRequestEntry[] | undefined): Validation {
  const checked = new Validation().required('entries', entries);
  if (entries === undefined) return checked;
  const isCountWrong = entries.length === 0 || entries.length > PARTNER_ENTRIES_MAX;
  if (isCountWrong) return checked.length('entries', entries.map(shownEntry), { min: 1, max: PARTNER_ENTRIES_MAX });
  for (const [i, entry] of entries.entries()) {
    const at = `entries.${i + 1}.member`;
    sourceForm(`${at}.source`, entry?.Source, checked.required(at, entry));
    for (const [j, resource] of (entry?.Resources ?? []).entries()) {
      const path = `${at}.resources.${j + 1}.member`;
      checked.required(path, resource).length(path, resource ?? undefined, { max: RESOURCE_LENGTH_MAX });
    }
  }
  return checked;
}

/** Which ones: what is in them is too long for an error. */
function shownEntry(entry: PutPartnerEventsRequestEntry | null): string {
  return `PutPartnerEventsRequestEntry(source=${entry?.Source ?? 'null'}, detailType=${entry?.DetailType ?? 'null'})`;
}
