// Numbers of Lambda. Source: Lambda developer guide, "Lambda quotas", and the API reference of each operation.

const KIBIBYTE = 1024;
const MEBIBYTE = KIBIBYTE * KIBIBYTE;

export const TIMEOUT_SECONDS = { min: 1, max: 900 };
export const TIMEOUT_SECONDS_DEFAULT = 3;
export const MEMORY_MB = { min: 128, max: 10_240 };
export const MEMORY_MB_DEFAULT = 128;
export const EPHEMERAL_MB = 512;

export const ZIP_BYTES_MAX = 52_428_800;
export const UNZIPPED_BYTES_MAX = 262_144_000;
export const ENVIRONMENT_BYTES_MAX = 4 * KIBIBYTE;

export const SYNCHRONOUS_BYTES_MAX = 6 * MEBIBYTE;
/** 1 MB since October 2025, 256 KB before. */
export const ASYNCHRONOUS_BYTES_MAX = MEBIBYTE;
export const CLIENT_CONTEXT_BYTES_MAX = 3_583;

export const CONCURRENCY_MAX = 1_000;
export const CONCURRENCY_UNRESERVED_MIN = 100;

export const RETRY_ATTEMPTS = { min: 0, max: 2 };
export const EVENT_AGE_SECONDS = { min: 60, max: 21_600 };
/** Between attempts: one minute, then two. Source: "How Lambda handles errors and retries with asynchronous invocation". */
export const RETRY_DELAYS_MS = [60_000, 120_000];
/** While the function has no concurrency left, its events wait; this many attempts of one function run at once here. */
export const ASYNCHRONOUS_AT_ONCE = 16;

export const BATCH_SIZE_DEFAULT = 10;
export const BATCH_SIZE = { min: 1, max: 10_000 };
export const BATCH_SIZE_WITHOUT_WINDOW_MAX = 10;
export const BATCH_WINDOW_SECONDS = { min: 0, max: 300 };
export const MAPPING_CONCURRENCY = { min: 2, max: 1_000 };
/** Of streams. */
export const STREAM_BATCH_SIZE_DEFAULT = 100;
/** An event for a function, less what is around its records. */
export const STREAM_BATCH_BYTES_MAX = SYNCHRONOUS_BYTES_MAX - 4 * KIBIBYTE;
/** Source: Lambda developer guide, "Tumbling windows": 1 MB a shard. */
export const WINDOW_STATE_BYTES_MAX = MEBIBYTE;
export const FILTERS_MAX = 5;
export const FILTER_LENGTH_MAX = 4_096;
/** AWS begins with five pollers and adds more while there is a backlog; one machine has room for fewer. */
export const POLLERS_START = 5;
export const POLLERS_MAX = 16;

export const LIST_MAX = 50;
export const MAPPINGS_LIST_MAX = 100;
export const TAGS_MAX = 50;
export const POLICY_BYTES_MAX = 20 * KIBIBYTE;
export const CODE_STORAGE_BYTES_MAX = 80_530_636_800;
