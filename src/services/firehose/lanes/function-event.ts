// What a transforming function is given, and what its answer means. AWS: Firehose developer guide, "Required parameters for data transformation";
// Lambda developer guide, "Using AWS Lambda with Amazon Data Firehose", for the event. Codes and texts of failures: guide, "Monitor Amazon Data
// Firehose using CloudWatch Logs", "Lambda invocation errors"; where it has none they are plausible.

import { base64Decode, base64Encode } from '#base/base64.ts';
import { utf8Decode } from '#base/bytes.ts';
import type { StreamDoc } from '../documents.ts';
import type { FailedRecord } from '../performing.ts';
import type { FirehoseRecord } from '../record-pack.ts';
import type { FirehoseTurn } from '../state.ts';
import type { Chunk } from './running.ts';

export function eventOf(turn: FirehoseTurn, { arn, region, source }: StreamDoc, chunk: Chunk): string {
  return JSON.stringify({
    invocationId: turn.uuid(),
    ...(source === undefined ? {} : { sourceKinesisStreamArn: source.streamArn }),
    deliveryStreamArn: arn,
    region,
    records: chunk.records.map((record, i) => shown(record, recordId(chunk.firstIndex + i))),
  });
}

function shown({ arrivedAtMs, data, source }: FirehoseRecord, id: string): Record<string, unknown> {
  const record = { recordId: id, approximateArrivalTimestamp: arrivedAtMs, data: base64Encode(data) };
  if (source === undefined) return record;
  const { sequenceNumber, shardId, partitionKey, subSequenceNumber } = source;
  const kinesisRecordMetadata = {
    sequenceNumber,
    subsequenceNumber: subSequenceNumber,
    partitionKey,
    shardId,
    approximateArrivalTimestamp: arrivedAtMs,
  };
  return { ...record, kinesisRecordMetadata };
}

/** AWS's are 56 digits, and some more. */
function recordId(index: number): string {
  return `${'49546986683135544286507457936321625675700192471156785154'}${String(index).padStart(6, '0')}`;
}

interface Answered {
  readonly made: readonly FirehoseRecord[];
  readonly failed: readonly FailedRecord[];
  readonly dropped: readonly FirehoseRecord[];
}

const MALFORMED = {
  code: 'Lambda.JsonProcessingException',
  message: 'Error parsing JSON from Lambda function response',
};
const MISSING = {
  code: 'Lambda.MissingRecordId',
  message: 'One or more record Ids were not returned. Ensure that the Lambda function returns all received record Ids.',
};
const DUPLICATED = {
  code: 'Lambda.DuplicatedRecordId',
  message:
    'Multiple records were returned with the same record ID. Ensure that the Lambda function returns unique record IDs for each record.',
};
const FAILED_STATUS = { code: 'Lambda.ProcessingFailedStatus', message: 'ProcessingFailed status set for record' };
const UNKNOWN_STATUS = {
  code: 'Lambda.InvalidResultStatus',
  message: 'The result of a record must be Ok, Dropped or ProcessingFailed.',
};
const NOT_BASE64 = { code: 'Lambda.InvalidData', message: 'The data of a record must be base64.' };

/** Total: a function may answer anything. */
export function readAnswer(chunk: Chunk, payload: Uint8Array): Answered {
  const byId = recordsById(payload);
  const made: FirehoseRecord[] = [];
  const failed: FailedRecord[] = [];
  const dropped: FirehoseRecord[] = [];
  for (const [i, record] of chunk.records.entries()) {
    const index = chunk.firstIndex + i;
    const found = byId?.get(recordId(index)) ?? [];
    const answer = byId === undefined ? MALFORMED : found.length > 1 ? DUPLICATED : resultOf(record, found[0]);
    if (answer === 'dropped') dropped.push(record);
    else if ('code' in answer) failed.push({ index, ...answer });
    else made.push(answer);
  }
  return { made, failed, dropped };
}

interface ReturnedRecord {
  readonly result?: unknown;
  readonly data?: unknown;
  readonly metadata?: unknown;
}

function recordsById(payload: Uint8Array): ReadonlyMap<string, readonly ReturnedRecord[]> | undefined {
  const { records } = parsed(payload);
  if (!Array.isArray(records)) return undefined;
  const byId = new Map<string, ReturnedRecord[]>();
  for (const one of records as readonly unknown[]) {
    if (!isObject(one)) return undefined;
    const id = String(one['recordId']);
    const same = byId.get(id);
    if (same === undefined) byId.set(id, [one]);
    else same.push(one);
  }
  return byId;
}

function parsed(payload: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(utf8Decode(payload));
    return isObject(value) ? value : {};
  } catch {
    // Said of every record of the call.
    return {};
  }
}

function resultOf(
  record: FirehoseRecord,
  returned: ReturnedRecord | undefined,
): FirehoseRecord | 'dropped' | { readonly code: string; readonly message: string } {
  if (returned === undefined) return MISSING;
  if (returned.result === 'Dropped') return 'dropped';
  if (returned.result === 'ProcessingFailed') return FAILED_STATUS;
  if (returned.result !== 'Ok') return UNKNOWN_STATUS;
  const data = typeof returned.data === 'string' ? base64Decode(returned.data) : undefined;
  if (data === undefined) return NOT_BASE64;
  const keys = partitionKeys(returned.metadata);
  const { partitionKeys: _before, ...rest } = record;
  return { ...rest, data, ...(keys === undefined ? {} : { partitionKeys: keys }) };
}

function partitionKeys(metadata: unknown): Readonly<Record<string, string>> | undefined {
  const keys = isObject(metadata) ? metadata['partitionKeys'] : undefined;
  if (!isObject(keys)) return undefined;
  const scalars = Object.entries(keys).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  return Object.fromEntries(scalars.map(([name, value]) => [name, String(value)]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
