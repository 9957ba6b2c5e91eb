// How far a reader has come in one shard: for each lane the place of the first record that is not done. Records are dealt to lanes by their partition key. When
// the number of lanes changes, the old lanes' places stay beside the new ones until these have passed them, so that nothing is skipped and little comes twice.

export interface ShardProgress {
  readonly lanes: readonly number[];
  /** Places under earlier numbers of lanes, newest first. */
  readonly earlier: readonly (readonly number[])[];
}

/** FNV-1a over UTF-16: the same key always goes to the same lane. */
export function laneOf(partitionKey: string, laneCount: number): number {
  if (laneCount === 1) return 0;
  let hash = 0x811c9dc5;
  for (let i = 0; i < partitionKey.length; i += 1) {
    hash = Math.imul(hash ^ partitionKey.charCodeAt(i), 0x01000193) >>> 0;
  }
  // The low bits of keys that differ in one digit only are alike.
  return ((hash ^ (hash >>> 15)) >>> 0) % laneCount;
}

export function progressFrom(place: number): ShardProgress {
  return { lanes: [place], earlier: [] };
}

/** Where reading goes on. */
export function firstPlace({ lanes }: ShardProgress): number {
  return Math.min(...lanes);
}

export function isDone(
  { lanes, earlier }: ShardProgress,
  record: { readonly place: number; readonly partitionKey: string },
): boolean {
  const isBefore = (places: readonly number[]): boolean =>
    record.place < (places[laneOf(record.partitionKey, places.length)] as number);
  return isBefore(lanes) || earlier.some(isBefore);
}

/** The same progress for another number of lanes. */
export function withLanes(progress: ShardProgress, laneCount: number): ShardProgress {
  const { lanes, earlier } = progress;
  if (lanes.length === laneCount) return progress;
  const place = firstPlace(progress);
  return pruned({ lanes: Array.from({ length: laneCount }, () => place), earlier: [lanes, ...earlier] });
}

/** Lanes have gone on. */
export function advanced({ earlier }: ShardProgress, lanes: readonly number[]): ShardProgress {
  return pruned({ lanes, earlier });
}

function pruned({ lanes, earlier }: ShardProgress): ShardProgress {
  if (earlier.length === 0) return { lanes, earlier };
  const place = Math.min(...lanes);
  return { lanes, earlier: earlier.filter((places) => Math.max(...places) > place) };
}
