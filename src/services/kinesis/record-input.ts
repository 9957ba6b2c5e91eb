// Records as they are given: what must be true of one, and which shard takes it.

import { utf8Length } from '#base/bytes.ts';
import type { AwsError } from '#model/aws-error.ts';
import type { Validation } from '#model/validation.ts';
import { invalidArgument } from './errors.ts';
import { HASH_KEYS, hashOfKey, hashOfNumber } from './hash-range.ts';
import { PARTITION_KEY_LENGTH_MAX, RECORD_KIB } from './limits.ts';
import type { Shard, Stream } from './shard.ts';
import { HASH_KEY } from './validation.ts';

export interface RecordInput {
  readonly Data?: Uint8Array | undefined;
  readonly PartitionKey?: string | undefined;
  readonly ExplicitHashKey?: string | undefined;
}

const DATA_BYTES_MAX = RECORD_KIB.max * 1024;

/** `at`: what stands before the member's name in a text, `records.1.member.`. */
export function checkRecord(validation: Validation, at: string, record: RecordInput): Validation {
  const { Data, PartitionKey, ExplicitHashKey } = record;
  validation
    .required(`${at}partitionKey`, PartitionKey)
    .length(`${at}partitionKey`, PartitionKey, { min: 1, max: PARTITION_KEY_LENGTH_MAX })
    .required(`${at}data`, Data)
    .pattern(`${at}explicitHashKey`, ExplicitHashKey, HASH_KEY);
  const bytes = Data?.length ?? 0;
  return bytes <= DATA_BYTES_MAX ? validation : validation.tooLong(`${at}data`, shownBuffer(bytes), DATA_BYTES_MAX);
}

/** All is well with a record, as a rule; then nothing is made for it. */
export function isPlain({ Data, PartitionKey, ExplicitHashKey }: RecordInput): boolean {
  if (Data === undefined || PartitionKey === undefined || ExplicitHashKey !== undefined) return false;
  return PartitionKey.length > 0 && PartitionKey.length <= PARTITION_KEY_LENGTH_MAX && Data.length <= DATA_BYTES_MAX;
}

/** As AWS's Java shows bytes. */
function shownBuffer(bytes: number): string {
  return `java.nio.HeapByteBuffer[pos=0 lim=${bytes} cap=${bytes}]`;
}

export function explicitHashKeyProblem({ ExplicitHashKey }: RecordInput): AwsError | undefined {
  if (ExplicitHashKey === undefined || BigInt(ExplicitHashKey) < HASH_KEYS) return undefined;
  return invalidArgument(
    `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${ExplicitHashKey}`,
  );
}

/** AWS: API reference, PutRecord: data and partition key together must not exceed the stream's maximum record size. The text is not AWS's. */
export function recordSizeProblem({ doc }: Stream, { Data, PartitionKey }: RecordInput): AwsError | undefined {
  const bytesMax = doc.maxRecordKib * 1024;
  const bytes = Data?.length ?? 0;
  if (bytes + (PartitionKey?.length ?? 0) * 3 <= bytesMax) return undefined;
  if (bytes + utf8Length(PartitionKey ?? '') <= bytesMax) return undefined;
  return invalidArgument(
    `The record's data and partition key together exceed the maximum record size of ${doc.maxRecordKib} KiB of stream ${doc.name} under account ${doc.account}.`,
  );
}

export function routeRecord({ router }: Stream, partitionKey: string, explicitHashKey: string | undefined): Shard {
  if (router.single !== undefined) return router.single;
  return router.find(explicitHashKey === undefined ? hashOfKey(partitionKey) : hashOfNumber(BigInt(explicitHashKey)));
}
