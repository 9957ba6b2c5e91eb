// What clients choose about reading a stream, as the machine needs it. Event source mappings and pipes have the same choices.

import type { StartingPosition } from './shard-order.ts';

export interface ReadingChoices {
  readonly position: 'TRIM_HORIZON' | 'LATEST' | 'AT_TIMESTAMP';
  /** Of AT_TIMESTAMP. */
  readonly positionMs?: number;
  /** -1, or nothing: as long as the stream keeps records. */
  readonly ageSecondsMax?: number;
}

const HOUR_MS = 3_600_000;

export function startingPosition({ position, positionMs = 0 }: ReadingChoices): StartingPosition {
  if (position === 'LATEST') return { at: 'end' };
  return position === 'TRIM_HORIZON' ? { at: 'oldest' } : { at: 'time', timestampMs: positionMs };
}

/** The place for a time may be before it: what arrived earlier is left out. */
export function readSince({ position, positionMs }: ReadingChoices): { readonly sinceMs?: number } {
  return position === 'AT_TIMESTAMP' && positionMs !== undefined ? { sinceMs: positionMs } : {};
}

/** AWS: Lambda developer guide, "Using Lambda with Kinesis": without a limit, "failed records are retried until the record expires". */
export function ageMsMax({ ageSecondsMax = -1 }: ReadingChoices, retentionHours: number): number {
  const retentionMs = retentionHours * HOUR_MS;
  return ageSecondsMax < 0 ? retentionMs : Math.min(retentionMs, ageSecondsMax * 1000);
}
