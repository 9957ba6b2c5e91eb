// Events of connections and API destinations on the default bus, as the user guide's "Amazon EventBridge events detail reference" has them.

import { expect, test } from 'vitest';
import { ENDPOINT, OAUTH, ScriptedHttp, status } from '../api-destinations/testing.ts';
import { EventsTest, ROLE_ARN, type ShownEvent } from '../testing.ts';

const BASIC = { BasicAuthParameters: { Username: 'anna', Password: 'planted-password' } };

async function open(http = new ScriptedHttp()): Promise<EventsTest> {
  const events = await EventsTest.open([], { performers: { 'http-request': http.performer } });
  await events.queue('told');
  await events.rule('told', ['told'], { source: 'aws.events' });
  return events;
}

async function create(events: EventsTest, auth: object, AuthorizationType: string): Promise<string> {
  const { ConnectionArn = '' } = await events.call('CreateConnection', {
    Name: 'c',
    AuthorizationType: AuthorizationType as 'BASIC',
    AuthParameters: auth,
  });
  await events.call('CreateApiDestination', {
    Name: 'd',
    ConnectionArn,
    InvocationEndpoint: ENDPOINT,
    HttpMethod: 'POST',
  });
  return ConnectionArn;
}

const typesOf = (told: readonly ShownEvent[]) => told.map((event) => event['detail-type']);

test('a connection that is made, changed, deauthorized, authorized again and deleted tells so, and its destinations', async () => {
  const events = await open();
  const arn = await create(events, BASIC, 'BASIC');
  const [begun, reached, ...others] = await events.eventsIn('told');
  expect(begun).toMatchObject({
    'detail-type': 'Connection Creation Started',
    source: 'aws.events',
    resources: [arn],
    detail: { ConnectionName: 'c', Timestamp: '2026-01-15 12:00:00 +0000 UTC' },
  });
  expect(reached).toMatchObject({ 'detail-type': 'Connection Authorized', resources: [arn] });
  expect(others).toEqual([]);
  await events.call('UpdateConnection', { Name: 'c', Description: 'other' });
  expect(typesOf(await events.eventsIn('told'))).toEqual(['Connection Update Started']);
  await events.call('DeauthorizeConnection', { Name: 'c' });
  const gone = await events.eventsIn('told');
  expect(typesOf(gone)).toEqual([
    'Connection Deauthorization Started',
    'Connection Deauthorized',
    'API Destination Deactivated',
  ]);
  expect(gone[0]?.detail).not.toHaveProperty('StateReason');
  expect(gone[1]?.detail).toMatchObject({ StateReason: expect.stringContaining('DeauthorizeConnection') });
  expect(gone[2]).toMatchObject({
    resources: [expect.stringContaining(':api-destination/d/')],
    detail: { ApiDestinationName: 'd', Timestamp: '2026-01-15 12:00:00 +0000 UTC' },
  });
  await events.call('UpdateConnection', { Name: 'c', AuthParameters: BASIC });
  expect(typesOf(await events.eventsIn('told'))).toEqual([
    'Connection Update Started',
    'Connection Authorized',
    'API Destination Activated',
  ]);
  await events.call('DeleteConnection', { Name: 'c' });
  expect(typesOf(await events.eventsIn('told'))).toEqual([
    'Connection Deletion Started',
    'API Destination Deactivated',
  ]);
});

test('with OAuth the authorization endpoint decides what comes after the start', async () => {
  const http = new ScriptedHttp();
  http.answer = () => status(200, {}, '{"access_token":"t"}');
  const events = await open(http);
  await create(events, OAUTH, 'OAUTH_CLIENT_CREDENTIALS');
  const started = ['Connection Creation Started', 'Connection Authorization Started'];
  expect(typesOf(await events.eventsIn('told'))).toEqual([...started, 'Connection Authorized']);
  const again = ['Connection Update Started', 'Connection Authorization Started', 'API Destination Deactivated'];
  await events.call('UpdateConnection', { Name: 'c', AuthParameters: OAUTH });
  const authorized = ['Connection Authorized', 'API Destination Activated'];
  expect(typesOf(await events.eventsIn('told'))).toEqual([...again, ...authorized]);
  http.answer = () => status(400);
  await events.call('UpdateConnection', { Name: 'c', AuthParameters: OAUTH });
  expect(typesOf(await events.eventsIn('told'))).toEqual([...again, 'Connection Deauthorized']);
});

test('credentials that an endpoint refuses are told once, also when the destination itself takes these events', async () => {
  const http = new ScriptedHttp();
  http.answer = () => status(401);
  const events = await open(http);
  await create(events, BASIC, 'BASIC');
  await events.eventsIn('told');
  const { ApiDestinationArn: Arn } = await events.call('DescribeApiDestination', { Name: 'd' });
  await events.call('PutTargets', { Rule: 'told', Targets: [{ Id: 'd', Arn, RoleArn: ROLE_ARN }] });
  await events.rule('all', [{ Arn, RoleArn: ROLE_ARN }]);
  await events.put();
  await events.cell.settle();
  expect(typesOf(await events.eventsIn('told'))).toEqual(['Connection Deauthorized', 'API Destination Deactivated']);
});

test('a destination that gets another connection tells when that makes a difference', async () => {
  const events = await open();
  await create(events, BASIC, 'BASIC');
  const { ConnectionArn } = await events.call('CreateConnection', {
    Name: 'other',
    AuthorizationType: 'BASIC',
    AuthParameters: BASIC,
  });
  await events.call('DeauthorizeConnection', { Name: 'other' });
  await events.eventsIn('told');
  await events.call('UpdateApiDestination', { Name: 'd', ConnectionArn });
  await events.call('UpdateApiDestination', { Name: 'd', HttpMethod: 'PUT' });
  expect(typesOf(await events.eventsIn('told'))).toEqual(['API Destination Deactivated']);
});
