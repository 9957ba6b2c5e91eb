// Numbers of EventBridge. Source: EventBridge user guide, "Amazon EventBridge quotas"; botocore events/2015-10-07 for sizes of members.
// Quotas that AWS raises on request (buses, rules per bus) are not enforced.

export const BUS_NAME_LENGTH_MAX = 256;
export const BUS_DESCRIPTION_LENGTH_MAX = 512;
/** AWS: API reference, PutPermission: the policy of a bus cannot exceed 10 KB. */
export const POLICY_BYTES_MAX = 10_240;
export const RULE_NAME_LENGTH_MAX = 64;
export const RULE_DESCRIPTION_LENGTH_MAX = 512;
export const SCHEDULE_LENGTH_MAX = 256;
export const ARN_LENGTH_MAX = 1_600;
export const TARGETS_PER_RULE_MAX = 5;
export const TARGETS_PER_REQUEST_MAX = 100;
export const ENTRIES_PER_PUT_MAX = 10;
/** All entries of one PutEvents stay below it. AWS: API reference, PutEvents: "the total entry size must be less than 1MB". */
export const ENTRY_BYTES_MAX = 1024 * 1024;
/** AWS: API reference, PutEvents: "nested JSON up to 1000 levels deep". */
export const DETAIL_LEVELS_MAX = 1_000;
/** AWS: API reference, PutEventsRequestEntry. */
export const DETAIL_TYPE_LENGTH_MAX = 128;
export const PATTERN_LENGTH_MAX = 4096;
export const TAGS_MAX = 50;
export const PAGE_MAX = 100;
export const NEXT_TOKEN_LENGTH_MAX = 2_048;
