import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { KinesisClient, SubscribeToShardCommand } from '@aws-sdk/client-kinesis';
import { EventStreamCodec } from '@smithy/core/event-streams';
import { expect, test } from 'vitest';
import { clientError } from '#model/aws-error.ts';
import { decodeCbor } from './cbor.ts';
import { eventOutput, speaksEvents } from './event-output.ts';
import { service as kinesis } from './generated/kinesis.ts';
import type { Identification } from './identify.ts';
import type { Protocol } from './schema.ts';
import { WireService } from './services.ts';

const ConsumerARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/s/consumer/c:1';
const ARRIVED_MS = Date.UTC(2026, 0, 15, 12, 0, 0, 250);
const EVENT = {
  SubscribeToShardEvent: {
    Records: [
      {
        SequenceNumber: '49000000000000000000000000000000000000000000000000000001',
        ApproximateArrivalTimestamp: ARRIVED_MS,
        Data: new Uint8Array([0, 1, 254, 255]),
        PartitionKey: 'clé',
      },
    ],
    ContinuationSequenceNumber: '49000000000000000000000000000000000000000000000000000001',
    MillisBehindLatest: 0,
  },
};

function caller(protocol: Protocol): Identification {
  const service = new WireService(kinesis);
  return { protocol, service, operation: service.operation('SubscribeToShard')! };
}

/** What the SDK makes of these bytes as the answer to SubscribeToShard. */
async function readBySdk(
  pieces: readonly Uint8Array[],
): Promise<{ readonly events: unknown[]; readonly error: unknown }> {
  const output = eventOutput(caller('json-1.1'), 'id', crc32);
  const headers = Object.fromEntries(output.head.headers.map(([name, value]) => [name.toLowerCase(), value]));
  const handle = async () => ({
    response: {
      statusCode: output.head.status,
      headers,
      body: Readable.from(pieces.map((piece) => Buffer.from(piece))),
    },
  });
  const client = new KinesisClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestHandler: { handle, metadata: { handlerProtocol: 'h2' } } as never,
  });
  const events: unknown[] = [];
  const reply = await client.send(
    new SubscribeToShardCommand({ ConsumerARN, ShardId: 's', StartingPosition: { Type: 'LATEST' } }),
  );
  try {
    for await (const event of reply.EventStream ?? []) events.push(event);
  } catch (error) {
    return { events, error };
  }
  return { events, error: undefined };
}

test('the SDK reads the first message, events and their values', async () => {
  const output = eventOutput(caller('json-1.1'), 'id', crc32);
  const { events, error } = await readBySdk([output.initial({}), output.event(EVENT), output.event(EVENT)]);
  expect(error).toBeUndefined();
  expect(events).toHaveLength(2);
  const [{ SubscribeToShardEvent: event }] = events as [
    { SubscribeToShardEvent: { Records: Record<string, unknown>[] } },
  ];
  expect(event.Records[0]).toMatchObject({
    PartitionKey: 'clé',
    ApproximateArrivalTimestamp: new Date(ARRIVED_MS),
    Data: new Uint8Array([0, 1, 254, 255]),
  });
  expect(event).toMatchObject({ MillisBehindLatest: 0 });
});

test('an error that the stream models reaches the SDK under its name', async () => {
  const output = eventOutput(caller('json-1.1'), 'id', crc32);
  const refused = clientError('ResourceInUseException', 'Another active subscription exists for this consumer: x');
  const { events, error } = await readBySdk([output.initial({}), output.event(EVENT), output.error(refused)]);
  expect(events).toHaveLength(1);
  expect(error).toMatchObject({ name: 'ResourceInUseException', message: refused.message });
});

test('an error that the stream does not model reaches the SDK as well', async () => {
  const output = eventOutput(caller('json-1.1'), 'id', crc32);
  const { error } = await readBySdk([output.initial({}), output.error(clientError('SomethingElse', 'else'))]);
  expect(error).toMatchObject({ name: 'SomethingElse', message: 'else' });
});

test('events are CBOR documents for callers that speak CBOR', () => {
  const output = eventOutput(caller('cbor-1.1'), 'id', crc32);
  const codec = new EventStreamCodec(
    (bytes) => Buffer.from(bytes as Uint8Array).toString('utf8'),
    (text) => Buffer.from(text),
  );
  const { headers, body } = codec.decode(output.event(EVENT));
  expect(headers[':content-type']?.value).toBe('application/x-amz-cbor-1.1');
  expect(decodeCbor(body)).toMatchObject({ value: { MillisBehindLatest: 0, Records: [{ PartitionKey: 'clé' }] } });
});

test('protocols without one document a message are told apart', () => {
  expect(speaksEvents('json-1.1')).toBe(true);
  expect(speaksEvents('rest-json')).toBe(false);
});
