// A record of a stream as a pipe's event. AWS: user guide, "Amazon Kinesis stream as a source", "Example event"; "Implicit body data parsing": paths lead into the data,
// decoded, when it is JSON.

import { base64Encode } from '#base/base64.ts';
import { utf8Decode, utf8Length } from '#base/bytes.ts';
import type { StreamRecord } from '#cell/stream-source.ts';
import { isJson } from '#structures/input-template/template.ts';
import type { PipeDoc } from '../documents.ts';
import type { SourceEvent } from '../shaping/item.ts';
import type { PipeRecord } from './source.ts';

/** Everything in a record's JSON but its data and its key. */
const FRAME_BYTES = 640;

export function pipeRecord(record: StreamRecord): PipeRecord {
  const dataBytes = Math.ceil(record.data.length / 3) * 4;
  return { ...record, bytes: FRAME_BYTES + utf8Length(JSON.stringify(record.partitionKey)) + dataBytes };
}

export function recordEvent(
  { partitionKey, sequenceNumber, data, arrivedAtMs }: StreamRecord,
  { pipe, shardId, region }: { readonly pipe: PipeDoc; readonly shardId: string; readonly region: string },
): SourceEvent {
  const messageId = `${shardId}:${sequenceNumber}`;
  const head = JSON.stringify({ kinesisSchemaVersion: '1.0', partitionKey, sequenceNumber }).slice(0, -1);
  const tail = JSON.stringify({
    approximateArrivalTimestamp: arrivedAtMs / 1000,
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: messageId,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: pipe.roleArn,
    awsRegion: region,
    eventSourceARN: pipe.sourceArn,
  }).slice(1);
  const text = `${head},"data":"${base64Encode(data)}",${tail}`;
  const decoded = utf8Decode(data);
  const hasJsonPayload = /^\s*[{[]/.test(decoded) && isJson(decoded);
  const readable = hasJsonPayload ? `${head},"data":${decoded},${tail}` : text;
  return { text, isJson: true, readable, hasJsonPayload, messageId, sequenceNumber };
}
