// What the load driver can send. A scenario prepares what it needs (a queue, a topic), then says for each connection what to send next;
// everything that can be signed ahead is signed before the clock starts (a signature is valid for 15 minutes).

import { createSigner, requestBytes } from './sign.mjs';

const BATCH = 10;

/**
 * @typedef {object} Scenario
 * @property {number} unitsPerRequest messages that one request carries
 * @property {(connection: { state: unknown, text(): string }) => Buffer} next bytes of the next request on a connection
 * @property {() => number} [units] messages counted by the scenario itself, when requests carry a changing number
 */

/** Body number `index` of the wanted size; distinct ones differ in their first bytes. */
function bodyText(index, { bodyBytes, isDistinct }) {
  const start = isDistinct ? `${index} ` : '';
  return start + 'x'.repeat(Math.max(0, bodyBytes - start.length));
}

function cycle(pool) {
  let at = 0;
  return () => {
    at = at + 1 === pool.length ? 0 : at + 1;
    return pool[at];
  };
}

function poolOf(options, make) {
  return Array.from({ length: options.isDistinct ? options.poolSize : 1 }, (_, index) => make(index));
}

const sqsHeaders = (operation) => ({
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-target': `AmazonSQS.${operation}`,
  'x-amzn-query-mode': 'true',
});

async function sqs(options, send) {
  const sign = createSigner({ ...options, service: 'sqs' });
  const request = (operation, input) => sign({ headers: sqsHeaders(operation), body: JSON.stringify(input) });
  const Attributes = options.queue.endsWith('.fifo') ? { FifoQueue: 'true', ContentBasedDeduplication: 'true' } : {};
  const created = await send(request('CreateQueue', { QueueName: options.queue, Attributes }));
  return { request, QueueUrl: JSON.parse(created).QueueUrl };
}

function sendEntry(options, index) {
  const fifo = options.queue.endsWith('.fifo') ? { MessageGroupId: String(index % 100) } : {};
  return { MessageBody: bodyText(index, options), ...fifo };
}

async function sqsSend(options, send) {
  const { request, QueueUrl } = await sqs(options, send);
  const pool = poolOf(options, (index) => request('SendMessage', { QueueUrl, ...sendEntry(options, index) }));
  return { unitsPerRequest: 1, next: cycle(pool) };
}

function batchOf(options, index) {
  return Array.from({ length: BATCH }, (_, i) => ({ Id: String(i), ...sendEntry(options, index * BATCH + i) }));
}

async function sqsSendBatch(options, send) {
  const { request, QueueUrl } = await sqs(options, send);
  const pool = poolOf(options, (index) => request('SendMessageBatch', { QueueUrl, Entries: batchOf(options, index) }));
  return { unitsPerRequest: BATCH, next: cycle(pool) };
}

/** Each connection receives up to ten messages and deletes them, over and over; the queue is filled before. */
async function sqsReceiveDelete(options, send) {
  const { request, QueueUrl } = await sqs(options, send);
  for (let index = 0; index * BATCH < options.fill; index += 1) {
    await send(request('SendMessageBatch', { QueueUrl, Entries: batchOf(options, index) }));
  }
  const receive = request('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: BATCH, VisibilityTimeout: 600 });
  let received = 0;
  return {
    unitsPerRequest: 0,
    units: () => received,
    next(connection) {
      const isAfterReceive = connection.state === 'receive';
      connection.state = 'receive';
      if (!isAfterReceive) return receive;
      const handles = [...connection.text().matchAll(/"ReceiptHandle":"([^"]+)"/g)].map(([, handle]) => handle);
      if (handles.length === 0) return receive;
      received += handles.length;
      connection.state = 'delete';
      const Entries = handles.map((ReceiptHandle, i) => ({ Id: String(i), ReceiptHandle }));
      return request('DeleteMessageBatch', { QueueUrl, Entries });
    },
  };
}

async function snsPublish(options, send) {
  const sign = createSigner({ ...options, service: 'sns' });
  const request = (input) =>
    sign({
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ ...input, Version: '2010-03-31' }).toString(),
    });
  const created = await send(request({ Action: 'CreateTopic', Name: options.queue }));
  const TopicArn = /<TopicArn>([^<]+)</.exec(created)?.[1];
  if (TopicArn === undefined) throw new Error(`no topic was created: ${created}`);
  const pool = poolOf(options, (index) => request({ Action: 'Publish', TopicArn, Message: bodyText(index, options) }));
  return { unitsPerRequest: 1, next: cycle(pool) };
}

const busHeaders = (operation) => ({
  'content-type': 'application/x-amz-json-1.1',
  'x-amz-target': `AWSEvents.${operation}`,
});

/** PutEvents of ten events to a bus whose one rule leads to a queue, with bodies as large as those of a batch. */
async function eventsPut(options, send) {
  await sqs(options, send);
  const sign = createSigner({ ...options, service: 'events' });
  const request = (operation, input) => sign({ headers: busHeaders(operation), body: JSON.stringify(input) });
  const EventBusName = options.queue;
  // The second run finds them there.
  await send(request('CreateEventBus', { Name: EventBusName })).catch(() => {});
  const EventPattern = JSON.stringify({ source: ['bench'], 'detail-type': ['Loaded'] });
  await send(request('PutRule', { Name: 'to-queue', EventBusName, EventPattern }));
  const Arn = `arn:aws:sqs:${options.region}:000000000000:${options.queue}`;
  await send(request('PutTargets', { Rule: 'to-queue', EventBusName, Targets: [{ Id: 'queue', Arn }] }));
  const entry = (index) => {
    const Detail = JSON.stringify({ text: bodyText(index, options) });
    return { EventBusName, Source: 'bench', DetailType: 'Loaded', Detail };
  };
  const pool = poolOf(options, (index) => {
    const Entries = Array.from({ length: BATCH }, (_, i) => entry(index * BATCH + i));
    return request('PutEvents', { Entries });
  });
  return { unitsPerRequest: BATCH, next: cycle(pool) };
}

const RECORDS = 500;

/** A stream of that name, made when it is not there, with `shards` shards; resolves when it can be used. */
async function stream(options, send, shards) {
  const sign = createSigner({ ...options, service: 'kinesis' });
  const request = (operation, input) =>
    sign({
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `Kinesis_20131202.${operation}` },
      body: JSON.stringify(input),
    });
  const StreamName = options.queue;
  // The second run finds it there.
  await send(request('CreateStream', { StreamName, ShardCount: shards })).catch(() => {});
  for (;;) {
    const described = await send(request('DescribeStream', { StreamName }));
    if (described.includes('"ACTIVE"')) return { request, StreamName };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function record(index, options) {
  return { PartitionKey: `key-${index % 1000}`, Data: Buffer.from(bodyText(index, options)).toString('base64') };
}

async function kinesisPut(options, send) {
  const { request, StreamName } = await stream(options, send, 4);
  const pool = poolOf(options, (index) => request('PutRecord', { StreamName, ...record(index, options) }));
  return { unitsPerRequest: 1, next: cycle(pool) };
}

async function kinesisPutBatch(options, send) {
  const { request, StreamName } = await stream(options, send, 4);
  const pool = poolOf(options, (index) => {
    const Records = Array.from({ length: RECORDS }, (_, i) => record(index * RECORDS + i, options));
    return request('PutRecords', { StreamName, Records });
  });
  return { unitsPerRequest: RECORDS, next: cycle(pool) };
}

/** A JSON echo: the yardstick that needs nothing but HTTP and JSON, with the same headers as a SendMessage. */
async function echo(options) {
  const sign = createSigner({ ...options, service: 'sqs' });
  const QueueUrl = `http://${options.host}/000000000000/load`;
  const pool = poolOf(options, (index) => {
    const body = JSON.stringify({ QueueUrl, MessageBody: bodyText(index, options) });
    if (!options.isPlain) return sign({ headers: sqsHeaders('SendMessage'), body });
    const length = String(Buffer.byteLength(body));
    return requestBytes({ host: options.host, 'content-type': 'application/json', 'content-length': length }, body);
  });
  return { unitsPerRequest: 1, next: cycle(pool) };
}

export const scenarios = {
  echo,
  'sqs-send': sqsSend,
  'sqs-send-batch': sqsSendBatch,
  'sqs-receive-delete': sqsReceiveDelete,
  'sns-publish': snsPublish,
  'events-put': eventsPut,
  'kinesis-put': kinesisPut,
  'kinesis-put-batch': kinesisPutBatch,
};
