// Numbers of CloudWatch Logs. Source: API reference (PutLogEvents, FilterLogEvents, GetLogEvents, PutRetentionPolicy) and
// "CloudWatch Logs quotas" in the user guide.

const KIBIBYTE = 1024;
const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** PutLogEvents: the sum of messages in UTF-8 and 26 bytes for each. */
export const BATCH_BYTES_MAX = KIBIBYTE * KIBIBYTE;
export const EVENT_OVERHEAD_BYTES = 26;
export const EVENT_BYTES_MAX = KIBIBYTE * KIBIBYTE;
export const BATCH_EVENTS_MAX = 10_000;
export const BATCH_SPAN_MS_MAX = DAY_MS;
export const AHEAD_MS_MAX = 2 * HOUR_MS;
export const BEHIND_MS_MAX = 14 * DAY_MS;

/** GetLogEvents and FilterLogEvents: as many as fit in 1 MB, up to 10,000. */
export const PAGE_EVENTS_MAX = 10_000;
export const PAGE_BYTES_MAX = KIBIBYTE * KIBIBYTE;
/** Bytes one FilterLogEvents looks through before it answers with a token: bounded work for any pattern. */
export const SEARCH_BYTES_MAX = 8 * KIBIBYTE * KIBIBYTE;

export const DESCRIBE_MAX = 50;
export const TAGS_MAX = 50;
/** Subscription filters. */
export const FILTERS_PER_GROUP_MAX = 2;

export const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export const GROUP_NAME = { test: /^[._\-/#A-Za-z0-9]+$/, shown: '[\\.\\-_/#A-Za-z0-9]+' };
export const STREAM_NAME = { test: /^[^:*]*$/, shown: '[^:*]*' };
export const NAME_LENGTH_MAX = 512;

/** PutResourcePolicy. */
export const POLICY_LENGTH_MAX = 51_200;
export const ACCOUNT_POLICIES_MAX = 10;
