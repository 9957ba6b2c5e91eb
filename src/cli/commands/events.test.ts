import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#server/testing.ts';
import { ServerClient } from '../server-client.ts';
import { emit as emitCommand } from './events.ts';

let server: TestServer;
let sqs: SQSClient;
let events: EventBridgeClient;
let queueUrl: string;

beforeAll(async () => {
  server = await startTestServer(['--clock', 'frozen']);
  sqs = server.sqs();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  events = new EventBridgeClient({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  queueUrl = (await sqs.send(new CreateQueueCommand({ QueueName: 'seen' }))).QueueUrl ?? '';
  await events.send(new PutRuleCommand({ Name: 'all', EventPattern: '{"source":[{"prefix":"aws."}]}' }));
  const target = { Id: 'q', Arn: 'arn:aws:sqs:us-east-1:000000000000:seen' };
  await events.send(new PutTargetsCommand({ Rule: 'all', Targets: [target] }));
});

afterAll(async () => {
  expect(server.problems).toEqual([]);
  events.destroy();
  await server.close();
});

async function seen(): Promise<Record<string, unknown>[]> {
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }));
  return (Messages ?? []).map(({ Body }) => JSON.parse(Body ?? '') as Record<string, unknown>);
}

const place = { region: 'us-east-1', account: '000000000000' };

function run(service: string | undefined, detailType?: string, options: object = {}): Promise<string> {
  return emitCommand(new ServerClient(server.url), { service, detailType }, { ...place, ...options });
}

test('a sample goes where the service’s own event would go', async () => {
  const detail = '{"bucket":{"name":"mine"}}';
  const told = await run('s3', 'Object Created', { detail, json: true });
  const { eventId } = JSON.parse(told) as { eventId: string };
  expect(await seen()).toEqual([
    expect.objectContaining({
      id: eventId,
      source: 'aws.s3',
      'detail-type': 'Object Created',
      detail: expect.objectContaining({ bucket: { name: 'mine' }, reason: 'PutObject' }),
    }),
  ]);
});

test('users still cannot put such an event', async () => {
  const entry = { Source: 'aws.s3', DetailType: 'Object Created', Detail: '{}' };
  expect(await events.send(new PutEventsCommand({ Entries: [entry] }))).toMatchObject({
    Entries: [{ ErrorCode: 'NotAuthorizedForSourceException' }],
  });
});

test('an unknown sample is answered with the nearest one and what there is', async () => {
  await expect(run('ec2', 'EC2 Instance State-chnge Notification')).rejects.toThrow(
    /Did you mean ec2 "EC2 Instance State-change Notification"\? There are: .*EC2 Spot Instance Interruption Warning/,
  );
  await expect(run('nowhere', 'x')).rejects.toThrow(/There are: .*s3 "Object Created"/);
  await expect(run('s3')).rejects.toThrow(/--list/);
  await expect(run('s3', 'Object Created', { bus: 'none' })).rejects.toThrow('Event bus none does not exist.');
});

test('the list names services and types, all or of one service', async () => {
  expect(await run(undefined, undefined, { list: true })).toContain('codepipeline    CodePipeline Stage Execution');
  expect(await run('kms', undefined, { list: true })).toBe('kms             KMS CMK Rotation');
});

test.each([
  ['[]', 400],
  ['{"service":1,"detailType":"x"}', 400],
  ['{"service":"s3","detailType":"Object Created","account":"me"}', 400],
  ['{"service":"s3","detailType":"Object Created","region":"../x"}', 400],
  ['{"service":"s3","detailType":"Object Created","detial":"{}"}', 400],
  ['{"service":"s3","detailType":"Object Created","detail":"no"}', 400],
])('%s answers %i', async (body, status) => {
  const answer = await fetch(`${server.url}/_eddy/events/emit`, { method: 'POST', body });
  expect(answer.status).toBe(status);
});
