// The schema registry and its bus through AWS's own clients, against a whole server.

import {
  CreateEventBusCommand,
  EventBridgeClient,
  ListTagsForResourceCommand as ListEventTags,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  TagResourceCommand as TagEvents,
} from '@aws-sdk/client-eventbridge';
import {
  CreateDiscovererCommand,
  CreateRegistryCommand,
  CreateSchemaCommand,
  DeleteSchemaCommand,
  DescribeSchemaCommand,
  ExportSchemaCommand,
  GetCodeBindingSourceCommand,
  GetDiscoveredSchemaCommand,
  GetResourcePolicyCommand,
  ListRegistriesCommand,
  ListSchemasCommand,
  ListTagsForResourceCommand,
  PutCodeBindingCommand,
  PutResourcePolicyCommand,
  SchemasClient,
  SearchSchemasCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSchemaCommand,
  waitUntilCodeBindingExists,
} from '@aws-sdk/client-schemas';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SchemaDiffAnswer } from '#server/admin-api/contract.ts';
import { startTestServer, type TestServer } from '#server/testing.ts';
import { SAMPLES } from '#services/events/partners/samples/catalogue.ts';
import { AWS_EVENTS } from '#services/schemas/catalogue/events.ts';

let server: TestServer;
let schemas: SchemasClient;
let events: EventBridgeClient;
beforeAll(async () => {
  server = await startTestServer();
  const options = {
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  schemas = new SchemasClient({ ...options, maxAttempts: 1 });
  events = new EventBridgeClient({ ...options, maxAttempts: 1 });
});
afterAll(async () => {
  schemas.destroy();
  events.destroy();
  await server.close();
});

const document = (properties: object, required: string[] = []) =>
  JSON.stringify({
    openapi: '3.0.0',
    info: { version: '1.0.0', title: 'OrderPlaced' },
    paths: {},
    components: {
      schemas: { OrderPlaced: { type: 'object', properties, ...(required.length === 0 ? {} : { required }) } },
    },
  });
const NAMES = { RegistryName: 'contracts', SchemaName: 'com.shop@OrderPlaced' };

async function put(EventBusName: string, detail: unknown, DetailType = 'Order Placed') {
  const entry = { Source: 'com.shop', DetailType, Detail: JSON.stringify(detail), EventBusName };
  return (await events.send(new PutEventsCommand({ Entries: [entry] }))).Entries?.[0];
}

async function bus(Name: string, tags: Record<string, string> = {}): Promise<string> {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return (await events.send(new CreateEventBusCommand({ Name, Tags }))).EventBusArn as string;
}

test('a schema lives through its versions, with errors that the client knows', async () => {
  await schemas.send(new CreateRegistryCommand({ RegistryName: 'contracts', Tags: { team: 'a' } }));
  const created = await schemas.send(
    new CreateSchemaCommand({ ...NAMES, Type: 'OpenApi3', Content: document({ id: { type: 'string' } }, ['id']) }),
  );
  expect(created).toMatchObject({
    SchemaVersion: '1',
    LastModified: expect.any(Date),
    VersionCreatedDate: expect.any(Date),
  });
  await schemas.send(new UpdateSchemaCommand({ ...NAMES, Content: document({ id: { type: 'integer' } }) }));
  expect(await schemas.send(new DescribeSchemaCommand(NAMES))).toMatchObject({ SchemaVersion: '2', Type: 'OpenApi3' });
  expect(await schemas.send(new DescribeSchemaCommand({ ...NAMES, SchemaVersion: '1' }))).toMatchObject({
    SchemaVersion: '1',
  });
  await expect(schemas.send(new DescribeSchemaCommand({ ...NAMES, SchemaName: 'none' }))).rejects.toMatchObject({
    name: 'NotFoundException',
    Code: 'NotFoundException',
    message: 'Schema with name none does not exist.',
    $metadata: { httpStatusCode: 404 },
  });
  await expect(schemas.send(new ExportSchemaCommand({ ...NAMES, Type: 'JSONSchemaDraft4' }))).rejects.toMatchObject({
    name: 'ForbiddenException',
    $metadata: { httpStatusCode: 403 },
  });
  const found = await schemas.send(new SearchSchemasCommand({ RegistryName: 'contracts', Keywords: 'orderplaced' }));
  expect(found.Schemas).toMatchObject([
    { SchemaName: NAMES.SchemaName, SchemaVersions: [{ SchemaVersion: '2' }, { SchemaVersion: '1' }] },
  ]);
  const arn = created.SchemaArn as string;
  await schemas.send(new TagResourceCommand({ ResourceArn: arn, Tags: { a: '1', b: '2' } }));
  await schemas.send(new UntagResourceCommand({ ResourceArn: arn, TagKeys: ['a'] }));
  expect((await schemas.send(new ListTagsForResourceCommand({ ResourceArn: arn }))).Tags).toEqual({ b: '2' });
  expect((await schemas.send(new ListRegistriesCommand({ Scope: 'LOCAL' }))).Registries).toMatchObject([
    { RegistryName: 'contracts', Tags: { team: 'a' } },
  ]);
});

test('a resource policy is a text that keeps its revision', async () => {
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'schemas:*', Resource: '*' }],
  });
  const { RevisionId } = await schemas.send(new PutResourcePolicyCommand({ RegistryName: 'contracts', Policy }));
  const got = await schemas.send(new GetResourcePolicyCommand({ RegistryName: 'contracts' }));
  // The client makes more than a text of it.
  expect([String(got.Policy), got.RevisionId]).toEqual([Policy, RevisionId]);
  await expect(
    schemas.send(new PutResourcePolicyCommand({ RegistryName: 'contracts', Policy, RevisionId: 'other' })),
  ).rejects.toMatchObject({ name: 'PreconditionFailedException' });
});

test('another account names the registry by its ARN', async () => {
  const guest = new SchemasClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: '111122223333', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  const RegistryName = 'arn:aws:schemas:us-east-1:000000000000:registry/contracts';
  expect(await guest.send(new DescribeSchemaCommand({ ...NAMES, RegistryName }))).toMatchObject({
    SchemaArn: 'arn:aws:schemas:us-east-1:000000000000:schema/contracts/com.shop@OrderPlaced',
  });
  await expect(guest.send(new DescribeSchemaCommand(NAMES))).rejects.toMatchObject({ name: 'NotFoundException' });
  guest.destroy();
});

test('a code binding is waited for and fetched', async () => {
  const ask = { ...NAMES, Language: 'TypeScript3' };
  expect(await schemas.send(new PutCodeBindingCommand(ask))).toMatchObject({ Status: 'CREATE_IN_PROGRESS' });
  await waitUntilCodeBindingExists({ client: schemas, maxWaitTime: 10, minDelay: 1, maxDelay: 1 }, ask);
  const { Body } = await schemas.send(new GetCodeBindingSourceCommand(ask));
  expect(Object.keys(unzipSync(Body as Uint8Array))).toContain('schema/com/shop/orderplaced/OrderPlaced.ts');
});

test('what is put on an observed bus is discovered, and exported', async () => {
  const arn = await bus('observed');
  await schemas.send(new CreateDiscovererCommand({ SourceArn: arn }));
  await expect(schemas.send(new CreateDiscovererCommand({ SourceArn: arn }))).rejects.toMatchObject({
    name: 'ConflictException',
  });
  expect(await put('observed', { id: 'a', lines: [{ sku: 's' }] })).toHaveProperty('EventId');
  expect(await put('observed', { id: 'b' })).toHaveProperty('EventId');
  const names = { RegistryName: 'discovered-schemas', SchemaName: 'com.shop@OrderPlaced' };
  expect(await schemas.send(new DescribeSchemaCommand(names))).toMatchObject({ SchemaVersion: '2' });
  const { Content } = await schemas.send(new ExportSchemaCommand({ ...names, Type: 'JSONSchemaDraft4' }));
  expect(JSON.parse(Content as string).definitions.OrderPlaced).toMatchObject({ required: ['id'] });
  const { Schemas } = await schemas.send(new ListSchemasCommand({ RegistryName: 'discovered-schemas' }));
  expect(Schemas).toMatchObject([{ SchemaName: names.SchemaName, VersionCount: 2 }]);
  await schemas.send(new DeleteSchemaCommand(names));
  const sample = await schemas.send(new GetDiscoveredSchemaCommand({ Type: 'OpenApi3', Events: ['{"a":1}'] }));
  expect(JSON.parse(sample.Content as string).info.title).toBe('Event');
});

describe('enforcement by tags of a bus', () => {
  test('refuses what violates the contract, names the place, and is seen in the tags', async () => {
    const arn = await bus('guarded', { 'eddy:schema-enforcement': 'refuse', 'eddy:schema-registry': 'contracts' });
    expect(await put('guarded', { id: 7 })).toHaveProperty('EventId');
    expect(await put('guarded', { id: 'seven' })).toEqual({
      ErrorCode: 'SchemaViolation',
      ErrorMessage: '/detail/id must be integer, not string (schema contracts/com.shop@OrderPlaced, version 2)',
    });
    const { Tags } = await events.send(new ListEventTags({ ResourceARN: arn }));
    expect(Tags).toContainEqual({ Key: 'eddy:schema-enforcement', Value: 'refuse' });
  });

  test('refuses tags that would not guard', async () => {
    const arn = await bus('plain');
    const wrong = { ResourceARN: arn, Tags: [{ Key: 'eddy:schema-enforcement', Value: 'yes' }] };
    await expect(events.send(new TagEvents(wrong))).rejects.toMatchObject({
      message: expect.stringMatching(/refuse or dead-letter/),
    });
    await expect(bus('other', { 'eddy:schema-registry': 'x' })).rejects.toMatchObject({
      message: expect.stringMatching(/no effect/),
    });
  });

  test('sends what violates the contract to a dead-letter queue, and its journey is told', async () => {
    const sqs = server.sqs();
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'violations' }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    await bus('lenient', {
      'eddy:schema-enforcement': 'dead-letter',
      'eddy:schema-registry': 'contracts',
      'eddy:schema-dead-letter-arn': Attributes?.['QueueArn'] as string,
    });
    const entry = await put('lenient', { id: 'seven' });
    expect(entry).toEqual({ EventId: expect.any(String) });
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'] }));
    expect(JSON.parse(Messages?.[0]?.Body ?? '')).toMatchObject({ id: entry?.EventId, detail: { id: 'seven' } });
    expect(Messages?.[0]?.MessageAttributes?.['SCHEMA_PATH']?.StringValue).toBe('/detail/id');
    const journey = await (await fetch(`${server.url}/_eddy/explain/${entry?.EventId}`)).text();
    expect(journey).toMatch(/was held back from .*lenient: \/detail\/id must be integer/);
  });
});

describe('beyond the API', () => {
  test('a comparison of versions tells whom they break', async () => {
    const query = new URLSearchParams({ registry: 'contracts', schema: NAMES.SchemaName, from: '1', to: '2' });
    const answer = (await (await fetch(`${server.url}/_eddy/schema-diff?${query}`)).json()) as SchemaDiffAnswer;
    expect(answer).toMatchObject({ from: '1', to: '2', breaksConsumers: true, breaksProducers: true });
    expect(answer.changes.map(({ path, kind }) => `${path} ${kind}`)).toEqual([
      '/detail/id field-optional',
      '/detail/id type-added',
      '/detail/id type-removed',
    ]);
    for (const [wrong, status] of [
      ['registry=contracts', 400],
      [`${query}9`, 404],
    ] as const) {
      expect((await fetch(`${server.url}/_eddy/schema-diff?${wrong}`)).status).toBe(status);
    }
  });

  test('a bus is an AsyncAPI document with its rules, targets and events', async () => {
    const arn = await bus('documented');
    await schemas.send(new CreateDiscovererCommand({ SourceArn: arn }));
    await put('documented', { id: 1 });
    await put('documented', { reason: 'late', at: '2026-01-15T12:00:00Z', by: { name: 'x' } }, 'Order Cancelled');
    const rule = { EventBusName: 'documented', Name: 'cancelled' };
    await events.send(
      new PutRuleCommand({
        ...rule,
        EventPattern: '{"detail-type":[{"suffix":"Cancelled"}],"detail":{"reason":["late"]}}',
      }),
    );
    const queueArn = 'arn:aws:sqs:us-east-1:000000000000:violations';
    await events.send(
      new PutTargetsCommand({ EventBusName: 'documented', Rule: 'cancelled', Targets: [{ Id: 'q', Arn: queueArn }] }),
    );
    const text = await (await fetch(`${server.url}/_eddy/asyncapi?bus=documented`)).text();
    expect(server.problems).toEqual([]);
    const api = JSON.parse(text);
    expect(api).toMatchObject({
      asyncapi: '3.0.0',
      info: { title: 'Event bus documented', version: '1.0.0' },
      channels: {
        'bus.documented': { address: arn, messages: { 'com.shop.Order-Placed': {}, 'com.shop.Order-Cancelled': {} } },
        'sqs.violations': { address: queueArn, bindings: { sqs: { queue: { name: 'violations', fifoQueue: false } } } },
      },
      operations: {
        'put.documented': { action: 'receive' },
        'rule.cancelled.q': {
          action: 'send',
          channel: { $ref: '#/channels/sqs.violations' },
          messages: [{ $ref: '#/channels/sqs.violations/messages/com.shop.Order-Cancelled' }],
        },
      },
    });
    // Every reference leads somewhere.
    const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path as string);
    expect(references.length).toBeGreaterThan(8);
    for (const path of references) {
      expect([path, path.split('/').reduce((at, key) => at?.[key.replaceAll('~1', '/')], api) !== undefined]).toEqual([
        path,
        true,
      ]);
    }
    expect((await fetch(`${server.url}/_eddy/asyncapi?bus=missing`)).status).toBe(404);
  });
});

test("samples of AWS's events fit AWS's schemas, as far as both are here", async () => {
  await bus('aws', { 'eddy:schema-enforcement': 'refuse', 'eddy:schema-registry': 'aws.events' });
  const known = AWS_EVENTS.filter(({ source, detailType }) =>
    SAMPLES.some((sample) => `aws.${sample.service}` === source && sample.detailType === detailType),
  );
  expect(known.length).toBeGreaterThan(3);
  for (const { source, detailType } of known) {
    const response = await fetch(`${server.url}/_eddy/events/emit`, {
      method: 'POST',
      body: JSON.stringify({ service: source.slice('aws.'.length), detailType, bus: 'aws' }),
    });
    expect([detailType, response.status, await response.text()]).toEqual([
      detailType,
      200,
      expect.stringContaining('eventId'),
    ]);
  }
});
