// Numbers of SNS with their source. AWS, "Amazon SNS endpoints and quotas", and the API reference of each operation.

/** Message and attributes together, of one message or of a whole batch. API reference, Publish: 262,144 bytes. */
export const MESSAGE_BYTES_MAX = 262_144;
/** API reference, Publish, Subject: "less than 100 characters long" (100 are accepted). */
export const SUBJECT_LENGTH_MAX = 100;
export const BATCH_ENTRIES_MAX = 10;
export const BATCH_ID_LENGTH_MAX = 80;
/** API reference, MessageAttributeValue: names up to 256 characters. */
export const ATTRIBUTE_NAME_LENGTH_MAX = 256;
/** API reference, CreateTopic: 1 to 256 characters; for a FIFO topic, `.fifo` included. */
export const TOPIC_NAME_LENGTH_MAX = 256;
/** API reference, SetTopicAttributes, DisplayName. */
export const DISPLAY_NAME_LENGTH_MAX = 100;
export const TAGS_MAX = 50;
export const TAG_KEY_LENGTH_MAX = 128;
export const TAG_VALUE_LENGTH_MAX = 256;
/** Lists answer 100 at a time. */
export const PAGE_SIZE = 100;
/** Developer guide, "Message deduplication for FIFO topics". */
export const DEDUPLICATION_WINDOW_MS = 5 * 60_000;
/** API reference, Publish: group and deduplication ids have up to 128 characters. */
export const FIFO_ID_LENGTH_MAX = 128;
/** API reference, ConfirmSubscription: tokens are valid for 2 days (an unconfirmed subscription goes with its token). */
export const CONFIRMATION_MS = 2 * 24 * 3_600_000;
/** Kept of the reason why a filter policy did not let a message pass. */
export const FILTER_REASON_LENGTH_MAX = 240;
