// Schedules through AWS's client: a whole server, real targets, frozen time.

import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  ListTagsForResourceCommand,
  SchedulerClient,
  TagResourceCommand,
  type Target,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../src/server/testing.ts';

const MINUTE = 60_000;
const ROOT = { accessKeyId: 'AKIAROOTROOTROOTROOT', secretAccessKey: 'root-secret-root-secret-root-secret-root' };
const ROLE_ARN = 'arn:aws:iam::000000000000:role/scheduler';
const queueArn = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;

let server: TestServer;
let scheduler: SchedulerClient;
let sqs: SQSClient;
let nowMs: number;

async function start(...args: string[]): Promise<void> {
  server = await startTestServer(['--clock', 'frozen', ...args], {
    EDDY_ROOT_ACCESS_KEY_ID: ROOT.accessKeyId,
    EDDY_ROOT_SECRET_ACCESS_KEY: ROOT.secretAccessKey,
  });
  scheduler = new SchedulerClient(clientConfig());
  sqs = server.sqs(ROOT);
  nowMs = Date.parse(await clock({}));
  await sqs.send(new CreateQueueCommand({ QueueName: 'jobs' }));
}

afterEach(async () => {
  scheduler.destroy();
  await server.close();
  expect(server.problems).toEqual([]);
});

const clientConfig = () => ({
  endpoint: server.url,
  region: 'us-east-1',
  credentials: ROOT,
  maxAttempts: 1,
});

async function clock(command: object): Promise<string> {
  const isQuestion = Object.keys(command).length === 0;
  const response = await fetch(`${server.url}/_eddy/clock`, {
    method: isQuestion ? 'GET' : 'POST',
    ...(isQuestion ? {} : { body: JSON.stringify(command) }),
  });
  expect(response.status).toBe(200);
  return ((await response.json()) as { now: string }).now;
}

const advance = (ms: number): Promise<string> => clock({ action: 'advance', ms });

async function received(name: string): Promise<Message[]> {
  const receive = { QueueUrl: `${server.url}/000000000000/${name}`, MaxNumberOfMessages: 10 };
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ ...receive, MessageAttributeNames: ['All'] }));
  return Messages;
}

function schedule(more: Partial<Omit<CreateScheduleCommandInput, 'Target'>> & { Target?: Partial<Target> } = {}) {
  const { Target, ...rest } = more;
  return {
    Name: 'nightly',
    ScheduleExpression: `at(${new Date(nowMs + 10 * MINUTE).toISOString().slice(0, 19)})`,
    FlexibleTimeWindow: { Mode: 'OFF' as const },
    Target: { Arn: queueArn('jobs'), RoleArn: ROLE_ARN, ...Target },
    ...rest,
  };
}

describe('schedules', () => {
  beforeEach(() => start());

  test('are created, shown, changed, listed and deleted', async () => {
    const { ScheduleGroupArn } = await scheduler.send(
      new CreateScheduleGroupCommand({ Name: 'reports', Tags: [{ Key: 'team', Value: 'a' }] }),
    );
    const StartDate = new Date(nowMs + MINUTE);
    const given = schedule({
      GroupName: 'reports',
      ScheduleExpression: 'cron(0 2 ? * MON-FRI *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      StartDate,
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 },
      Target: { Input: '{}', RetryPolicy: { MaximumRetryAttempts: 0 } },
    });
    const { ScheduleArn } = await scheduler.send(new CreateScheduleCommand(given));
    const name = { Name: 'nightly', GroupName: 'reports' };
    expect(await scheduler.send(new GetScheduleCommand(name))).toMatchObject({
      Arn: ScheduleArn,
      ...given,
      Target: { ...given.Target, RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 86_400 } },
      State: 'ENABLED',
      CreationDate: new Date(nowMs),
    });
    await scheduler.send(new UpdateScheduleCommand({ ...schedule(), GroupName: 'reports', State: 'DISABLED' }));
    const { Schedules } = await scheduler.send(new ListSchedulesCommand({ GroupName: 'reports', State: 'DISABLED' }));
    expect(Schedules).toMatchObject([{ Arn: ScheduleArn, Target: { Arn: queueArn('jobs') } }]);
    await scheduler.send(new TagResourceCommand({ ResourceArn: ScheduleGroupArn, Tags: [{ Key: 'b', Value: 'c' }] }));
    const { Tags } = await scheduler.send(new ListTagsForResourceCommand({ ResourceArn: ScheduleGroupArn }));
    expect(Tags).toHaveLength(2);
    await scheduler.send(new DeleteScheduleGroupCommand({ Name: 'reports' }));
    const { ScheduleGroups } = await scheduler.send(new ListScheduleGroupsCommand({}));
    expect(ScheduleGroups).toMatchObject([{ Name: 'default', State: 'ACTIVE' }]);
    await expect(scheduler.send(new DeleteScheduleCommand(name))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      $metadata: { httpStatusCode: 404 },
    });
    await expect(
      scheduler.send(new CreateScheduleCommand(schedule({ ScheduleExpression: 'rate(10)' }))),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Invalid Schedule Expression rate(10).',
    });
  });

  test('send to a queue when their time has come', async () => {
    await scheduler.send(new CreateScheduleCommand(schedule({ Target: { Input: 'go' } })));
    await advance(9 * MINUTE);
    expect(await received('jobs')).toEqual([]);
    await advance(MINUTE);
    expect(await received('jobs')).toMatchObject([{ Body: 'go' }]);
  });

  test('a rate begins at once, and a command that is repeated creates nothing new', async () => {
    const command = schedule({ ScheduleExpression: 'rate(1 hour)', ClientToken: 'once', Target: { Input: 'go' } });
    await scheduler.send(new CreateScheduleCommand(command));
    await scheduler.send(new CreateScheduleCommand(command));
    await advance(0);
    expect(await received('jobs')).toHaveLength(1);
    await advance(60 * MINUTE);
    expect(await received('jobs')).toHaveLength(2);
  });

  test('send to a FIFO queue and to a topic', async () => {
    const Attributes = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };
    await sqs.send(new CreateQueueCommand({ QueueName: 'line.fifo', Attributes }));
    const sns = new SNSClient(clientConfig());
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'news' }));
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queueArn('jobs') }));
    sns.destroy();
    const SqsParameters = { MessageGroupId: 'g' };
    await scheduler.send(
      new CreateScheduleCommand(schedule({ Target: { Arn: queueArn('line.fifo'), Input: 'one', SqsParameters } })),
    );
    await scheduler.send(new CreateScheduleCommand(schedule({ Name: 'b', Target: { Arn: TopicArn, Input: 'two' } })));
    await advance(10 * MINUTE);
    expect(await received('line.fifo')).toMatchObject([{ Body: 'one' }]);
    const [message] = await received('jobs');
    expect(JSON.parse(message!.Body!)).toMatchObject({ Type: 'Notification', TopicArn, Message: 'two' });
  });

  test('put an event on a bus, by an operation', async () => {
    const events = new EventBridgeClient(clientConfig());
    await events.send(new PutRuleCommand({ Name: 'all', EventPattern: '{"source":["reports"]}' }));
    await events.send(new PutTargetsCommand({ Rule: 'all', Targets: [{ Id: 't', Arn: queueArn('jobs') }] }));
    events.destroy();
    const Entries = [{ Source: 'reports', DetailType: 'due', Detail: '{"n":1}', EventBusName: 'default' }];
    const Arn = 'arn:aws:scheduler:::aws-sdk:eventbridge:putEvents';
    const Input = JSON.stringify({ Entries });
    await scheduler.send(new CreateScheduleCommand(schedule({ Target: { Arn, Input } })));
    await advance(10 * MINUTE);
    const [message] = await received('jobs');
    expect(JSON.parse(message!.Body!)).toMatchObject({ source: 'reports', 'detail-type': 'due', detail: { n: 1 } });
  });

  test('call operations of services, as universal targets', async () => {
    const create = { Arn: 'arn:aws:scheduler:::aws-sdk:sqs:createQueue', Input: '{"QueueName":"made"}' };
    await scheduler.send(new CreateScheduleCommand(schedule({ Target: create })));
    const QueueUrl = `${server.url}/000000000000/jobs`;
    const Input = JSON.stringify({ QueueUrl, MessageBody: 'run <aws.scheduler.execution-id>', DelaySeconds: 0 });
    const send = { Arn: 'arn:aws:scheduler:::aws-sdk:sqs:sendMessage', Input };
    await scheduler.send(new CreateScheduleCommand(schedule({ Name: 'send', Target: send })));
    await advance(10 * MINUTE);
    await sqs.send(new GetQueueUrlCommand({ QueueName: 'made' }));
    expect((await received('jobs'))[0]!.Body).toMatch(/^run [0-9a-f]{16}$/);
  });

  test('what is missing ends in the dead-letter queue', async () => {
    await sqs.send(new CreateQueueCommand({ QueueName: 'dead' }));
    const DeadLetterConfig = { Arn: queueArn('dead') };
    await scheduler.send(
      new CreateScheduleCommand(schedule({ Target: { Arn: queueArn('none'), Input: 'go', DeadLetterConfig } })),
    );
    await advance(10 * MINUTE);
    const [letter] = await received('dead');
    expect(letter).toMatchObject({
      Body: 'go',
      MessageAttributes: {
        ERROR_CODE: { StringValue: 'AWS.SimpleQueueService.NonExistentQueue' },
        RETRY_ATTEMPTS: { StringValue: '0' },
        TARGET_ARN: { StringValue: queueArn('none') },
      },
    });
  });
});

describe('where permissions are enforced', () => {
  beforeEach(() => start('--iam', 'enforce'));

  const TRUST = {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Service: 'scheduler.amazonaws.com' },
      Action: 'sts:AssumeRole',
      Condition: {
        StringEquals: {
          'aws:SourceAccount': '000000000000',
          'aws:SourceArn': 'arn:aws:scheduler:us-east-1:000000000000:schedule-group/default',
        },
      },
    },
  };

  test('the role must trust Scheduler for the group, and may do only what its policies say', async () => {
    const iam = new IAMClient(clientConfig());
    const notAssumable = {
      name: 'ValidationException',
      message: 'The execution role you provide must allow AWS EventBridge Scheduler to assume the role.',
    };
    const command = () =>
      new CreateScheduleCommand(schedule({ ScheduleExpression: 'rate(10 minutes)', Target: { Input: 'go' } }));
    await expect(scheduler.send(command())).rejects.toMatchObject(notAssumable);
    const trust = { RoleName: 'scheduler', AssumeRolePolicyDocument: JSON.stringify(TRUST) };
    await iam.send(new CreateRoleCommand(trust));
    await scheduler.send(new CreateScheduleGroupCommand({ Name: 'other' }));
    const elsewhere = new CreateScheduleCommand(schedule({ GroupName: 'other' }));
    await expect(scheduler.send(elsewhere)).rejects.toMatchObject(notAssumable);
    await scheduler.send(command());
    await advance(MINUTE);
    expect(await received('jobs')).toEqual([]);
    const Statement = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queueArn('jobs') };
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await iam.send(new PutRolePolicyCommand({ RoleName: 'scheduler', PolicyName: 'send', PolicyDocument }));
    iam.destroy();
    await advance(10 * MINUTE);
    expect(await received('jobs')).toMatchObject([{ Body: 'go' }]);
  });

  test('a universal target may do only what the policies of its role say', async () => {
    const iam = new IAMClient(clientConfig());
    await iam.send(new CreateRoleCommand({ RoleName: 'scheduler', AssumeRolePolicyDocument: JSON.stringify(TRUST) }));
    const Statement = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queueArn('dead') };
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await iam.send(new PutRolePolicyCommand({ RoleName: 'scheduler', PolicyName: 'send', PolicyDocument }));
    iam.destroy();
    await sqs.send(new CreateQueueCommand({ QueueName: 'dead' }));
    const DeadLetterConfig = { Arn: queueArn('dead') };
    const create = {
      Arn: 'arn:aws:scheduler:::aws-sdk:sqs:createQueue',
      Input: '{"QueueName":"made"}',
      DeadLetterConfig,
    };
    await scheduler.send(new CreateScheduleCommand(schedule({ Target: create })));
    await advance(10 * MINUTE);
    await expect(sqs.send(new GetQueueUrlCommand({ QueueName: 'made' }))).rejects.toThrow();
    const [letter] = await received('dead');
    expect(letter!.MessageAttributes!['ERROR_CODE']!.StringValue).toBe('AccessDeniedException');
    expect(letter!.MessageAttributes!['ERROR_MESSAGE']!.StringValue).toContain('sqs:createqueue');
  });
});
