import { beforeEach, describe, expect, test } from 'vitest';
import { BUS_ARN, openApi, SchemasTest } from '../testing.ts';
import { busTagsProblem } from './bus-tags.ts';

let tested: SchemasTest;
beforeEach(async () => {
  tested = await SchemasTest.open();
});

const tagsOf = (tags: Record<string, string>) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:violations';
const REFUSE = tagsOf({ 'eddy:schema-enforcement': 'refuse', 'eddy:schema-registry': 'contracts' });
const STRICT = [...REFUSE, ...tagsOf({ 'eddy:schema-unknown-events': 'violate' })];
const DEAD_LETTER = tagsOf({
  'eddy:schema-enforcement': 'dead-letter',
  'eddy:schema-registry': 'contracts',
  'eddy:schema-dead-letter-arn': QUEUE_ARN,
});
const ORDER = { type: 'object', required: ['total'], properties: { total: { type: 'integer' } } };

test('a bus without tags and discoverer is of no interest', async () => {
  await tested.schema(openApi('OrderPlaced', ORDER));
  expect(await tested.put({ total: 'x' })).toBeUndefined();
  expect(await tested.put({ total: 'x' }, { tags: tagsOf({ team: 'a' }) })).toBeUndefined();
});

describe('enforcement', () => {
  test('refuses an event with the place that is wrong', async () => {
    await tested.schema(openApi('OrderPlaced', ORDER));
    expect(await tested.put({ total: 1 }, { tags: REFUSE })).toBeUndefined();
    expect(await tested.put({ total: 'x' }, { tags: REFUSE })).toEqual({
      action: 'refuse',
      code: 'SchemaViolation',
      message: '/detail/total must be integer, not string (schema contracts/com.shop@OrderPlaced, version 1)',
      schema: 'contracts/com.shop@OrderPlaced',
      version: '1',
      path: '/detail/total',
    });
    expect(await tested.put({}, { tags: REFUSE })).toMatchObject({ path: '/detail/total' });
  });

  test('holds events against the newest version', async () => {
    await tested.schema(openApi('OrderPlaced', ORDER));
    expect(await tested.put({ total: 'x' }, { tags: REFUSE })).toBeDefined();
    const ask = { RegistryName: 'contracts', SchemaName: 'com.shop@OrderPlaced' };
    const Content = JSON.stringify(openApi('OrderPlaced', { type: 'object' }));
    await tested.call('UpdateSchema', { ...ask, Content });
    expect(await tested.put({ total: 'x' }, { tags: REFUSE })).toBeUndefined();
    await tested.call('DeleteSchemaVersion', { ...ask, SchemaVersion: '2' });
    expect(await tested.put({ total: 'x' }, { tags: REFUSE })).toMatchObject({ version: '1' });
    await tested.call('DeleteSchema', ask);
    await tested.schema(openApi('OrderPlaced', { type: 'object', required: ['id'] }));
    expect(await tested.put({ total: 1 }, { tags: REFUSE })).toMatchObject({ version: '1', path: '/detail/id' });
  });

  test('finds the schema by what it says it describes, whatever its name', async () => {
    const AWSEvent = {
      type: 'object',
      'x-amazon-events-source': 'com.shop',
      'x-amazon-events-detail-type': 'Order Placed',
      properties: { detail: { $ref: '#/components/schemas/Order' }, region: { enum: ['eu-west-1'] } },
    };
    await tested.schema(openApi('AWSEvent', AWSEvent, { Order: ORDER }), { SchemaName: 'anything' });
    expect(await tested.put({ total: 1 }, { tags: REFUSE })).toMatchObject({ path: '/region' });
    expect(await tested.put({ total: 'x' }, { tags: REFUSE, event: { region: 'eu-west-1' } })).toMatchObject({
      path: '/detail/total',
    });
    expect(await tested.put({ total: 'x' }, { tags: REFUSE, detailType: 'Order Sent' })).toBeUndefined();
  });

  test('lets events without a schema pass, or not, as it is told', async () => {
    await tested.schema(openApi('OrderPlaced', ORDER));
    expect(await tested.put({}, { tags: REFUSE, detailType: 'Other' })).toBeUndefined();
    expect(await tested.put({}, { tags: STRICT, detailType: 'Other' })).toMatchObject({
      message: 'The event is described by no schema of the registry contracts (schema contracts, version -)',
    });
  });

  test('lets nothing pass that it cannot check', async () => {
    expect(await tested.put({}, { tags: REFUSE })).toMatchObject({
      message: expect.stringMatching(/there is no registry contracts/),
    });
    await tested.schema({ properties: { total: { const: 1 } } }, { Type: 'JSONSchemaDraft4' });
    expect(await tested.put({ total: 1 }, { tags: REFUSE })).toMatchObject({
      message: expect.stringMatching(/cannot be checked: #\/properties\/total has const, a keyword of a later draft/),
    });
  });

  test('hands what it holds back to the dead-letter queue, with what is wrong', async () => {
    await tested.schema(openApi('OrderPlaced', ORDER));
    await tested.cell.call('sqs', 'CreateQueue', { QueueName: 'violations' });
    tested.cell.takeFacts();
    expect(await tested.put({ total: 'x' }, { tags: DEAD_LETTER })).toMatchObject({ action: 'dead-lettered' });
    expect(tested.cell.takeFacts().map(({ name }) => name)).toContain('EventHeldBack');
    const QueueUrl = 'http://127.0.0.1:4566/000000000000/violations';
    const { Messages } = await tested.cell.call<{
      Messages: { Body: string; MessageAttributes: Record<string, { StringValue: string }> }[];
    }>('sqs', 'ReceiveMessage', { QueueUrl, MessageAttributeNames: ['All'] });
    expect(JSON.parse(Messages[0]?.Body ?? '')).toMatchObject({
      'detail-type': 'Order Placed',
      detail: { total: 'x' },
    });
    expect(Messages[0]?.MessageAttributes).toMatchObject({
      ERROR_CODE: { StringValue: 'SchemaViolation' },
      SCHEMA_PATH: { StringValue: '/detail/total' },
      EVENT_BUS_ARN: { StringValue: BUS_ARN },
    });
  });

  test('refuses after all what the dead-letter queue does not take', async () => {
    await tested.schema(openApi('OrderPlaced', ORDER));
    expect(await tested.put({ total: 'x' }, { tags: DEAD_LETTER })).toMatchObject({
      action: 'refuse',
      message: expect.stringContaining(`${QUEUE_ARN} did not take it`),
    });
  });

  test('what is refused is not discovered', async () => {
    await tested.schema(openApi('OrderPlaced', ORDER));
    await tested.call('CreateDiscoverer', { SourceArn: BUS_ARN });
    await tested.put({ total: 'x' }, { tags: REFUSE });
    expect(await tested.call('ListSchemas', { RegistryName: 'discovered-schemas' })).toEqual({ Schemas: [] });
    await tested.put({ total: 1 }, { tags: REFUSE });
    expect(await tested.call('ListSchemas', { RegistryName: 'discovered-schemas' })).toMatchObject({ Schemas: [{}] });
  });
});

test.each([
  [{ 'eddy:schema-enforcment': 'refuse' }, /eddy:schema-enforcment is unknown/],
  [{ 'eddy:schema-registry': 'x' }, /has no effect without eddy:schema-enforcement/],
  [{ 'eddy:schema-enforcement': 'on', 'eddy:schema-registry': 'x' }, /is refuse or dead-letter, not on/],
  [{ 'eddy:schema-enforcement': 'refuse' }, /needs eddy:schema-registry/],
  [{ 'eddy:schema-enforcement': 'dead-letter', 'eddy:schema-registry': 'x' }, /needs eddy:schema-dead-letter-arn/],
  [
    {
      'eddy:schema-enforcement': 'dead-letter',
      'eddy:schema-registry': 'x',
      'eddy:schema-dead-letter-arn': `${QUEUE_ARN}.fifo`,
    },
    /standard queue in the bus's region/,
  ],
  [
    { 'eddy:schema-enforcement': 'refuse', 'eddy:schema-registry': 'x', 'eddy:schema-dead-letter-arn': QUEUE_ARN },
    /has no effect while/,
  ],
  [
    { 'eddy:schema-enforcement': 'refuse', 'eddy:schema-registry': 'x', 'eddy:schema-unknown-events': 'no' },
    /is accept or violate, not no/,
  ],
])('a bus may not have the tags %j', (tags, problem) => {
  expect(busTagsProblem(BUS_ARN, tagsOf(tags))).toMatch(problem);
});

test('a bus may have the tags that mean something, and any others', () => {
  for (const tags of [REFUSE, STRICT, DEAD_LETTER, [], tagsOf({ 'eddy:other': 'x' })]) {
    expect(busTagsProblem(BUS_ARN, tags)).toBeUndefined();
  }
});
