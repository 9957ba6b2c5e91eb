// AWS's numbers: API reference of EventBridge Scheduler (constraints of the shapes) and user guide, "Quotas".

export const DEFAULT_GROUP = 'default';

export const PAGE_SIZE_MAX = 100;
/** AWS, "Quotas": schedule groups per account and region, schedules per account and region. Enforced in the `aws` mode of limits. */
export const GROUPS_MAX = 500;
export const SCHEDULES_MAX = 10_000_000;

/** AWS: General Reference, "Tag naming limits and requirements". */
export const TAGS_MAX = 50;

/** AWS's reply: "The StartDate you specify cannot be earlier than 5 minutes ago." */
export const START_AGE_MS_MAX = 5 * 60_000;
/**
 * A one-time schedule whose time is at most this long ago still runs, at once: AWS promises the minute, not the second. An
 * earlier one never runs.
 */
export const LATE_MS_MAX = 60_000;

export const WINDOW_MINUTES_MAX = 1_440;
export const RETRIES_MAX = 185;
export const AGE_SECONDS_MIN = 60;
export const AGE_SECONDS_MAX = 86_400;

/** How long a client token of a deletion is remembered; AWS does not say. Longer than any SDK's retries. */
export const DELETION_MEMORY_MS = 10 * 60_000;
/** Schedules of a deleted group that go in one turn: what else is due waits no longer than that. */
export const DELETIONS_PER_TURN = 500;
