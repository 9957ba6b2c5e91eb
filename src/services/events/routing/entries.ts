// Entries of PutEvents: what makes a whole request wrong, and what only fails an entry. Texts are recorded replies of AWS (LocalStack,
// test_events.snapshot.json) but for those marked as ours.

import { utf8Length } from '#base/bytes.ts';
import type { AwsError } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type { PutEventsInput, PutEventsRequestEntry, PutEventsResultEntry } from '#wire/generated/events.ts';
import { OWN_BUS_NAME_OR_ARN } from '../constraints.ts';
import { notAvailable, validation } from '../errors.ts';
import {
  ARN_LENGTH_MAX,
  DETAIL_LEVELS_MAX,
  DETAIL_TYPE_LENGTH_MAX,
  ENTRIES_PER_PUT_MAX,
  ENTRY_BYTES_MAX,
} from '../limits.ts';
import { isJsonObject } from './detail-json.ts';

/** AWS: API reference, EventResource. */
const RESOURCE_LENGTH_MAX = 2_048;
/** What a date's text has room for: years 0 to 9999. */
const TIME_MS_MIN = -62_167_219_200_000;
const TIME_MS_MAX = 253_402_300_799_999;

/** Why the whole request is refused, or undefined. */
export function requestProblem({ Entries: entries, EndpointId }: PutEventsInput): AwsError | undefined {
  const broken = constraintProblem(entries);
  if (broken !== undefined) return validation(broken);
  if (EndpointId !== undefined) return notAvailable('EndpointId (global endpoints)');
  return isTooLarge(entries ?? [])
    ? validation('Total size of the entries in the request is over the limit.')
    : undefined;
}

function constraintProblem(entries: readonly PutEventsRequestEntry[] | undefined): string | undefined {
  if (entries !== undefined && entries.length > 0 && entries.length <= ENTRIES_PER_PUT_MAX) {
    if (entries.every(isWithinConstraints)) return undefined;
  }
  const checked = new Validation().required('entries', entries);
  if (entries === undefined) return checked.text;
  if (entries.length === 0 || entries.length > ENTRIES_PER_PUT_MAX) {
    return checked.length('entries', entries.map(shownEntry), { min: 1, max: ENTRIES_PER_PUT_MAX }).text;
  }
  for (const [i, entry] of entries.entries()) {
    const at = `entries.${i + 1}.member`;
    checked
      .required(at, entry)
      .length(`${at}.eventBusName`, entry?.EventBusName, { min: 1, max: ARN_LENGTH_MAX })
      .pattern(`${at}.eventBusName`, entry?.EventBusName, OWN_BUS_NAME_OR_ARN);
    for (const [j, resource] of (entry?.Resources ?? []).entries()) {
      const path = `${at}.resources.${j + 1}.member`;
      checked.required(path, resource).length(path, resource ?? undefined, { max: RESOURCE_LENGTH_MAX });
    }
  }
  return checked.text;
}

/** The common case, without making anything. */
function isWithinConstraints(entry: PutEventsRequestEntry | null): boolean {
  if (entry === null || entry === undefined) return false;
  const { EventBusName: bus, Resources: resources } = entry;
  if (bus !== undefined && (bus.length > ARN_LENGTH_MAX || !OWN_BUS_NAME_OR_ARN.test.test(bus))) return false;
  if (resources === undefined) return true;
  return resources.every((resource) => typeof resource === 'string' && resource.length <= RESOURCE_LENGTH_MAX);
}

/** As AWS writes an entry into the text of an error. */
function shownEntry(entry: PutEventsRequestEntry | null): string {
  const { Time, Source, Resources, DetailType, Detail, EventBusName, TraceHeader } = entry ?? {};
  const shown = (value: unknown): string => (value === undefined || value === null ? 'null' : String(value));
  const resources = Resources === undefined ? 'null' : `[${Resources.join(', ')}]`;
  return (
    `PutEventsRequestEntry(time=${shown(Time)}, source=${shown(Source)}, resources=${resources}, detailType=${shown(DetailType)}, ` +
    `detail=${shown(Detail)}, eventBusName=${shown(EventBusName)}, traceHeader=${shown(TraceHeader)}, kmsKeyIdentifier=null, internalMetadata=null)`
  );
}

/**
 * AWS: EventBridge user guide, "Calculating PutEvents event entry size": 14 bytes for a time, the others in UTF-8. The sum counts: an entry alone
 * has no limit of its own.
 */
function isTooLarge(entries: readonly PutEventsRequestEntry[]): boolean {
  let characters = 0;
  for (const entry of entries) for (const text of textsOf(entry)) characters += text.length;
  // A character has at most three bytes: most requests need not be counted out.
  if (characters * 3 + entries.length * 14 < ENTRY_BYTES_MAX) return false;
  return entries.reduce((sum, entry) => sum + entryBytes(entry), 0) >= ENTRY_BYTES_MAX;
}

export function entryBytes(entry: PutEventsRequestEntry): number {
  let bytes = entry.Time === undefined ? 0 : 14;
  for (const text of textsOf(entry)) bytes += utf8Length(text);
  return bytes;
}

function textsOf({
  Source = '',
  DetailType = '',
  Detail = '',
  Resources = [],
}: PutEventsRequestEntry): readonly string[] {
  return Resources.length === 0 ? [Source, DetailType, Detail] : [Source, DetailType, Detail, ...Resources];
}

/** Why this entry fails, or undefined. */
export function entryProblem(entry: PutEventsRequestEntry): PutEventsResultEntry | undefined {
  const { Source, DetailType, Detail, Time } = entry;
  if (!Source) return missing('Source');
  if (!DetailType) return missing('DetailType');
  if (!Detail) return missing('Detail');
  if (Source.startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  }
  // The texts of these two are ours.
  if (DetailType.length > DETAIL_TYPE_LENGTH_MAX) {
    return invalid('DetailType', `DetailType is longer than ${DETAIL_TYPE_LENGTH_MAX} characters.`);
  }
  if (Time !== undefined && !(Time >= TIME_MS_MIN && Time <= TIME_MS_MAX)) {
    return invalid('Time', 'Time is not between the years 0 and 9999.');
  }
  if (isJsonObject(Detail, DETAIL_LEVELS_MAX)) return undefined;
  return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
}

function missing(parameter: string): PutEventsResultEntry {
  return invalid(parameter, `${parameter} is a required argument.`);
}

function invalid(parameter: string, reason: string): PutEventsResultEntry {
  return { ErrorCode: 'InvalidArgument', ErrorMessage: `Parameter ${parameter} is not valid. Reason: ${reason}` };
}
