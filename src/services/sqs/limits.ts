// Numbers of the SQS API, as the quotas pages of the SQS developer guide give them (read 2026-01).

/** AWS: "Amazon SQS message quotas". */
export const limits = {
  queueNameLength: 80,
  visibilityTimeoutSecondsMax: 43_200,
  delaySecondsMax: 900,
  waitSecondsMax: 20,
  retentionSecondsMin: 60,
  retentionSecondsMax: 1_209_600,
  messageBytesMin: 1_024,
  messageBytesMax: 1_048_576,
  batchBytesMax: 1_048_576,
  batchEntriesMax: 10,
  receiveCountMax: 10,
  messageAttributesMax: 10,
  attributeNameBytesMax: 256,
  groupIdLengthMax: 128,
  /** Messages in flight of one queue; since 2024 the same for standard and FIFO queues. */
  inFlightMax: 120_000,
  maxReceiveCountMax: 1_000,
  dedupWindowMs: 300_000,
  purgePauseMs: 60_000,
  deletedNamePauseMs: 60_000,
  listMax: 1_000,
  tagsMax: 50,
  tagKeyLengthMax: 128,
  tagValueLengthMax: 256,
  permissionActionsMax: 7,
  redriveSourcesMax: 10,
  movesPerSecondMax: 500,
  moveTasksListedMax: 10,
} as const;

/** Bounds of one turn: how much a timer does before others get their turn. */
export const turnBounds = {
  promoted: 2_000,
  expired: 1_000,
  freed: 5_000,
  deadLettered: 500,
  moved: 200,
} as const;

export const queueDefaults = {
  visibilityTimeoutSeconds: 30,
  delaySeconds: 0,
  waitSeconds: 0,
  retentionSeconds: 345_600,
  messageBytesMax: limits.messageBytesMax,
} as const;
