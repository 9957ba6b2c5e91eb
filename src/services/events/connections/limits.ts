// Numbers of connections. Source: API reference (members); EventBridge user guide, "Amazon EventBridge quotas".

export const NAME_LENGTH_MAX = 64;
export const DESCRIPTION_LENGTH_MAX = 512;
export const VALUE_LENGTH_MAX = 512;
export const ENDPOINT_LENGTH_MAX = 2048;
export const PARAMETERS_MAX = 100;
export const PAGE_MAX = 100;
export const NEXT_TOKEN_LENGTH_MAX = 2048;
/** Per account and region. A quota of AWS's fleet. */
export const CONNECTIONS_MAX = 3_000;
/** API reference, StateReason. */
export const STATE_REASON_LENGTH_MAX = 512;

/** Like a request to an API destination: user guide, "API destinations", 5 seconds. */
export const TOKEN_TIMEOUT_MS = 5_000;
/** A token's document is small; what is longer is none. */
export const TOKEN_ANSWER_BYTES_MAX = 64 * 1024;
/** User guide, "Authorization methods for connections": refreshed also when it is about to expire. AWS does not say how long before. */
export const TOKEN_MARGIN_MS = 60_000;
