// From a buffer to objects: each record's partition keys, then one object for each combination of keys, converted or delimited and compressed.

import { joinBytes } from '#base/bytes.ts';
import type { Shaping } from '#services/firehose/performing.ts';
import { isTooLong } from '#services/firehose/prefixes/prefix.ts';
import { compressObject } from './compression.ts';
import type { MadeObject, MadeObjects, Reporter, ShapeFailure } from './job.ts';
import { queryKeysOf } from './partition-keys.ts';
import { emptyKeys, PartitionProblem, prefixTooLong, tooManyPartitions } from './partition-problem.ts';
import { made, type NumberedRecord, recordsOf } from './records.ts';

type Keys = Readonly<Record<string, string>>;

interface Partition {
  readonly queryKeys: Keys;
  readonly lambdaKeys: Keys;
  readonly records: NumberedRecord[];
}

export async function shapeRecords(
  input: Shaping,
  packs: readonly Uint8Array[],
  reporter: Reporter,
): Promise<MadeObjects> {
  const failed: ShapeFailure[] = [];
  const objects: MadeObject[] = [];
  for (const partition of await partitionsOf(input, packs, { failed, reporter })) {
    const body = await bodyOf(input, partition.records, failed);
    if (body === undefined) continue;
    const { queryKeys, lambdaKeys } = partition;
    objects.push({ ...made(body.bytes), queryKeys, lambdaKeys, count: body.count, arrivedAtMs: body.arrivedAtMs });
  }
  return { objects, failed: failed.sort((one, other) => one.index - other.index) };
}

async function partitionsOf(
  input: Shaping,
  packs: readonly Uint8Array[],
  { failed, reporter }: { readonly failed: ShapeFailure[]; readonly reporter: Reporter },
): Promise<Iterable<Partition>> {
  const { partitionQuery, queryKeys: wanted, lambdaKeys: names } = input;
  const records = [...recordsOf(packs)];
  if (partitionQuery === undefined && names === undefined) {
    return records.length === 0 ? [] : [{ queryKeys: {}, lambdaKeys: {}, records }];
  }
  const queried = partitionQuery === undefined ? undefined : await queryKeysOf(partitionQuery, records, reporter);
  const partitions = new Map<string, Partition>();
  for (const record of records) {
    const keys = keysOf(record, { names, wanted, queried });
    const problem = 'problem' in keys ? keys.problem : addTo(partitions, record, { ...keys, input });
    if (problem !== undefined)
      failed.push({ index: record.index, step: 'partitioning', code: problem.code, message: problem.message });
  }
  return partitions.values();
}

function keysOf(
  record: NumberedRecord,
  asked: {
    readonly names: readonly string[] | undefined;
    readonly wanted: readonly string[] | undefined;
    readonly queried: readonly (Keys | PartitionProblem)[] | undefined;
  },
): { readonly queryKeys: Keys; readonly lambdaKeys: Keys } | { readonly problem: PartitionProblem } {
  const lambdaKeys: Record<string, string> = {};
  for (const name of asked.names ?? []) {
    const value = record.partitionKeys?.[name];
    if (typeof value !== 'string' || value === '') return { problem: emptyKeys() };
    lambdaKeys[name] = value;
  }
  const queried = asked.queried?.[record.index] ?? {};
  if (isProblem(queried)) return { problem: queried };
  const queryKeys = only(queried, asked.wanted);
  return queryKeys === undefined ? { problem: emptyKeys() } : { queryKeys, lambdaKeys };
}

/** AWS: records for which the prefix cannot be evaluated go to the error prefix. Keys that it does not name make no partitions. */
function only(keys: Keys, wanted: readonly string[] | undefined): Keys | undefined {
  if (wanted === undefined) return keys;
  const found: Record<string, string> = Object.create(null);
  for (const name of wanted) {
    const value = Object.hasOwn(keys, name) ? keys[name] : undefined;
    if (value === undefined) return undefined;
    found[name] = value;
  }
  return found;
}

function isProblem(queried: Keys | PartitionProblem): queried is PartitionProblem {
  return queried instanceof PartitionProblem;
}

function addTo(
  partitions: Map<string, Partition>,
  record: NumberedRecord,
  { queryKeys, lambdaKeys, input }: { readonly queryKeys: Keys; readonly lambdaKeys: Keys; readonly input: Shaping },
): PartitionProblem | undefined {
  const name = JSON.stringify([sorted(queryKeys), sorted(lambdaKeys)]);
  const partition = partitions.get(name);
  if (partition !== undefined) partition.records.push(record);
  else if (isPrefixTooLong(input, record, { queryKeys, lambdaKeys })) return prefixTooLong();
  else if (partitions.size >= input.partitionsMax) return tooManyPartitions(input.partitionsMax);
  else partitions.set(name, { queryKeys, lambdaKeys, records: [record] });
  return undefined;
}

function isPrefixTooLong(
  { prefix }: Shaping,
  { arrivedAtMs }: NumberedRecord,
  keys: { readonly queryKeys: Keys; readonly lambdaKeys: Keys },
): boolean {
  return prefix !== undefined && isTooLong(prefix.parts, { ...keys, atMs: arrivedAtMs, timeZone: prefix.timeZone });
}

function sorted(keys: Keys): readonly (readonly [string, string])[] {
  return Object.entries(keys).sort(([one], [other]) => (one < other ? -1 : 1));
}

interface Body {
  readonly bytes: Uint8Array;
  readonly count: number;
  readonly arrivedAtMs: number;
}

async function bodyOf(
  input: Shaping,
  records: readonly NumberedRecord[],
  failed: ShapeFailure[],
): Promise<Body | undefined> {
  const { conversion } = input;
  if (conversion !== undefined) {
    // Loaded only when it is used: most streams keep their records as they are.
    const { parquetOf } = await import('../parquet/parquet-object.ts');
    const converted = parquetOf(conversion, records);
    failed.push(...converted.failed.map((one) => ({ ...one, step: 'conversion' as const })));
    return converted.body;
  }
  const delimiter = input.delimiter === undefined ? undefined : Buffer.from(input.delimiter);
  const pieces = records.flatMap(({ data }) => (delimiter === undefined ? [data] : [data, delimiter]));
  return {
    bytes: compressObject(joinBytes(pieces), input),
    count: records.length,
    arrivedAtMs: earliest(records),
  };
}

export function earliest(records: readonly { readonly arrivedAtMs: number }[]): number {
  return records.reduce((least, { arrivedAtMs }) => Math.min(least, arrivedAtMs), Number.POSITIVE_INFINITY);
}
