import { describe, expect, test } from 'vitest';
import type { TestCell } from '#cell/testing.ts';
import { scopeOf } from '#model/scope.ts';
import { API_KEY, BASIC, endpointsCell, OAUTH, setUp, status } from '../api-destinations/testing.ts';

const create = (cell: TestCell, more: object = {}) =>
  cell.reply('events', 'CreateConnection', { Name: 'c', AuthorizationType: 'BASIC', AuthParameters: BASIC, ...more });

async function refusal(cell: TestCell, operation: string, input: object): Promise<{ code: string; message: string }> {
  const reply = await cell.reply('events', operation, input);
  if (!('refused' in reply)) throw new Error(`${operation} was not refused`);
  return reply.refused;
}

const describeC = (cell: TestCell) => cell.call('events', 'DescribeConnection', { Name: 'c' });

describe('a new connection', () => {
  test('is authorized, and described as AWS does it: with its names, without its secrets', async () => {
    const { test: cell } = await endpointsCell();
    const reply = await create(cell);
    const arn = expect.stringMatching(/^arn:aws:events:us-east-1:000000000000:connection\/c\/[0-9a-f-]{36}$/);
    const times = { CreationTime: cell.clock.nowMs(), LastModifiedTime: cell.clock.nowMs() };
    expect(reply).toEqual({ output: { ConnectionArn: arn, ConnectionState: 'AUTHORIZED', ...times } });
    expect(await describeC(cell)).toEqual({
      ConnectionArn: arn,
      Name: 'c',
      ConnectionState: 'AUTHORIZED',
      AuthorizationType: 'BASIC',
      AuthParameters: { BasicAuthParameters: { Username: 'anna' } },
      SecretArn: expect.stringMatching(
        /^arn:aws:secretsmanager:us-east-1:000000000000:secret:events!connection\/c\/[0-9a-f-]{36}-[A-Za-z0-9]{6}$/,
      ),
      LastAuthorizedTime: cell.clock.nowMs(),
      ...times,
    });
  });

  test('shows of its parameters the values that are no secret', async () => {
    const { test: cell } = await endpointsCell();
    const parameters = {
      HeaderParameters: [
        { Key: 'X-Open', Value: 'open', IsValueSecret: false },
        { Key: 'X-Hidden', Value: 'hidden', IsValueSecret: true },
      ],
      BodyParameters: [{ Key: 'site', Value: 'north' }],
    };
    await create(cell, { AuthParameters: { ...BASIC, InvocationHttpParameters: parameters } });
    expect((await describeC(cell))['AuthParameters']).toMatchObject({
      InvocationHttpParameters: {
        HeaderParameters: [
          { Key: 'X-Open', Value: 'open', IsValueSecret: false },
          { Key: 'X-Hidden', IsValueSecret: true },
        ],
        BodyParameters: [{ Key: 'site', Value: 'north', IsValueSecret: false }],
      },
    });
  });

  test.each([
    [
      { AuthorizationType: 'INVALID_AUTH_TYPE', AuthParameters: {} },
      "1 validation error detected: Value 'INVALID_AUTH_TYPE' at 'authorizationType' failed to satisfy constraint: Member must satisfy enum value set: [BASIC, OAUTH_CLIENT_CREDENTIALS, API_KEY]",
    ],
    [
      { Name: 'Invalid Name With Spaces!' },
      "1 validation error detected: Value 'Invalid Name With Spaces!' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+",
    ],
    [
      { AuthParameters: { BasicAuthParameters: { Username: 'anna', Password: 'a:secret' } } },
      "1 validation error detected: Value at 'authParameters.basicAuthParameters.password' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[ \\t]*[^\\x00-\\x1F:\\x7F]+([ \\t]+[^\\x00-\\x1F:\\x7F]+)*[ \\t]*$",
    ],
  ])('%j is refused in AWS’s words', async (more, message) => {
    const { test: cell } = await endpointsCell();
    expect(await create(cell, more)).toMatchObject({ refused: { code: 'ValidationException', message } });
  });

  test.each([
    ['another type’s parameters', { AuthParameters: API_KEY }, 'AuthParameters'],
    ['more than its own type’s parameters', { AuthParameters: { ...BASIC, ...API_KEY } }, 'ApiKeyAuthParameters'],
    ['half of its parameters', { AuthParameters: { BasicAuthParameters: { Username: 'a' } } }, 'password'],
    ['a private API', { InvocationConnectivityParameters: { ResourceParameters: {} } }, 'InvocationConnectivity'],
    [
      'a private OAuth endpoint',
      { AuthParameters: { ...BASIC, ConnectivityParameters: {} } },
      'ConnectivityParameters',
    ],
    ['a key of its own', { KmsKeyIdentifier: 'alias/x' }, 'KmsKeyIdentifier'],
    ['no name', { Name: undefined }, 'name'],
    ['a header with a line break', headers({ Key: 'X-A', Value: 'a\r\nb' }), 'headerParameters'],
    ['a header that is no name', headers({ Key: 'X A', Value: 'a' }), 'headerParameters'],
    ['a parameter without a value', headers({ Key: 'X-A' }), 'headerParameters'],
    ['too many parameters', headers(...Array(101).fill({ Key: 'X', Value: 'a' })), 'headerParameters'],
    ['a too long value', headers({ Key: 'X', Value: 'a'.repeat(513) }), 'length less than or equal to 512'],
  ])('with %s is refused by name', async (_what, more, name) => {
    const { test: cell } = await endpointsCell();
    const reply = await create(cell, more);
    const message = expect.stringContaining(name);
    expect(reply).toMatchObject({ refused: { code: 'ValidationException', message } });
    expect(await cell.call('events', 'ListConnections', {})).toEqual({ Connections: [] });
  });

  test.each(['ftp://x.example.com/', 'https://', 'https://user:pw@x.example.com/', 'x.example.com', 'https://*/a'])(
    'with the authorization endpoint %s is refused',
    async (AuthorizationEndpoint) => {
      const { test: cell } = await endpointsCell();
      const AuthParameters = { OAuthParameters: { ...OAUTH.OAuthParameters, AuthorizationEndpoint } };
      const { code } = await refusal(cell, 'CreateConnection', {
        Name: 'c',
        AuthorizationType: 'OAUTH_CLIENT_CREDENTIALS',
        AuthParameters,
      });
      expect(code).toBe('ValidationException');
    },
  );

  test('of a name that is taken is refused; in another region it is another one', async () => {
    const { test: cell } = await endpointsCell();
    await create(cell);
    expect(await create(cell)).toMatchObject({ refused: { code: 'ResourceAlreadyExistsException' } });
    const scope = scopeOf('000000000000', 'eu-west-1');
    const input = { Name: 'c', AuthorizationType: 'BASIC', AuthParameters: BASIC };
    await cell.call('events', 'CreateConnection', input, { scope });
  });

  test('values that AWS’s patterns would take exponential time for are judged at once', async () => {
    const { test: cell } = await endpointsCell();
    const Password = `${' '.repeat(510)}:`;
    await create(cell, { AuthParameters: { BasicAuthParameters: { Username: 'a', Password } } });
    await create(cell, headers({ Key: 'X', Value: `${' '.repeat(510)}\u0001` }));
    expect(await cell.call('events', 'ListConnections', {})).toEqual({ Connections: [] });
  });
});

function headers(...HeaderParameters: object[]) {
  return { AuthParameters: { ...BASIC, InvocationHttpParameters: { HeaderParameters } } };
}

describe('an update', () => {
  test('changes what it names and keeps the rest, credentials included', async () => {
    const { test: cell, http } = await endpointsCell();
    const arn = await setUp(cell, BASIC);
    await cell.advance(1_000);
    const AuthParameters = { BasicAuthParameters: { Username: 'bert' } };
    const reply = await cell.call('events', 'UpdateConnection', { Name: 'c', AuthParameters, Description: 'new' });
    expect(reply).toMatchObject({ ConnectionState: 'AUTHORIZED', LastModifiedTime: cell.clock.nowMs() });
    expect(await describeC(cell)).toMatchObject({
      Description: 'new',
      AuthParameters,
      CreationTime: cell.clock.nowMs() - 1_000,
    });
    await cell.call('pusher', 'HandOver', { targetArn: arn });
    const basic = Buffer.from('bert:planted-password').toString('base64');
    expect(http.sent[0]?.headers).toContainEqual(['Authorization', `Basic ${basic}`]);
  });

  test('to another type needs that type’s parameters; another type’s parameters alone have no effect', async () => {
    const { test: cell } = await endpointsCell();
    await setUp(cell, BASIC);
    await cell.call('events', 'UpdateConnection', { Name: 'c', AuthParameters: API_KEY });
    expect(await describeC(cell)).toMatchObject({ AuthorizationType: 'BASIC' });
    const alone = { Name: 'c', AuthorizationType: 'API_KEY' };
    expect(await refusal(cell, 'UpdateConnection', alone)).toMatchObject({ code: 'ValidationException' });
    await cell.call('events', 'UpdateConnection', { ...alone, AuthParameters: API_KEY });
    expect(await describeC(cell)).toMatchObject({
      AuthorizationType: 'API_KEY',
      AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'X-Key' } },
    });
  });

  test('with OAuth gets a new token for the new credentials', async () => {
    const { test: cell, http } = await endpointsCell();
    http.answer = () => status(200, {}, `{"access_token":"t${http.sent.length}"}`);
    const arn = await setUp(cell, OAUTH);
    const AuthParameters = { OAuthParameters: { ClientParameters: { ClientSecret: 'better' } } };
    const reply = await cell.call('events', 'UpdateConnection', { Name: 'c', AuthParameters });
    expect(reply).toMatchObject({ ConnectionState: 'AUTHORIZING' });
    expect(http.sent.at(-1)?.body).toContain('client_secret=better');
    await cell.call('pusher', 'HandOver', { targetArn: arn });
    expect(http.sent.at(-1)?.headers).toContainEqual(['Authorization', 'Bearer t2']);
  });

  test('of a connection that does not exist is refused in AWS’s words', async () => {
    const { test: cell } = await endpointsCell();
    const missing = {
      code: 'ResourceNotFoundException',
      message: "Failed to describe the connection(s). Connection 'c' does not exist.",
    };
    for (const name of ['UpdateConnection', 'DescribeConnection', 'DeleteConnection', 'DeauthorizeConnection']) {
      expect(await refusal(cell, name, { Name: 'c' })).toMatchObject(missing);
    }
  });
});

describe('its end', () => {
  test('deauthorizing takes parameters and secret away, the name stays and can be authorized anew', async () => {
    const { test: cell } = await endpointsCell();
    await setUp(cell, BASIC);
    const reply = await cell.call('events', 'DeauthorizeConnection', { Name: 'c' });
    expect(reply).toMatchObject({ ConnectionState: 'DEAUTHORIZING' });
    const told = await describeC(cell);
    expect(told).toMatchObject({ ConnectionState: 'DEAUTHORIZED', StateReason: expect.any(String) });
    expect(told).not.toHaveProperty('AuthParameters');
    expect(told).not.toHaveProperty('SecretArn');
    expect(await cell.call('events', 'DescribeApiDestination', { Name: 'd' })).toMatchObject({
      ApiDestinationState: 'INACTIVE',
    });
    const half = { Name: 'c', AuthParameters: { BasicAuthParameters: { Username: 'a' } } };
    expect(await refusal(cell, 'UpdateConnection', half)).toMatchObject({ code: 'ValidationException' });
    await cell.call('events', 'UpdateConnection', { Name: 'c', AuthParameters: BASIC });
    expect(await describeC(cell)).toMatchObject({ ConnectionState: 'AUTHORIZED', SecretArn: expect.any(String) });
  });

  test('a deleted connection answers with its state before, and is gone', async () => {
    const { test: cell } = await endpointsCell();
    await setUp(cell, BASIC);
    expect(await cell.call('events', 'DeleteConnection', { Name: 'c' })).toMatchObject({ ConnectionState: 'DELETING' });
    expect(await cell.call('events', 'ListConnections', {})).toEqual({ Connections: [] });
    expect(await cell.call('events', 'DescribeApiDestination', { Name: 'd' })).toMatchObject({
      ApiDestinationState: 'INACTIVE',
    });
  });
});

describe('lists', () => {
  test('are filtered by prefix and state, and come in pages whose tokens fit no other question', async () => {
    const { test: cell } = await endpointsCell();
    for (const Name of ['a1', 'a2', 'a3', 'b1']) await create(cell, { Name });
    await cell.call('events', 'DeauthorizeConnection', { Name: 'a2' });
    const names = (input: object) =>
      cell
        .call<{ Connections: { Name: string }[] }>('events', 'ListConnections', input)
        .then(({ Connections }) => Connections.map(({ Name }) => Name));
    expect(await names({ NamePrefix: 'a' })).toEqual(['a1', 'a2', 'a3']);
    expect(await names({ ConnectionState: 'DEAUTHORIZED' })).toEqual(['a2']);
    expect(await names({ ConnectionState: 'CREATING' })).toEqual([]);
    const first = await cell.call('events', 'ListConnections', { Limit: 3 });
    const NextToken = first['NextToken'];
    expect(await names({ Limit: 3, NextToken })).toEqual(['b1']);
    for (const wrong of [
      { NamePrefix: 'a', NextToken },
      { NextToken: 'x' },
      { NextToken: `${NextToken}=` },
      { Limit: 0 },
    ]) {
      expect(await refusal(cell, 'ListConnections', wrong)).toMatchObject({ code: 'ValidationException' });
    }
  });
});

test('a restart keeps connections, from the journal as from a snapshot', async () => {
  const { test: cell } = await endpointsCell();
  await create(cell, { Description: 'kept' });
  const before = await describeC(cell);
  const replayed = await cell.restart();
  expect(await describeC(replayed)).toEqual(before);
  const restored = await replayed.restart({ clean: true });
  expect(await describeC(restored)).toEqual(before);
});

describe('what is secret', () => {
  const PLANTED = ['planted-password', 'planted-key', 'planted-secret', 'planted-header', 'planted-token'];

  test('is nowhere in journal and snapshot, nor in anything that is told', async () => {
    const { test: cell, http } = await endpointsCell();
    const told: unknown[] = [];
    const invocation = { HeaderParameters: [{ Key: 'X', Value: 'planted-header', IsValueSecret: true }] };
    http.answer = ({ url }) =>
      url.includes('login') ? status(200, {}, '{"access_token":"planted-token"}') : status(401, {}, 'planted-password');
    for (const [i, auth] of [BASIC, API_KEY, OAUTH].entries()) {
      const arn = await setUp(cell, { ...auth, InvocationHttpParameters: invocation });
      told.push(await cell.call('events', 'UpdateConnection', { Name: 'c', AuthParameters: auth }));
      told.push(await cell.reply('pusher', 'HandOver', { targetArn: arn }));
      await cell.advance(10_000);
      told.push(await describeC(cell), await cell.call('events', 'ListConnections', {}), cell.takeFacts());
      await cell.call('events', 'DeleteApiDestination', { Name: 'd' });
      if (i < 2) await cell.call('events', 'DeleteConnection', { Name: 'c' });
    }
    await cell.restart({ clean: true });
    const stored: Uint8Array[] = cell.engine.entries.flatMap(({ facts }) => [facts]);
    const snapshot = await cell.engine.snapshots.latest();
    const sections = [...(snapshot?.sections ?? [])].map(
      ([name, bytes]) => name + Buffer.from(bytes).toString('latin1'),
    );
    expect(http.sent.length).toBeGreaterThan(3);
    for (const secret of PLANTED) {
      expect(stored.filter((bytes) => Buffer.from(bytes).includes(secret))).toEqual([]);
      expect(sections.join()).not.toContain(secret);
      expect(JSON.stringify(told)).not.toContain(secret);
      expect(cell.diagnostics.join()).not.toContain(secret);
    }
    expect(sections.join()).toContain('OAUTH_CLIENT_CREDENTIALS');
  });

  test('is sealed for one connection: the same secret looks different in another', async () => {
    const { test: cell } = await endpointsCell();
    await create(cell, { Name: 'one' });
    await create(cell, { Name: 'two' });
    const docs = cell.takeFacts().map(({ fact }) => (fact as { doc: { sealed: string } }).doc);
    expect(new Set(docs.map(({ sealed }) => sealed)).size).toBe(2);
  });
});
