// Numbers of EventBridge. Source: EventBridge user guide, "Amazon EventBridge quotas"; API reference for sizes of members.

export const BUS_NAME_LENGTH_MAX = 256;
export const RULE_NAME_LENGTH_MAX = 64;
export const TARGETS_PER_RULE_MAX = 5;
export const ENTRIES_PER_PUT_MAX = 10;
/** Size of an entry and of all entries of one PutEvents. */
export const ENTRY_BYTES_MAX = 1024 * 1024;
export const PATTERN_LENGTH_MAX = 4096;
