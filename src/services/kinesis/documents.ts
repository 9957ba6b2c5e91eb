// Streams and shards as they are stored. What a shard holds is in facts.

export type StreamMode = 'PROVISIONED' | 'ON_DEMAND';

export interface StreamDoc {
  /** Never given twice: facts, shards and blobs speak of it by this. */
  readonly number: number;
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly createdAtMs: number;
  readonly mode: StreamMode;
  readonly retentionHours: number;
  /** What came before had expired when the retention became longer: it stays away. */
  readonly horizonMs?: number | undefined;
  readonly maxRecordKib: number;
  readonly tags: Readonly<Record<string, string>>;
  /** Names of metrics per shard, in AWS's order. */
  readonly shardLevelMetrics: readonly string[];
  /** Text of the resource policy. */
  readonly policy?: string | undefined;
  /** When the number of shards was set in the last 24 hours, and the mode. */
  readonly scaledAtMs?: readonly number[] | undefined;
  readonly modeChangedAtMs?: readonly number[] | undefined;
  /** Warm throughput of an on-demand stream, in mebibytes a second. */
  readonly warmMebibytes?: number | undefined;
  /** Index of the next shard; one is never given twice. */
  readonly nextShard: number;
}

export interface ShardDoc {
  /** Number of its stream. */
  readonly stream: number;
  /** 3 is `shardId-000000000003`. */
  readonly index: number;
  /** Decimal, both included. */
  readonly startingHashKey: string;
  readonly endingHashKey: string;
  /** Indexes: the shard that was split, or the two that were merged. */
  readonly parents: readonly number[];
  /** Seconds in the shard's sequence numbers: later than those of its parents, so that children's numbers are larger. */
  readonly epochSeconds: number;
  readonly createdAtMs: number;
  readonly closedAtMs?: number | undefined;
}

export function streamKey(scope: { readonly account: string; readonly region: string }, name: string): string {
  return `${scope.account}/${scope.region}/${name}`;
}

export function shardKey({ stream, index }: Pick<ShardDoc, 'stream' | 'index'>): string {
  return `${String(stream).padStart(10, '0')}/${String(index).padStart(12, '0')}`;
}

export function shardIdOf(index: number): string {
  return `shardId-${String(index).padStart(12, '0')}`;
}

const SHARD_INDEX_MAX = 0x7fffffff;

/** AWS takes the number with or without what stands before it. Undefined when it is none, or none of 31 bits. */
export function shardIndexOf(shardId: string): number | undefined {
  const index = Number(/^(?:[^-]*-)?(\d{1,12})$/.exec(shardId)?.[1] ?? Number.NaN);
  return index <= SHARD_INDEX_MAX ? index : undefined;
}
