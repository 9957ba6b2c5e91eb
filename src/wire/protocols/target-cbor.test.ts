import { expect, test } from 'vitest';
import { clientError } from '#model/aws-error.ts';
import { CborInstant, decodeCbor, encodeCbor } from '../cbor.ts';
import { decode, encodeError, encodeOutput } from '../codec.ts';
import { service as kinesis } from '../generated/kinesis.ts';
import { wireHeaders } from '../http-message.ts';
import { type Identification, identify } from '../identify.ts';
import { WireServices } from '../services.ts';

const services = new WireServices([kinesis]);
const AT_MS = Date.UTC(2026, 10, 23, 9, 0, 0, 250);

function ask(operation: string, input: unknown) {
  const headers = wireHeaders([
    ['content-type', 'application/x-amz-cbor-1.1'],
    ['x-amz-target', `Kinesis_20131202.${operation}`],
  ]);
  const request = { method: 'POST', path: '/', query: '', headers, body: encodeCbor(input) };
  const identification = identify(services, request, undefined) as Identification;
  return { identification, decoded: decode(identification, request) };
}

test('bytes are byte strings, an instant is tagged and counts milliseconds', () => {
  const data = new Uint8Array([1, 2, 255]);
  expect(ask('PutRecord', { StreamName: 's', PartitionKey: 'p', Data: data }).decoded).toEqual({
    operation: 'PutRecord',
    input: { StreamName: 's', PartitionKey: 'p', Data: data },
  });
  // The reader of CBOR takes the tag for seconds, as RFC 8949 has it: a client's milliseconds arrive as such.
  const iterator = { ShardId: 'shardId-0', Timestamp: new CborInstant(AT_MS * 1000) };
  expect(ask('GetShardIterator', iterator).decoded).toEqual({
    operation: 'GetShardIterator',
    input: { ShardId: 'shardId-0', Timestamp: AT_MS },
  });
});

test('an answer has the content type, and instants in milliseconds', () => {
  const { identification } = ask('GetRecords', { ShardIterator: 'i' });
  const record = {
    SequenceNumber: '1',
    ApproximateArrivalTimestamp: AT_MS,
    Data: new Uint8Array([7]),
    PartitionKey: 'p',
  };
  const { status, headers, body } = encodeOutput(identification, { Records: [record], MillisBehindLatest: 0 }, 'r');
  expect([status, Object.fromEntries(headers)]).toEqual([
    200,
    { 'x-amzn-RequestId': 'r', 'Content-Type': 'application/x-amz-cbor-1.1' },
  ]);
  const { Records } = decodeCbor(body as Uint8Array).value as {
    Records: { ApproximateArrivalTimestamp: CborInstant }[];
  };
  expect(Records[0]!.ApproximateArrivalTimestamp.ms).toBe(AT_MS * 1000);
});

test('an error is a document with its type', () => {
  const { identification } = ask('GetRecords', { ShardIterator: 'i' });
  const error = clientError('ExpiredIteratorException', 'Iterator expired.');
  const { status, body } = encodeError(identification, error, 'r');
  expect([status, decodeCbor(body as Uint8Array).value]).toEqual([
    400,
    { __type: 'ExpiredIteratorException', message: 'Iterator expired.' },
  ]);
});
