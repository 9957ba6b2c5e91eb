// The notification system without Terraform, in seconds: topic, queue with dead-letter queue, Node function, in virtual time; and what
// `explain` tells of a message that could not be handled.

import { join } from 'node:path';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateEventSourceMappingCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JourneyAnswer, PeekAnswer } from '../../src/server/admin-api/contract.ts';
import { type EddyProcess, startEddy, temporaryFolder } from './eddy-process.ts';

const HANDLER = `export const handler = async (event) => {
  for (const record of event.Records) {
    const message = JSON.parse(record.body).Message;
    if (message === 'bad') throw new TypeError('cannot handle bad');
    console.log('handled ' + message);
  }
};`;

const arn = (service: string, name: string): string => `arn:aws:${service}:us-east-1:000000000000:${name}`;

let folder: ReturnType<typeof temporaryFolder>;
let server: EddyProcess;
let sns: SNSClient;
let logs: CloudWatchLogsClient;

beforeAll(async () => {
  folder = temporaryFolder();
  server = await startEddy(['--data-dir', join(folder.path, 'data'), '--clock', 'frozen']);
  await deploy();
});

afterAll(async () => {
  sns.destroy();
  logs.destroy();
  await server.end('SIGKILL');
  folder.remove();
});

async function deploy(): Promise<void> {
  const config = {
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const [sqs, iam, lambda] = [new SQSClient(config), new IAMClient(config), new LambdaClient(config)];
  sns = new SNSClient(config);
  logs = new CloudWatchLogsClient(config);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'events' }));
  await sqs.send(new CreateQueueCommand({ QueueName: 'events-dlq' }));
  const Policy = statement('sqs:SendMessage', arn('sqs', 'events'), {
    Principal: { Service: 'sns.amazonaws.com' },
    Condition: { ArnEquals: { 'aws:SourceArn': TopicArn } },
  });
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn('sqs', 'events-dlq'), maxReceiveCount: 3 });
  await sqs.send(
    new CreateQueueCommand({ QueueName: 'events', Attributes: { VisibilityTimeout: '60', Policy, RedrivePolicy } }),
  );
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: arn('sqs', 'events') }));
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
  await iam.send(new CreateRoleCommand({ RoleName: 'handler', AssumeRolePolicyDocument }));
  const PolicyDocument = statement(
    ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    arn('sqs', 'events'),
  );
  await iam.send(new PutRolePolicyCommand({ RoleName: 'handler', PolicyName: 'queue', PolicyDocument }));
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'handler',
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      Role: 'arn:aws:iam::000000000000:role/handler',
      Code: { ZipFile: zipSync({ 'index.mjs': new TextEncoder().encode(HANDLER) }) },
    }),
  );
  await lambda.send(
    new CreateEventSourceMappingCommand({ FunctionName: 'handler', EventSourceArn: arn('sqs', 'events') }),
  );
  for (const client of [sqs, iam, lambda]) client.destroy();
}

function statement(Action: string | string[], Resource: string, rest: object = {}): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Sid: 'One', Effect: 'Allow', Action, Resource, ...rest }],
  });
}

async function publish(Message: string): Promise<string> {
  const { MessageId } = await sns.send(new PublishCommand({ TopicArn: arn('sns', 'events'), Message }));
  return MessageId!;
}

async function admin<T>(path: string, body?: object): Promise<T> {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const answer = await fetch(`${server.url}/_eddy/${path}`, init);
  expect(answer.status).toBe(200);
  return (await answer.json()) as T;
}

async function receivesIn(queue: string): Promise<string[]> {
  const { messages } = await admin<PeekAnswer>(`peek?queue=${queue}`);
  return messages.map((message) => message.attributes['ApproximateReceiveCount']!);
}

describe('a message that is handled', () => {
  test('is published, delivered, given to the function and deleted, and explain tells it', async () => {
    const id = await publish('good');
    await admin('clock', { action: 'advance', ms: 1_000 });
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/handler' }));
    expect(events.map((event) => event.message).join('')).toContain('handled good');
    expect(await receivesIn('events')).toEqual([]);
    const { steps, summary, denials } = await admin<JourneyAnswer>(`explain/${id}`);
    expect(steps.map((step) => step.fact)).toEqual([
      'NotificationPublished',
      'VerdictNoted',
      'MessageSent',
      'MessagesReceived',
      'MessagesDeleted',
      'BatchInvoked',
    ]);
    expect(steps[1]?.story).toMatch(
      /^sqs:SendMessage on arn:aws:sqs:.*:events: sns\.amazonaws\.com may, allowed by statement/,
    );
    expect(summary).toBe('It was received once from events and deleted: handled.');
    expect(denials.filter((denial) => denial.includes('sqs:SendMessage'))).toEqual([]);
  });
});

describe('a message that the function cannot handle', () => {
  test('comes back after each visibility timeout, becomes a dead letter, and explain tells why', async () => {
    const id = await publish('bad');
    await admin('clock', { action: 'advance', ms: 5 * 60_000 });
    expect(await receivesIn('events')).toEqual([]);
    expect(await receivesIn('events-dlq')).toEqual(['3']);
    const { steps, summary } = await admin<JourneyAnswer>(`explain/${id}`);
    const receives = ['MessagesReceived', 'BatchInvoked'];
    expect(steps.map((step) => step.fact).filter((name) => name !== 'VisibilityChanged')).toEqual([
      'NotificationPublished',
      'VerdictNoted',
      'MessageSent',
      ...receives,
      ...receives,
      ...receives,
      'MessageDeadLettered',
    ]);
    expect(steps.map((step) => step.story).join('\n')).toContain('TypeError');
    expect(summary).toBe('It left events for the dead-letter queue after 3 receives.\nIt waits in events-dlq.');
    // The stories' times are virtual: a minute between the receives.
    const times = steps.filter((step) => step.fact === 'MessagesReceived').map((step) => Date.parse(step.at));
    expect([times[1]! - times[0]!, times[2]! - times[1]!]).toEqual([60_000, 60_000]);
  });
});
