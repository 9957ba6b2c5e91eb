import { utf8Decode } from '#base/bytes.ts';
import type { Record } from '#wire/generated/kinesis.ts';
import type { RecordPart } from '../record-batch.ts';
import { sequenceNumber } from '../sequence-number.ts';
import type { Shard } from '../shard.ts';

export function recordView(shard: Shard, part: RecordPart): Record {
  const { place, atMs, bytes, dataStart, dataEnd } = part;
  return {
    SequenceNumber: String(sequenceNumber(shard.doc, place, atMs)),
    ApproximateArrivalTimestamp: atMs,
    Data: bytes.subarray(dataStart, dataEnd),
    PartitionKey: keyOf(part),
  };
}

export function keyOf({ bytes, keyStart, keyEnd }: RecordPart): string {
  return utf8Decode(bytes.subarray(keyStart, keyEnd));
}
