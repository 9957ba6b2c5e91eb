// Roles of delivery streams against the real IAM and S3: who may not assume, may not write; and what is delivered once it may.

import { beforeEach, expect, test } from 'vitest';
import { type TestCell, testCell } from '#cell/testing.ts';
import { deliveries } from '#deliveries/service.ts';
import { firehose } from '#services/firehose/service.ts';
import { TestPerformers } from '#services/firehose/surroundings/testing.ts';
import { ROLE_ARN, s3Stream } from '#services/firehose/testing.ts';
import { iam } from '#services/iam/service.ts';
import { s3 } from '#services/s3/service.ts';
import { schemas } from '#services/schemas/service.ts';
import { sts } from '#services/sts/service.ts';

const policy = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements.map((one) => ({ Effect: 'Allow', ...one })) });
const trust = (Service: string): string => policy({ Principal: { Service }, Action: 'sts:AssumeRole' });
const mayPut = (Resource: string): string => policy({ Action: 's3:PutObject', Resource });

let cell: TestCell;
beforeEach(async () => {
  const home = { engine: undefined } as Parameters<TestPerformers['performersOf']>[0];
  const performers = new TestPerformers().performersOf(home);
  cell = await testCell([deliveries, iam, sts, s3, schemas, firehose], { iamMode: 'enforce', performers });
  home.engine = cell.engine;
  await cell.call('s3', 'CreateBucket', { Bucket: 'lake' });
});

const role = (trusted: string): Promise<unknown> =>
  cell.call('iam', 'CreateRole', { RoleName: 'firehose', AssumeRolePolicyDocument: trust(trusted) });
const allow = (PolicyDocument: string): Promise<unknown> =>
  cell.call('iam', 'PutRolePolicy', { RoleName: 'firehose', PolicyName: 'p', PolicyDocument });
const create = () => cell.reply('firehose', 'CreateDeliveryStream', s3Stream());
const keys = async (): Promise<readonly string[]> => {
  const { Contents = [] } = await cell.call<{ Contents?: { Key: string }[] }>('s3', 'ListObjectsV2', {
    Bucket: 'lake',
  });
  return Contents.map(({ Key }) => Key);
};

test('a role that is missing, or trusts somebody else, is refused', async () => {
  const message = `Firehose is unable to assume role ${ROLE_ARN}. Please check the role provided.`;
  expect(await create()).toMatchObject({ refused: { code: 'InvalidArgumentException', message } });
  await role('lambda.amazonaws.com');
  expect(await create()).toMatchObject({ refused: { code: 'InvalidArgumentException', message } });
});

test('records wait until the role may write into the bucket', async () => {
  await role('firehose.amazonaws.com');
  await allow(mayPut('arn:aws:s3:::other/*'));
  expect(await create()).toMatchObject({ output: {} });
  await cell.call('firehose', 'PutRecord', { DeliveryStreamName: 'orders', Record: { Data: Buffer.from('one') } });
  await cell.advance(3_600_000);
  expect(await keys()).toEqual([]);
  expect(cell.cell.payloads.count + (await cell.engine.blobs.names()).length).toBeGreaterThan(0);
  await allow(mayPut('arn:aws:s3:::lake/*'));
  await cell.advance(60_000);
  expect(await keys()).toEqual([expect.stringMatching(/^2026\/01\/15\/12\/orders-1-/)]);
});

test('records wait while the role may not be assumed any more', async () => {
  await role('firehose.amazonaws.com');
  await allow(mayPut('arn:aws:s3:::lake/*'));
  await create();
  await cell.call('firehose', 'PutRecord', { DeliveryStreamName: 'orders', Record: { Data: Buffer.from('one') } });
  const RoleName = 'firehose';
  await cell.call('iam', 'UpdateAssumeRolePolicy', { RoleName, PolicyDocument: trust('lambda.amazonaws.com') });
  await cell.advance(600_000);
  expect(await keys()).toEqual([]);
  await cell.call('iam', 'UpdateAssumeRolePolicy', { RoleName, PolicyDocument: trust('firehose.amazonaws.com') });
  await cell.advance(60_000);
  expect(await keys()).toHaveLength(1);
});

test('the table of a conversion is read by its role, which must be allowed to', async () => {
  await role('firehose.amazonaws.com');
  await cell.call('schemas', 'CreateRegistry', { RegistryName: 'shop' });
  const Content = JSON.stringify({
    $schema: 'http://json-schema.org/draft-04/schema#',
    type: 'object',
    properties: { id: { type: 'integer' } },
  });
  const schema = { RegistryName: 'shop', SchemaName: 'orders', Type: 'JSONSchemaDraft4', Content };
  await cell.call('schemas', 'CreateSchema', schema);
  const convert = () =>
    cell.reply(
      'firehose',
      'CreateDeliveryStream',
      s3Stream({
        BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
        DataFormatConversionConfiguration: {
          SchemaConfiguration: { RoleARN: ROLE_ARN, DatabaseName: 'shop', TableName: 'orders' },
          InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
          OutputFormatConfiguration: { Serializer: { ParquetSerDe: {} } },
        },
      }),
    );
  const message = expect.stringMatching(/^Access was denied when calling Glue\./);
  expect(await convert()).toMatchObject({ refused: { code: 'InvalidArgumentException', message } });
  const table = 'arn:aws:glue:us-east-1:000000000000:table/shop/orders';
  await allow(policy({ Action: ['glue:GetTable', 'glue:GetTableVersion', 'glue:GetTableVersions'], Resource: table }));
  expect(await convert()).toMatchObject({ output: {} });
});
