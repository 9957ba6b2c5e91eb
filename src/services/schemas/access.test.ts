import { describe, expect, test } from 'vitest';
import type { CallOptions } from '#cell/testing.ts';
import type { Principal } from '#model/principal.ts';
import { scopeOf } from '#model/scope.ts';
import { iam } from '#services/iam/service.ts';
import { openApi, SchemasTest } from './testing.ts';

const OTHER_ACCOUNT = '111122223333';
const other: CallOptions = { scope: scopeOf(OTHER_ACCOUNT, 'us-east-1') };
const REGISTRY = 'arn:aws:schemas:us-east-1:000000000000:registry/contracts';
const SCHEMAS = 'arn:aws:schemas:us-east-1:000000000000:schema/contracts/*';
const CONTENT = JSON.stringify(openApi('Order', { type: 'object', properties: { id: { type: 'string' } } }));
const ann: Principal = {
  kind: 'user',
  account: '000000000000',
  arn: 'arn:aws:iam::000000000000:user/ann',
  userId: 'AIDA',
};

async function open(): Promise<SchemasTest> {
  const tested = await SchemasTest.open({ iamMode: 'enforce' }, [iam]);
  await tested.call('CreateRegistry', { RegistryName: 'contracts' });
  await tested.call('CreateSchema', {
    ...{ RegistryName: 'contracts', SchemaName: 'order', Type: 'OpenApi3', Content: CONTENT },
  });
  return tested;
}

async function allow(tested: SchemasTest, Action: string | readonly string[], given: object = {}): Promise<void> {
  const statement = { Effect: 'Allow', Principal: { AWS: OTHER_ACCOUNT }, Action, Resource: [REGISTRY, SCHEMAS] };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [{ ...statement, ...given }] });
  await tested.call('PutResourcePolicy', { RegistryName: 'contracts', Policy });
}

describe('a registry of another account', () => {
  const ofTheirs = { RegistryName: REGISTRY, SchemaName: 'order' };

  test('is named by its ARN, and its policy says what may be done', async () => {
    const tested = await open();
    expect(await tested.refusal('DescribeSchema', ofTheirs, other)).toMatch(
      /^ForbiddenException: User: arn:aws:iam::111122223333:root is not authorized to perform: schemas:DescribeSchema on resource: arn:aws:schemas:us-east-1:000000000000:schema\/contracts\/order/,
    );
    await allow(tested, ['schemas:Describe*', 'schemas:List*', 'schemas:SearchSchemas']);
    expect(await tested.call('DescribeRegistry', { RegistryName: REGISTRY }, other)).toMatchObject({
      RegistryArn: REGISTRY,
      RegistryName: 'contracts',
    });
    expect(await tested.call('DescribeSchema', ofTheirs, other)).toMatchObject({ Content: CONTENT });
    expect(await tested.call('ListSchemas', { RegistryName: REGISTRY }, other)).toMatchObject({
      Schemas: [{ SchemaName: 'order' }],
    });
    const search = { RegistryName: REGISTRY, Keywords: 'order' };
    expect(await tested.call('SearchSchemas', search, other)).toMatchObject({ Schemas: [{ SchemaName: 'order' }] });
    expect(await tested.refusal('UpdateSchema', { ...ofTheirs, Description: 'x' }, other)).toMatch(/^Forbidden/);
  });

  test('is written to where its policy allows that, and keeps what was written', async () => {
    const tested = await open();
    await allow(tested, 'schemas:*');
    await tested.call('UpdateSchema', { ...ofTheirs, Content: CONTENT.replace('string', 'integer') }, other);
    expect(await tested.call('DescribeSchema', { ...ofTheirs, RegistryName: 'contracts' })).toMatchObject({
      SchemaVersion: '2',
      SchemaArn: 'arn:aws:schemas:us-east-1:000000000000:schema/contracts/order',
    });
    const binding = { ...ofTheirs, Language: 'TypeScript3' };
    await tested.call('PutCodeBinding', binding, other);
    await tested.cell.advance(1);
    expect(await tested.call('DescribeCodeBinding', binding, other)).toMatchObject({ Status: 'CREATE_COMPLETE' });
    await tested.call('DeleteSchema', ofTheirs, other);
    expect(await tested.refusal('DescribeSchema', { ...ofTheirs, RegistryName: 'contracts' })).toMatch(/^NotFound/);
    await tested.call('DeleteRegistry', { RegistryName: REGISTRY }, other);
    expect(await tested.refusal('DescribeRegistry', { RegistryName: 'contracts' })).toMatch(/^NotFound/);
  });

  test.each([
    'arn:aws:schemas:eu-west-1:000000000000:registry/contracts',
    'arn:aws:schemas:us-east-1:000000000000/us-east-1:registry/contracts',
    'arn:aws:schemas:us-east-1:000000000000:schema/contracts/order',
    'arn:aws:events:us-east-1:000000000000:registry/contracts',
    'arn:aws:schemas:us-east-1:000000000000:registry/missing',
  ])('is not found as %s', async (RegistryName) => {
    const tested = await open();
    expect(await tested.refusal('DescribeSchema', { ...ofTheirs, RegistryName })).toMatch(/^NotFoundException/);
  });
});

describe('where permissions are enforced', () => {
  test('a user may do what a policy says, and a denial names the account where AWS names no resource', async () => {
    const tested = await open();
    const options = { principal: ann };
    expect(await tested.refusal('ListRegistries', {}, options)).toBe(
      'ForbiddenException: User: arn:aws:iam::000000000000:user/ann is not authorized to perform: schemas:ListRegistries on resource: arn:aws:schemas:us-east-1:000000000000:* because no identity-based policy allows the schemas:ListRegistries action',
    );
    await tested.cell.call('iam', 'CreateUser', { UserName: 'ann' });
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'schemas:List*', Resource: '*' }],
    });
    await tested.cell.call('iam', 'PutUserPolicy', { UserName: 'ann', PolicyName: 'p', PolicyDocument });
    expect(await tested.call('ListRegistries', { Scope: 'LOCAL' }, options)).toMatchObject({
      Registries: [{ RegistryName: 'contracts' }],
    });
    expect(await tested.refusal('DeleteRegistry', { RegistryName: 'contracts' }, options)).toMatch(
      /schemas:DeleteRegistry on resource: arn:aws:schemas:us-east-1:000000000000:registry\/contracts/,
    );
  });

  test('a policy of the registry may deny its own account', async () => {
    const tested = await open();
    const deny = { Effect: 'Deny', Principal: '*', Action: 'schemas:DeleteSchema', Resource: SCHEMAS };
    await allow(tested, 'schemas:DescribeSchema', deny);
    const schema = { RegistryName: 'contracts', SchemaName: 'order' };
    expect(await tested.refusal('DeleteSchema', schema)).toMatch(/^ForbiddenException: .*explicit deny/);
    expect(await tested.call('DescribeSchema', schema)).toMatchObject({ SchemaName: 'order' });
  });
});
