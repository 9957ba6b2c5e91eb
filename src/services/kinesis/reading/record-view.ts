import { utf8Decode } from '#base/bytes.ts';
import type { Record } from '#wire/generated/kinesis.ts';
import type { RecordPart } from '../record-page.ts';
import { sequenceNumber } from '../sequence-number.ts';
import type { Shard } from '../shard.ts';

export function recordView(shard: Shard, part: RecordPart): Record {
  const { place, atMs, bytes, keyStart, keyEnd, dataStart, dataEnd } = part;
  return {
    SequenceNumber: String(sequenceNumber(shard.doc, place, atMs)),
    ApproximateArrivalTimestamp: atMs,
    Data: bytes.subarray(dataStart, dataEnd),
    PartitionKey: utf8Decode(bytes.subarray(keyStart, keyEnd)),
  };
}
