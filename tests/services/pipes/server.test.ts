// Pipes through AWS's client against the real program's parts: a queue, a function that enriches, run by a real interpreter, and a queue behind it.

import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreatePipeCommand,
  DeletePipeCommand,
  DescribePipeCommand,
  ListPipesCommand,
  ListTagsForResourceCommand,
  PipesClient,
  StartPipeCommand,
  StopPipeCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdatePipeCommand,
  ValidationException,
} from '@aws-sdk/client-pipes';
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JourneyAnswer } from '../../../src/server/admin-api/contract.ts';
import { startTestServer, type TestServer } from '../../../src/server/testing.ts';
import { whyMissing } from '../../system/eddy-process.ts';

const NODE = `export const handler = async (events) => events.map((event) => {
  const order = JSON.parse(event.body);
  if (order.broken) throw new TypeError('cannot enrich');
  return { messageId: event.messageId, total: order.price * order.count };
});`;
const PYTHON = `import json
def handler(events, context):
    return [{"messageId": event["messageId"], "total": json.loads(event["body"])["price"] * 2} for event in events]
`;

const arn = (service: string, name: string): string => `arn:aws:${service}:us-east-1:000000000000:${name}`;
const trust = (Service: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
  });

let server: TestServer;
let sqs: SQSClient;
let pipes: PipesClient;
let logs: CloudWatchLogsClient;
let lambda: LambdaClient;
let iam: IAMClient;

beforeAll(async () => {
  server = await startTestServer(['--clock', 'frozen']);
  const config = {
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  sqs = server.sqs();
  [pipes, logs] = [new PipesClient(config), new CloudWatchLogsClient(config)];
  [lambda, iam] = [new LambdaClient(config), new IAMClient(config)];
  for (const [RoleName, service] of [
    ['pipe', 'pipes.amazonaws.com'],
    ['function', 'lambda.amazonaws.com'],
  ] as const) {
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust(service) }));
  }
  const Statement = [
    {
      Effect: 'Allow',
      Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      Resource: arn('sqs', 'orders-*'),
    },
    { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: arn('lambda', 'function:enrich-*') },
    { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: arn('sqs', 'totals-*') },
  ];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.send(new PutRolePolicyCommand({ RoleName: 'pipe', PolicyName: 'way', PolicyDocument }));
  const logging = { Effect: 'Allow', Action: 'logs:*', Resource: '*' };
  const mayLog = JSON.stringify({ Version: '2012-10-17', Statement: [logging] });
  await iam.send(new PutRolePolicyCommand({ RoleName: 'function', PolicyName: 'log', PolicyDocument: mayLog }));
});

afterAll(async () => {
  for (const client of [pipes, logs, lambda, iam]) client.destroy();
  await server.close();
});

async function queue(QueueName: string): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }));
  return QueueUrl ?? '';
}

async function way(name: string, code: { readonly Runtime: 'nodejs22.x' | 'python3.12'; readonly text: string }) {
  const [orders, totals] = [await queue(`orders-${name}`), await queue(`totals-${name}`)];
  const file = code.Runtime === 'nodejs22.x' ? 'index.mjs' : 'index.py';
  const { FunctionArn } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: `enrich-${name}`,
      Role: 'arn:aws:iam::000000000000:role/function',
      Runtime: code.Runtime,
      Handler: 'index.handler',
      Code: { ZipFile: zipSync({ [file]: new TextEncoder().encode(code.text) }) },
    }),
  );
  await pipes.send(
    new CreatePipeCommand({
      Name: name,
      RoleArn: 'arn:aws:iam::000000000000:role/pipe',
      Source: arn('sqs', `orders-${name}`),
      Enrichment: FunctionArn,
      Target: arn('sqs', `totals-${name}`),
      TargetParameters: { InputTemplate: '{"total":<$.total>,"by":<aws.pipes.pipe-name>}' },
      LogConfiguration: {
        Level: 'INFO',
        CloudwatchLogsLogDestination: { LogGroupArn: arn('logs', `log-group:/pipes/${name}`) },
      },
    }),
  );
  return { orders, totals };
}

async function receive(QueueUrl: string): Promise<readonly string[]> {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
  return Messages.map(({ Body = '' }) => Body);
}

describe('a message', () => {
  test('goes through filter, function and template into the target, and explain tells its way', async () => {
    const { orders, totals } = await way('node', { Runtime: 'nodejs22.x', text: NODE });
    const described = await pipes.send(new DescribePipeCommand({ Name: 'node' }));
    expect(described).toMatchObject({ CurrentState: 'RUNNING', DesiredState: 'RUNNING' });
    const MessageBody = JSON.stringify({ price: 7, count: 3 });
    const { MessageId } = await sqs.send(new SendMessageCommand({ QueueUrl: orders, MessageBody }));
    expect(await receive(totals)).toEqual(['{"total":21,"by":"node"}']);

    const steps = (await records('node')).map(({ messageType }) => messageType);
    expect(steps[0]).toBe('ExecutionStarted');
    expect(steps.at(-1)).toBe('ExecutionSucceeded');

    const answer = await fetch(`${server.url}/_eddy/explain/${MessageId}`);
    const journey = (await answer.json()) as JourneyAnswer;
    const facts = journey.steps.map(({ fact }) => fact);
    const expected = [
      'MessageSent',
      'PipeBatchTaken',
      'PipeAsked',
      'PipeBatchEnriched',
      'MessagesDeleted',
      'PipeBatchEnded',
    ];
    expect(facts).toEqual(expect.arrayContaining(expected));
    // Sent to the source, and by the pipe to the target.
    expect(facts.filter((fact) => fact === 'MessageSent')).toHaveLength(2);
    expect(journey.denials).toEqual([]);
    expect(journey.summary).toContain('orders-node and deleted: handled.');
    expect(journey.summary).toContain('totals-node');
  });

  test('that cannot be enriched stays, and comes back', async () => {
    const { orders, totals } = await way('broken', { Runtime: 'nodejs22.x', text: NODE });
    await sqs.send(new SendMessageCommand({ QueueUrl: orders, MessageBody: '{"broken":true}' }));
    const failures = async () =>
      (await records('broken')).filter(({ messageType }) => messageType === 'ExecutionFailed');
    await advance(1);
    const [first] = await failures();
    expect(first?.error).toMatchObject({ exceptionType: 'TypeError', awsService: 'lambda' });
    // The queue's visibility timeout.
    await advance(30_000);
    expect(await failures()).toHaveLength(2);
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: totals }));
    expect(Messages).toEqual([]);
  });
});

/** Moves time; what happens meanwhile has settled afterwards. */
async function advance(ms: number): Promise<void> {
  const body = JSON.stringify({ action: 'advance', ms });
  expect((await fetch(`${server.url}/_eddy/clock`, { method: 'POST', body })).status).toBe(200);
}

async function records(name: string): Promise<readonly { readonly messageType: string; readonly error?: unknown }[]> {
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: `/pipes/${name}` }));
  return events.map(({ message = '' }) => JSON.parse(message));
}

test.skipIf((await whyMissing('python3', ['--version'])) !== undefined)('a function in Python enriches', async () => {
  const { orders, totals } = await way('python', { Runtime: 'python3.12', text: PYTHON });
  await sqs.send(new SendMessageCommand({ QueueUrl: orders, MessageBody: '{"price":4}' }));
  expect(await receive(totals)).toEqual(['{"total":8,"by":"python"}']);
});

test('every operation answers in the form that the client expects', async () => {
  await queue('orders-plain');
  await queue('totals-plain');
  const RoleArn = 'arn:aws:iam::000000000000:role/pipe';
  const [Source, Target] = [arn('sqs', 'orders-plain'), arn('sqs', 'totals-plain')];
  const created = await pipes.send(new CreatePipeCommand({ Name: 'plain', RoleArn, Source, Target, Tags: { a: '1' } }));
  expect(created).toMatchObject({ Arn: arn('pipes', 'pipe/plain'), CurrentState: 'CREATING' });
  expect(created.CreationTime).toBeInstanceOf(Date);
  const resourceArn = created.Arn;
  const SourceParameters = { FilterCriteria: { Filters: [{ Pattern: '{"body":{"a":[1]}}' }] } };
  const updated = await pipes.send(new UpdatePipeCommand({ Name: 'plain', RoleArn, SourceParameters }));
  expect(updated.CurrentState).toBe('UPDATING');
  expect(await pipes.send(new DescribePipeCommand({ Name: 'plain' }))).toMatchObject({ SourceParameters });
  expect(await pipes.send(new StopPipeCommand({ Name: 'plain' }))).toMatchObject({ CurrentState: 'STOPPING' });
  expect(await pipes.send(new StartPipeCommand({ Name: 'plain' }))).toMatchObject({ CurrentState: 'STARTING' });
  await pipes.send(new TagResourceCommand({ resourceArn, tags: { b: '2' } }));
  await pipes.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a'] }));
  expect(await pipes.send(new ListTagsForResourceCommand({ resourceArn }))).toMatchObject({ tags: { b: '2' } });
  const { Pipes = [] } = await pipes.send(new ListPipesCommand({ NamePrefix: 'pl', CurrentState: 'RUNNING' }));
  expect(Pipes.map(({ Name }) => Name)).toEqual(['plain']);
  expect(await pipes.send(new DeletePipeCommand({ Name: 'plain' }))).toMatchObject({ CurrentState: 'DELETING' });
  await expect(pipes.send(new DescribePipeCommand({ Name: 'plain' }))).rejects.toMatchObject({
    name: 'NotFoundException',
    $metadata: { httpStatusCode: 404 },
  });
  const wrong = pipes.send(
    new CreatePipeCommand({
      Name: 'wrong',
      RoleArn,
      Target,
      Source: 'arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/s',
    }),
  );
  const error = await wrong.catch((refusal: unknown) => refusal);
  expect(error).toBeInstanceOf(ValidationException);
  expect((error as ValidationException).fieldList).toEqual([
    { name: 'Source', message: 'A source of dynamodb (table/t/stream/s) is not available on this server.' },
  ]);
});
