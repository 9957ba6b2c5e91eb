// A record of a stream, and the event that a function gets of a batch of them. Source: Lambda developer guide, "Using Lambda to process records from Amazon Kinesis
// Data Streams", and "Using Kinesis Data Streams tumbling windows".

import { base64Encode } from '#base/base64.ts';
import { utf8Length } from '#base/bytes.ts';
import type { StreamRecord } from '#cell/stream-source.ts';
import type { ReadRecord, Work } from '#structures/shard-reading/records.ts';
import type { OpenStream } from './source.ts';

export interface FunctionRecord extends ReadRecord, StreamRecord {}

/** Everything in a record's JSON but its data and its key. */
const FRAME_BYTES = 640;

export function functionRecord(record: StreamRecord): FunctionRecord {
  const dataBytes = Math.ceil(record.data.length / 3) * 4;
  return { ...record, bytes: FRAME_BYTES + utf8Length(JSON.stringify(record.partitionKey)) + dataBytes };
}

export interface Origin extends Pick<OpenStream, 'mapping' | 'found'> {
  readonly shardId: string;
  readonly region: string;
}

export function eventOf(origin: Origin, { records, window }: Work<FunctionRecord>): string {
  const shown = `"Records":[${records.map((record) => JSON.stringify(shownRecord(origin, record))).join(',')}]`;
  if (window === undefined) return `{${shown}}`;
  const { startMs, endMs, state, isFinal, isTerminatedEarly } = window;
  const times = JSON.stringify({ start: instant(startMs), end: instant(endMs) });
  const about = JSON.stringify({
    shardId: origin.shardId,
    eventSourceARN: origin.mapping.sourceArn,
    isFinalInvokeForWindow: isFinal,
    isWindowTerminatedEarly: isTerminatedEarly,
  });
  return `{${shown},"window":${times},"state":${state},${about.slice(1)}`;
}

function shownRecord({ mapping, found, shardId, region }: Origin, record: FunctionRecord): object {
  const { partitionKey, sequenceNumber, data, arrivedAtMs } = record;
  return {
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey,
      sequenceNumber,
      data: base64Encode(data),
      approximateArrivalTimestamp: arrivedAtMs / 1000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${shardId}:${sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: found.settings.role,
    awsRegion: region,
    eventSourceARN: mapping.sourceArn,
  };
}

/** `2020-12-09T07:04:00Z` */
function instant(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
