// Numbers of API destinations. Sources: AWS, EventBridge user guide, "API destinations" and "Amazon EventBridge quotas"; API reference; ours
// where it says so.

export const NAME_LENGTH_MAX = 64;
export const DESCRIPTION_LENGTH_MAX = 512;
export const ENDPOINT_LENGTH_MAX = 2048;
/** Quota "Invocations per API destination"; also what holds when nothing was said (recorded). */
export const RATE_MAX = 300;
/** Per account and region. A quota of AWS's fleet. */
export const DESTINATIONS_MAX = 3_000;

/** "EventBridge requests to an API destination endpoint must have a maximum client execution timeout of 5 seconds." Of rules and of pipes. */
export const REQUEST_TIMEOUT_MS = 5_000;
/** Header Range: bytes=0-1048575. */
export const ANSWER_BYTES_MAX = 1024 * 1024;
/** Pipes user guide, "Event enrichment": responses are limited to 6 MB. */
export const ENRICHMENT_BYTES_MAX = 6 * 1024 * 1024;

/** Ours: requests of one destination that wait for an answer at the same time. */
export const OPEN_PER_DESTINATION_MAX = 64;
/** Ours: of all destinations. No destination gets more than a quarter of what is free, so that there is always room for another one. */
export const OPEN_MAX = 1_024;
export const SHARE_OF_FREE = 4;

/** Ours: what waits in memory for its turn; what comes beyond waits as a delivery, in the journal. */
export const WAITING_PER_DESTINATION_MAX = 1_000;
export const WAITING_CHARACTERS_MAX = 64 * 1024 * 1024;
/** Ours: how exactly the rate is kept; not less often than this a destination that has to wait is looked at. */
export const PACE_STEP_MS = 20;
