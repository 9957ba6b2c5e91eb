// Numbers of Pipes. Source: EventBridge user guide, "Amazon EventBridge Pipes batching and concurrency", "Event enrichment", "Logging EventBridge Pipes"; the
// lengths of the API reference are in settings/constraints.ts.

const MEBIBYTE = 1024 * 1024;

export const PIPES_MAX = 1_000;
export const TAGS_MAX = 50;
export const PAGE_MAX = 100;

/** Of SQS sources. */
export const BATCH_SIZE_DEFAULT = 10;
/** Of streams. */
export const STREAM_BATCH_SIZE_DEFAULT = 100;
/** A batch's events, and what an enrichment answers. */
export const BATCH_BYTES_MAX = 6 * MEBIBYTE;
/** An event that invokes a function asynchronously. Source: Lambda developer guide, "Lambda quotas". */
export const ASYNCHRONOUS_BYTES_MAX = MEBIBYTE;
/** Enrichment and target together. */
export const EXECUTION_MS_MAX = 5 * 60_000;

/** AWS begins with five batches at once and goes up to 1,250; one machine has room for fewer. */
export const BATCHES_START = 5;
export const BATCHES_MAX = 16;
/** Messages whose bodies are read in one go: a batch of thousands is worked through piece by piece. */
export const READ_AT_ONCE = 100;
/** Characters of all events under way in the process; beyond, pipes wait for one another. */
export const HELD_CHARACTERS_MAX = 128 * MEBIBYTE;

/** Between attempts with an enrichment or target that is throttled or cannot be reached. AWS does not publish its own. */
export const RETRY_DELAYS_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000];
/** After failed batches, one behind the other, the pipe takes the next one later and later. AWS: "will gradually back off". */
export const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000];
/** A source that cannot be read is looked at again. */
export const UNREADABLE_RETRY_MS = 30_000;

/** A record of a log, with the rest of what CloudWatch Logs counts. */
export const LOG_RECORD_BYTES_MAX = 256 * 1024 - 26;
export const STATE_REASON_LENGTH_MAX = 512;
