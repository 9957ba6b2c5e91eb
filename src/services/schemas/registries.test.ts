import { beforeEach, describe, expect, test } from 'vitest';
import { openApi, SchemasTest } from './testing.ts';

let tested: SchemasTest;
beforeEach(async () => {
  tested = await SchemasTest.open();
});

const CONTENT = JSON.stringify(openApi('Order', { type: 'object', properties: { id: { type: 'string' } } }));
const SCHEMA = { RegistryName: 'contracts', SchemaName: 'order' };
const create = () => tested.call('CreateSchema', { ...SCHEMA, Type: 'OpenApi3', Content: CONTENT });
const registry = (RegistryName = 'contracts') => tested.call('CreateRegistry', { RegistryName });

describe('registries', () => {
  test('are created once, described, changed, listed and deleted', async () => {
    const created = await tested.call('CreateRegistry', {
      RegistryName: 'contracts',
      Description: 'ours',
      Tags: { team: 'a' },
    });
    expect(created).toEqual({
      Description: 'ours',
      RegistryArn: 'arn:aws:schemas:us-east-1:000000000000:registry/contracts',
      RegistryName: 'contracts',
      Tags: { team: 'a' },
    });
    expect(await tested.refusal('CreateRegistry', { RegistryName: 'contracts' })).toBe(
      'ConflictException: Registry with name contracts already exists.',
    );
    await tested.call('UpdateRegistry', { RegistryName: 'contracts', Description: '' });
    expect(await tested.call('DescribeRegistry', { RegistryName: 'contracts' })).toMatchObject({ Description: '' });
    await tested.call('DeleteRegistry', { RegistryName: 'contracts' });
    expect(await tested.refusal('DescribeRegistry', { RegistryName: 'contracts' })).toBe(
      'NotFoundException: Registry with name contracts does not exist.',
    );
  });

  test('are not deleted with schemas in them', async () => {
    await registry();
    await create();
    expect(await tested.refusal('DeleteRegistry', { RegistryName: 'contracts' })).toMatch(
      /^BadRequestException: .*not empty/,
    );
    await tested.call('DeleteSchema', SCHEMA);
    expect(await tested.refusal('DeleteRegistry', { RegistryName: 'contracts' })).toBe('accepted');
  });

  test.each(['aws.events', 'aws.mine', 'discovered-schemas'])('%s cannot be created by hand', async (RegistryName) => {
    expect(await tested.refusal('CreateRegistry', { RegistryName })).toMatch(/^ForbiddenException/);
  });

  test.each(['a b', 'a/b', 'x'.repeat(65), 'é'])('%s is no name', async (RegistryName) => {
    expect(await tested.refusal('CreateRegistry', { RegistryName })).toMatch(/^BadRequestException: .*registryName/);
  });

  test('are listed by scope and prefix, page by page', async () => {
    for (const name of ['c', 'a', 'b']) await registry(name);
    const names = async (input: object): Promise<string[]> =>
      (await tested.call<{ Registries: { RegistryName: string }[] }>('ListRegistries', input)).Registries.map(
        (one) => one.RegistryName,
      );
    expect(await names({})).toEqual(['a', 'aws.events', 'b', 'c']);
    expect(await names({ Scope: 'Local' })).toEqual(['a', 'b', 'c']);
    expect(await names({ Scope: 'AWS' })).toEqual(['aws.events']);
    expect(await names({ RegistryNamePrefix: 'aws' })).toEqual(['aws.events']);
    const { NextToken } = await tested.call<{ NextToken: string }>('ListRegistries', { Limit: 3 });
    expect(await names({ Limit: 3, NextToken })).toEqual(['c']);
    // Of another list, or another account.
    expect(await tested.refusal('ListRegistries', { NextToken, RegistryNamePrefix: 'a' })).toMatch(
      /^BadRequestException: The NextToken/,
    );
    const scope = { partition: 'aws', account: '111111111111', region: 'us-east-1' };
    const foreign = await tested.cell.reply('schemas', 'ListRegistries', { NextToken }, { scope });
    expect(foreign).toHaveProperty('refused');
    await tested.cell.advance(24 * 60 * 60 * 1_000 + 1);
    expect(await tested.refusal('ListRegistries', { Limit: 3, NextToken })).toMatch(/^BadRequestException/);
    expect(await tested.refusal('ListRegistries', { Limit: 101 })).toMatch(/^BadRequestException: .*limit/);
  });

  test('have a policy that only the latest revision replaces', async () => {
    await registry();
    const ask = { RegistryName: 'contracts' };
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: '*' },
          Action: 'schemas:*',
          Resource: 'arn:aws:schemas:us-east-1:000000000000:registry/contracts',
        },
      ],
    });
    expect(await tested.refusal('GetResourcePolicy', ask)).toMatch(/^NotFoundException/);
    expect(await tested.refusal('PutResourcePolicy', { ...ask, Policy, RevisionId: 'x' })).toMatch(
      /^PreconditionFailedException/,
    );
    const first = await tested.call<{ RevisionId: string }>('PutResourcePolicy', { ...ask, Policy });
    const second = await tested.call<{ RevisionId: string }>('PutResourcePolicy', { ...ask, Policy, ...first });
    expect(second.RevisionId).not.toBe(first.RevisionId);
    expect(await tested.refusal('PutResourcePolicy', { ...ask, Policy, RevisionId: first.RevisionId })).toMatch(
      /^Precondition/,
    );
    expect(await tested.call('GetResourcePolicy', ask)).toEqual({ Policy, RevisionId: second.RevisionId });
    expect(await tested.refusal('PutResourcePolicy', { ...ask, Policy: '{"Statement":7}' })).toMatch(
      /^BadRequestException/,
    );
    expect(await tested.refusal('PutResourcePolicy', { Policy })).toMatch(
      /^BadRequestException: RegistryName is missing/,
    );
    await tested.call('DeleteResourcePolicy', ask);
    expect(await tested.refusal('GetResourcePolicy', ask)).toMatch(/^NotFoundException/);
  });
});

describe('schemas', () => {
  beforeEach(() => registry());

  test('have numbered versions, newest first, and tell the bus', async () => {
    expect(await create()).toMatchObject({
      SchemaArn: 'arn:aws:schemas:us-east-1:000000000000:schema/contracts/order',
      SchemaVersion: '1',
      Type: 'OpenApi3',
    });
    expect(tested.emitted).toMatchObject([{ detailType: 'Schema Created' }, { detailType: 'Schema Version Created' }]);
    expect(JSON.parse((tested.emitted[1] as { detail: string }).detail)).toEqual({
      SchemaName: 'order',
      SchemaType: 'OpenApi3',
      RegistryName: 'contracts',
      CreationDate: '2026-01-15T12:00:00Z',
      Version: '1',
    });
    const changed = CONTENT.replace('string', 'integer');
    expect(await tested.call('UpdateSchema', { ...SCHEMA, Content: changed })).toMatchObject({ SchemaVersion: '2' });
    expect(await tested.call('DescribeSchema', SCHEMA)).toMatchObject({ Content: changed, SchemaVersion: '2' });
    expect(await tested.call('DescribeSchema', { ...SCHEMA, SchemaVersion: '1' })).toMatchObject({ Content: CONTENT });
    expect(await tested.call('ListSchemaVersions', SCHEMA)).toMatchObject({
      SchemaVersions: [{ SchemaVersion: '2' }, { SchemaVersion: '1' }],
    });
    const { NextToken } = await tested.call<{ NextToken: string }>('ListSchemaVersions', { ...SCHEMA, Limit: 1 });
    expect(await tested.call('ListSchemaVersions', { ...SCHEMA, NextToken })).toMatchObject({
      SchemaVersions: [{ SchemaVersion: '1' }],
    });
    expect(await tested.call('ListSchemas', { RegistryName: 'contracts' })).toMatchObject({
      Schemas: [{ SchemaName: 'order', VersionCount: 2 }],
    });
  });

  test('are not given a version when nothing changed, or when the same wish comes again', async () => {
    await create();
    expect(await tested.call('UpdateSchema', { ...SCHEMA, Content: CONTENT, Description: 'new' })).toMatchObject({
      SchemaVersion: '1',
      Description: 'new',
    });
    const wish = { ...SCHEMA, ClientTokenId: 't', Content: CONTENT.replace('string', 'number') };
    expect(await tested.call('UpdateSchema', wish)).toMatchObject({ SchemaVersion: '2' });
    expect(await tested.call('UpdateSchema', { ...wish, Content: CONTENT })).toMatchObject({ SchemaVersion: '2' });
    expect(await tested.call('UpdateSchema', { ...wish, ClientTokenId: 'u', Content: CONTENT })).toMatchObject({
      SchemaVersion: '3',
    });
  });

  test('give no number twice, and lose their last version only with the schema', async () => {
    await create();
    await tested.call('UpdateSchema', { ...SCHEMA, Content: CONTENT.replace('string', 'integer') });
    await tested.call('DeleteSchemaVersion', { ...SCHEMA, SchemaVersion: '2' });
    expect(await tested.call('DescribeSchema', SCHEMA)).toMatchObject({ SchemaVersion: '1', Content: CONTENT });
    expect(await tested.refusal('DeleteSchemaVersion', { ...SCHEMA, SchemaVersion: '1' })).toMatch(/only this version/);
    expect(await tested.refusal('DeleteSchemaVersion', { ...SCHEMA, SchemaVersion: '2' })).toMatch(
      /^NotFound.*no version 2/,
    );
    expect(
      await tested.call('UpdateSchema', { ...SCHEMA, Content: CONTENT.replace('string', 'number') }),
    ).toMatchObject({
      SchemaVersion: '3',
    });
  });

  test.each([
    ['OpenApi3', '{', 'it is not JSON'],
    ['OpenApi3', '[]', 'it is not a JSON object'],
    ['OpenApi3', '{"info":{}}', 'attribute openapi is missing'],
    ['OpenApi3', '{"openapi":"2.0"}', 'attribute openapi is missing'],
    ['OpenApi3', '{"openapi":"3.0.0","info":{"title":"t","version":"1"}}', 'attribute paths is missing'],
    ['JSONSchemaDraft4', '7', 'it is not a JSON object'],
    ['JSONSchemaDraft4', `${'{"not":'.repeat(300)}{}${'}'.repeat(300)}`, 'it is nested too deeply'],
  ])('%s %s is refused', async (Type, Content, problem) => {
    expect(await tested.refusal('CreateSchema', { ...SCHEMA, Type, Content })).toBe(
      `BadRequestException: The content is no valid ${Type} schema: ${problem}.`,
    );
  });

  test('need a registry, a type, a name, and are created once', async () => {
    await create();
    const given = { ...SCHEMA, Type: 'OpenApi3', Content: CONTENT };
    expect(await tested.refusal('CreateSchema', given)).toBe(
      'ConflictException: Schema with name order already exists.',
    );
    expect(await tested.refusal('CreateSchema', { ...given, RegistryName: 'missing' })).toMatch(/^NotFoundException/);
    expect(await tested.refusal('CreateSchema', { ...given, Type: 'Avro' })).toMatch(/^BadRequestException: .*type/);
    expect(await tested.refusal('CreateSchema', { ...given, SchemaName: 'a/b' })).toMatch(
      /^BadRequestException: .*schemaName/,
    );
    expect(await tested.refusal('CreateSchema', { ...given, RegistryName: 'aws.events' })).toMatch(
      /^ForbiddenException/,
    );
    expect(await tested.refusal('DescribeSchema', { ...SCHEMA, SchemaName: 'no' })).toBe(
      'NotFoundException: Schema with name no does not exist.',
    );
  });

  test('are found by words of their name or content', async () => {
    await create();
    await tested.call('CreateSchema', {
      ...SCHEMA,
      SchemaName: 'invoice',
      Type: 'JSONSchemaDraft4',
      Content: '{"title":"Bill"}',
    });
    const found = async (Keywords: string) =>
      (
        await tested.call<{ Schemas: { SchemaName: string }[] }>('SearchSchemas', {
          RegistryName: 'contracts',
          Keywords,
        })
      ).Schemas.map((one) => one.SchemaName);
    expect(await found('bill ORDER')).toEqual(['invoice', 'order']);
    expect(await found('bill')).toEqual(['invoice']);
    expect(await found('nothing')).toEqual([]);
    expect(await tested.refusal('SearchSchemas', { RegistryName: 'contracts', Keywords: ' ' })).toMatch(
      /^BadRequestException/,
    );
  });

  test('are exported only where AWS exports', async () => {
    await create();
    expect(await tested.refusal('ExportSchema', { ...SCHEMA, Type: 'JSONSchemaDraft4' })).toBe(
      'ForbiddenException: You cannot export non discovered or non aws managed schemas.',
    );
  });

  test('registries and schemas carry tags', async () => {
    await create();
    const ResourceArn = 'arn:aws:schemas:us-east-1:000000000000:schema/contracts/order';
    await tested.call('TagResource', { ResourceArn, Tags: { a: '1', b: '2' } });
    await tested.call('UntagResource', { ResourceArn, TagKeys: ['a'] });
    expect(await tested.call('ListTagsForResource', { ResourceArn })).toEqual({ Tags: { b: '2' } });
    expect(await tested.refusal('TagResource', { ResourceArn, Tags: { 'aws:x': '1' } })).toMatch(
      /^BadRequestException/,
    );
    expect(await tested.refusal('ListTagsForResource', { ResourceArn: `${ResourceArn}x` })).toMatch(
      /^NotFoundException/,
    );
    expect(await tested.refusal('ListTagsForResource', { ResourceArn: 'arn:aws:sqs:us-east-1:0:x' })).toMatch(
      /^BadRequest/,
    );
  });

  test('everything is there after a restart, with and without a snapshot', async () => {
    await create();
    await tested.call('CreateDiscoverer', { SourceArn: 'arn:aws:events:us-east-1:000000000000:event-bus/shop' });
    for (const clean of [false, true]) {
      tested.cell = await tested.cell.restart({ clean });
      expect(await tested.call('DescribeSchema', SCHEMA)).toMatchObject({ Content: CONTENT });
      expect(await tested.call('ListDiscoverers', {})).toMatchObject({ Discoverers: [{ State: 'STARTED' }] });
    }
  });
});

describe("AWS's own registry", () => {
  test('shows its schemas as AWS does', async () => {
    const ask = { RegistryName: 'aws.events', SchemaName: 'aws.ec2@EC2InstanceStateChangeNotification' };
    // AWS CLI examples, export-schema; only the order of the required names differs, which means nothing.
    const { Content } = await tested.call<{ Content: string }>('ExportSchema', { ...ask, Type: 'JSONSchemaDraft4' });
    const { required, ...exported } = JSON.parse(Content);
    expect(new Set(required)).toEqual(
      new Set(['detail-type', 'resources', 'id', 'source', 'time', 'detail', 'region', 'version', 'account']),
    );
    expect(exported).toEqual({
      $schema: 'http://json-schema.org/draft-04/schema#',
      title: 'EC2InstanceStateChangeNotification',
      definitions: {
        EC2InstanceStateChangeNotification: {
          properties: { 'instance-id': { type: 'string' }, state: { type: 'string' } },
          required: ['instance-id', 'state'],
          type: 'object',
        },
      },
      properties: {
        account: { type: 'string' },
        detail: { $ref: '#/definitions/EC2InstanceStateChangeNotification' },
        'detail-type': { type: 'string' },
        id: { type: 'string' },
        region: { type: 'string' },
        resources: { items: { type: 'string' }, type: 'array' },
        source: { type: 'string' },
        time: { format: 'date-time', type: 'string' },
        version: { type: 'string' },
      },
      type: 'object',
      'x-amazon-events-detail-type': 'EC2 Instance State-change Notification',
      'x-amazon-events-source': 'aws.ec2',
    });
    expect(await tested.call('ListSchemas', { RegistryName: 'aws.events', SchemaNamePrefix: 'aws.s3@' })).toMatchObject(
      {
        Schemas: [{ SchemaName: 'aws.s3@ObjectCreated' }, { SchemaName: 'aws.s3@ObjectDeleted' }],
      },
    );
  });

  test('cannot be changed', async () => {
    const ask = { RegistryName: 'aws.events', SchemaName: 'aws.s3@ObjectCreated' };
    for (const name of ['UpdateSchema', 'DeleteSchema'])
      expect(await tested.refusal(name, ask)).toMatch(/^ForbiddenException/);
    expect(await tested.refusal('DeleteSchemaVersion', { ...ask, SchemaVersion: '1' })).toMatch(/^ForbiddenException/);
    for (const name of ['UpdateRegistry', 'DeleteRegistry', 'DeleteResourcePolicy']) {
      expect(await tested.refusal(name, { RegistryName: 'aws.events' })).toMatch(/^ForbiddenException/);
    }
  });
});

test("AWS's quotas hold where they are asked for", async () => {
  tested = await SchemasTest.open({ limits: { mode: 'aws' } });
  for (let i = 0; i < 10; i += 1) await registry(`r${i}`);
  expect(await tested.refusal('CreateRegistry', { RegistryName: 'r10' })).toBe(
    'ForbiddenException: The limit of 10 registries is reached.',
  );
});
