// One ordinary day with other clients than ours: boto3, and the AWS SDK for JavaScript over HTTP/1.1 and with credentials of a role.

import { fileURLToPath } from 'node:url';
import { CreateTopicCommand, PublishBatchCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cleanEnvironment, type EddyProcess, run, startEddy, temporaryFolder, whyMissing } from './eddy-process.ts';

const scenario = fileURLToPath(new URL('boto3_scenario.py', import.meta.url));
const boto3Missing = await whyMissing('python3', ['-c', 'import boto3']);

let folder: ReturnType<typeof temporaryFolder>;
let server: EddyProcess;

beforeAll(async () => {
  folder = temporaryFolder();
  server = await startEddy(['--data-dir', folder.path]);
});

afterAll(async () => {
  expect(await server.end()).toBe(0);
  folder.remove();
});

test.skipIf(boto3Missing !== undefined)('boto3', async () => {
  const env = cleanEnvironment({
    ENDPOINT: server.url,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_DEFAULT_REGION: 'eu-central-1',
  });
  const { stdout, stderr } = await run('python3', [scenario], { env });
  expect(stderr.split('\n').filter((line) => /Error|Exception/.test(line))).toEqual([]);
  const told = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(Object.assign({}, ...told)).toEqual({
    account: '000000000000',
    attribute: { VisibilityTimeout: '45' },
    body: 'Grüße, 世界 🌍',
    colour: 'blue',
    bytes: [0, 255],
    receives: '1',
    batch: 10,
    deleted: 10,
    'in order, once': ['one', 'two', 'three'],
    raw: ['raw', '7'],
    role: 'arn:aws:sts::000000000000:assumed-role/boto3/day',
    log: ['hello'],
    error: ['AWS.SimpleQueueService.NonExistentQueue', 400],
    'not there': ['NotImplemented', 501],
    pages: ['boto3', 'boto3.fifo'],
  });
});

describe('the AWS SDK for JavaScript', () => {
  const credentials = { accessKeyId: '123456789012', secretAccessKey: 'any' };

  test('sends, waits for, receives and deletes', async () => {
    const sqs = new SQSClient({ endpoint: server.url, region: 'us-west-2', credentials });
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'js' }));
    expect(QueueUrl).toBe(`${server.url}/123456789012/js`);
    const waiting = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20, MaxNumberOfMessages: 10 }));
    const { MessageId } = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'woken' }));
    const { Messages = [] } = await waiting;
    expect(Messages.map((message) => [message.MessageId, message.Body])).toEqual([[MessageId, 'woken']]);
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[0]!.ReceiptHandle }));
    const Entries = [
      { Id: 'good', MessageBody: 'x' },
      { Id: 'bad', MessageBody: '' },
    ];
    const batch = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect(batch.Successful?.map((entry) => entry.Id)).toEqual(['good']);
    expect(batch.Failed?.map((entry) => entry.Id)).toEqual(['bad']);
    sqs.destroy();
  });

  test('publishes a batch to a topic whose queue is in the same region and account', async () => {
    const sqs = new SQSClient({ endpoint: server.url, region: 'us-west-2', credentials });
    const sns = new SNSClient({ endpoint: server.url, region: 'us-west-2', credentials });
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'fan-out' }));
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'js' }));
    await sns.send(
      new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: 'arn:aws:sqs:us-west-2:123456789012:fan-out' }),
    );
    const PublishBatchRequestEntries = ['a', 'b', 'c'].map((Id) => ({ Id, Message: `message ${Id}` }));
    await sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }));
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    const texts = Messages.map((message) => (JSON.parse(message.Body!) as { Message: string }).Message);
    expect(texts.sort()).toEqual(['message a', 'message b', 'message c']);
    sqs.destroy();
    sns.destroy();
  });
});
