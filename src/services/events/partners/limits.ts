// Numbers of partner event sources. Source: botocore events/2015-10-07 where nothing is said.

export const SOURCE_NAME_LENGTH_MAX = 256;
export const PARTNER_ENTRIES_MAX = 20;
/** AWS: API reference, DeactivateEventSource: "If it remains in PENDING state for more than two weeks, it is deleted." */
export const PENDING_MS_MAX = 14 * 24 * 60 * 60 * 1_000;
