import { describe, expect, test } from 'vitest';
import type { TestCell } from '#cell/testing.ts';
import type { Principal } from '#model/principal.ts';
import { scopeOf } from '#model/scope.ts';
import { iam } from '#services/iam/service.ts';
import { API_KEY, ENDPOINT, endpointsCell, OAUTH, ScriptedHttp, setUp, status } from './testing.ts';

async function refusal(cell: TestCell, operation: string, input: object): Promise<{ code: string; message: string }> {
  const reply = await cell.reply('events', operation, input);
  if (!('refused' in reply)) throw new Error(`${operation} was not refused`);
  return reply.refused;
}

const describeD = (cell: TestCell) => cell.call('events', 'DescribeApiDestination', { Name: 'd' });

async function connectionArn(cell: TestCell): Promise<string> {
  return (await cell.call<{ ConnectionArn: string }>('events', 'DescribeConnection', { Name: 'c' })).ConnectionArn;
}

describe('an API destination', () => {
  test('is described, changed and deleted as AWS does it', async () => {
    const { test: cell } = await endpointsCell();
    const arn = await setUp(cell, API_KEY, { Description: 'orders' });
    expect(arn).toMatch(/^arn:aws:events:us-east-1:000000000000:api-destination\/d\/[0-9a-f-]{36}$/);
    const now = cell.clock.nowMs();
    const whole = {
      ApiDestinationArn: arn,
      ApiDestinationState: 'ACTIVE',
      ConnectionArn: await connectionArn(cell),
      CreationTime: now,
      LastModifiedTime: now,
      Description: 'orders',
      HttpMethod: 'POST',
      InvocationEndpoint: ENDPOINT,
      InvocationRateLimitPerSecond: 300,
      Name: 'd',
    };
    expect(await describeD(cell)).toEqual(whole);
    await cell.advance(1_000);
    const update = { Name: 'd', HttpMethod: 'PUT', InvocationRateLimitPerSecond: 7 };
    expect(await cell.call('events', 'UpdateApiDestination', update)).toEqual({
      ApiDestinationArn: arn,
      ApiDestinationState: 'ACTIVE',
      CreationTime: now,
      LastModifiedTime: now + 1_000,
    });
    expect(await describeD(cell)).toEqual({ ...whole, ...update, LastModifiedTime: now + 1_000 });
    expect(await cell.call('events', 'DeleteApiDestination', { Name: 'd' })).toEqual({});
    expect(await refusal(cell, 'DescribeApiDestination', { Name: 'd' })).toMatchObject({
      code: 'ResourceNotFoundException',
      message: "Failed to describe the api-destination(s). An api-destination 'd' does not exist.",
    });
  });

  test('with a connection that has no token yet, or none any more, is inactive', async () => {
    const { test: cell, http } = await endpointsCell();
    http.answer = () => status(400);
    await setUp(cell, OAUTH);
    expect(await describeD(cell)).toMatchObject({ ApiDestinationState: 'INACTIVE' });
    http.answer = () => status(200, {}, '{"access_token":"t"}');
    await cell.call('events', 'UpdateConnection', { Name: 'c', AuthParameters: OAUTH });
    expect(await describeD(cell)).toMatchObject({ ApiDestinationState: 'ACTIVE' });
  });

  test('that breaks several constraints hears of all of them, in AWS’s words', async () => {
    const { test: cell } = await endpointsCell();
    const input = {
      Name: 'd',
      ConnectionArn: 'invalid-connection-arn',
      HttpMethod: 'INVALID_METHOD',
      InvocationEndpoint: 'invalid-endpoint',
    };
    expect(await refusal(cell, 'CreateApiDestination', input)).toMatchObject({
      code: 'ValidationException',
      message:
        "2 validation errors detected: Value 'invalid-connection-arn' at 'connectionArn' failed to satisfy constraint: Member must satisfy regular expression pattern: ^arn:aws([a-z]|\\-)*:events:([a-z]|\\d|\\-)*:([0-9]{12})?:connection\\/[\\.\\-_A-Za-z0-9]+\\/[\\-A-Za-z0-9]+$; Value 'INVALID_METHOD' at 'httpMethod' failed to satisfy constraint: Member must satisfy enum value set: [HEAD, POST, PATCH, DELETE, PUT, GET, OPTIONS]",
    });
  });

  test.each([
    [{ InvocationEndpoint: 'api.example.com' }, 'ValidationException', 'valid HTTPS endpoint URL'],
    [{ InvocationEndpoint: 'file:///etc/passwd' }, 'ValidationException', 'valid HTTPS endpoint URL'],
    [{ InvocationEndpoint: 'https://a@b.example.com/' }, 'ValidationException', 'valid HTTPS endpoint URL'],
    [{ InvocationEndpoint: 'https://x.example.com/#f' }, 'ValidationException', 'invocationEndpoint'],
    [{ InvocationRateLimitPerSecond: 0 }, 'ValidationException', 'invocationRateLimitPerSecond'],
    [{ InvocationRateLimitPerSecond: 301 }, 'LimitExceededException', "'301' for 'd' exceeds maximum allowed of '300'"],
    [{ Name: 'a b' }, 'ValidationException', 'name'],
    [{ Description: 'x'.repeat(513) }, 'ValidationException', 'description'],
  ])('%j is refused', async (more, code, text) => {
    const { test: cell } = await endpointsCell();
    await setUp(cell);
    const input = {
      ConnectionArn: await connectionArn(cell),
      InvocationEndpoint: ENDPOINT,
      HttpMethod: 'POST',
      ...more,
    };
    const message = expect.stringContaining(text);
    expect(await refusal(cell, 'UpdateApiDestination', { Name: 'd', ...more })).toMatchObject({ code, message });
    await cell.call('events', 'DeleteApiDestination', { Name: 'd' });
    expect(await refusal(cell, 'CreateApiDestination', { Name: 'd', ...input })).toMatchObject({ code, message });
  });

  test('of a name that is taken, or a connection that is missing or another account’s, is refused', async () => {
    const { test: cell } = await endpointsCell();
    await setUp(cell);
    const ConnectionArn = await connectionArn(cell);
    const input = { Name: 'd', ConnectionArn, InvocationEndpoint: ENDPOINT, HttpMethod: 'POST' };
    expect(await refusal(cell, 'CreateApiDestination', input)).toMatchObject({
      code: 'ResourceAlreadyExistsException',
    });
    for (const arn of [`${ConnectionArn}x`, ConnectionArn.replace('000000000000', '111111111111')]) {
      const foreign = { Name: 'e', ConnectionArn: arn };
      expect(await refusal(cell, 'CreateApiDestination', { ...input, ...foreign })).toMatchObject({
        code: 'ResourceNotFoundException',
      });
    }
    const scope = scopeOf('111111111111', 'us-east-1');
    expect(await cell.reply('events', 'CreateApiDestination', { ...input, Name: 'thief' }, { scope })).toMatchObject({
      refused: { code: 'ResourceNotFoundException' },
    });
  });

  test('is found in lists by prefix or connection, not by both', async () => {
    const { test: cell } = await endpointsCell();
    await setUp(cell);
    const ConnectionArn = await connectionArn(cell);
    const input = { Name: 'other', ConnectionArn, InvocationEndpoint: ENDPOINT, HttpMethod: 'GET' };
    await cell.call('events', 'CreateApiDestination', input);
    const names = (filter: object) =>
      cell
        .call<{ ApiDestinations: { Name: string }[] }>('events', 'ListApiDestinations', filter)
        .then(({ ApiDestinations }) => ApiDestinations.map(({ Name }) => Name));
    expect(await names({})).toEqual(['d', 'other']);
    expect(await names({ NamePrefix: 'o' })).toEqual(['other']);
    expect(await names({ ConnectionArn })).toEqual(['d', 'other']);
    expect(await names({ ConnectionArn: `${ConnectionArn}x` })).toEqual([]);
    const both = { NamePrefix: 'o', ConnectionArn };
    expect(await refusal(cell, 'ListApiDestinations', both)).toMatchObject({ code: 'ValidationException' });
  });
});

test('with permissions enforced a role needs events:InvokeApiDestination', async () => {
  const { test: cell, http } = await endpointsCell(new ScriptedHttp(), { iamMode: 'enforce', others: [iam] });
  const arn = await setUp(cell);
  const trust = {
    Statement: { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sts:AssumeRole' },
  };
  const role = { RoleName: 'r', AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', ...trust }) };
  await cell.call('iam', 'CreateRole', role);
  const account = '000000000000';
  const arns = { arn: `arn:aws:sts::${account}:assumed-role/r/s`, roleArn: `arn:aws:iam::${account}:role/r` };
  const principal: Principal = { kind: 'session', account, userId: 'AROA:s', ...arns };
  await cell.call('pusher', 'HandOver', { targetArn: arn }, { principal });
  expect(http.sent).toEqual([]);
  expect(cell.takeFacts()).toContainEqual(
    expect.objectContaining({
      name: 'DeliveryEnded',
      fact: expect.objectContaining({ code: 'NO_PERMISSIONS' }),
    }),
  );
  const statement = {
    Effect: 'Allow',
    Action: 'events:InvokeApiDestination',
    Resource: `${arn.slice(0, arn.lastIndexOf('/'))}/*`,
  };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statement });
  await cell.call('iam', 'PutRolePolicy', { RoleName: 'r', PolicyName: 'p', PolicyDocument });
  await cell.call('pusher', 'HandOver', { targetArn: arn }, { principal });
  expect(http.sent).toHaveLength(1);
});
