// Numbers of archives and replays. Sources: API reference for sizes of members; EventBridge user guide, "Archiving and replaying events".

import type { BlockPolicy } from '#structures/append-log/append-log.ts';

export const ARCHIVE_NAME_LENGTH_MAX = 48;
export const REPLAY_NAME_LENGTH_MAX = 64;
export const DESCRIPTION_LENGTH_MAX = 512;
export const ARN_LENGTH_MAX = 1600;
export const NEXT_TOKEN_LENGTH_MAX = 2048;
export const PAGE_MAX = 100;
/** AWS: "You can have a maximum of 10 active concurrent replays per account per AWS Region." */
export const REPLAYS_RUNNING_MAX = 10;

export const DAY_MS = 86_400_000;
/** AWS keeps a replay, and its name, for 90 days. */
export const REPLAY_KEPT_MS = 90 * DAY_MS;

/** Ours: a block is a compressed file of some hundred kilobytes; a quiet archive writes at most one an hour, and keeps one a day. */
export const BLOCK_POLICY: BlockPolicy = {
  bytesMax: 1024 * 1024,
  countMax: 4096,
  ageMs: 3_600_000,
  spanMs: DAY_MS,
};
/** A block that could not be written is tried again after this. */
export const BLOCK_RETRY_MS = 30_000;
/** Blocks that expire in one turn. */
export const BLOCKS_TRIMMED_MAX = 100;
/** Events that are replayed in one turn: others wait meanwhile. */
export const REPLAY_STEP_EVENTS = 100;
export const REPLAY_STEP_BYTES = 1024 * 1024;
/** While more deliveries than this are open, a replay makes one step in each pause: slow targets are not buried, and it never stands still. */
export const REPLAY_OPEN_DELIVERIES_MAX = 5_000;
export const REPLAY_PAUSE_MS = 1_000;
