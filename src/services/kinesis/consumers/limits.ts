// Numbers of enhanced fan-out. Source: Kinesis API reference, RegisterStreamConsumer and SubscribeToShard.

/** On-demand Standard and provisioned streams. */
export const CONSUMERS_MAX = 20;
/** On-demand Advantage: streams on demand of an account with a billing commitment. */
export const ADVANTAGE_CONSUMERS_MAX = 50;
export const PAGE_DEFAULT = 100;
/** A subscription lasts five minutes. */
export const SUBSCRIPTION_MS = 300_000;
/** So long after a successful call a second one is refused; afterwards it takes over. */
export const TAKE_OVER_MS = 5_000;
/** A quiet shard's subscriber gets an event without records; AWS gives no number. */
export const KEEP_ALIVE_MS = 5_000;
/** Of one event. AWS gives no number; the rest of the process waits while one is written. */
export const EVENT_BYTES_MAX = 512 * 1024;
export const EVENT_RECORDS_MAX = 5_000;
