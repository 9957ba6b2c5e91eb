import { beforeEach, describe, expect, test } from 'vitest';
import type { Principal } from '#model/principal.ts';
import { kinesis } from '#services/kinesis/service.ts';
import { CODE, LambdaTest, ROLE } from './lambda-cell.ts';

let tested: LambdaTest;
beforeEach(async () => {
  tested = await LambdaTest.open({ iamMode: 'enforce' });
});

const FUNCTION = { FunctionName: 'tested', Role: ROLE, Runtime: 'python3.12', Handler: 'a.b', Code: { ZipFile: CODE } };

const role = (service: string) =>
  tested.cell.call('iam', 'CreateRole', {
    RoleName: 'tested',
    AssumeRolePolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
    }),
  });
const grant = (action: string | readonly string[]) =>
  tested.cell.call('iam', 'PutRolePolicy', {
    RoleName: 'tested',
    PolicyName: 'p',
    PolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }],
    }),
  });

async function user(): Promise<Principal> {
  await tested.cell.call('iam', 'CreateUser', { UserName: 'ann' });
  return { kind: 'user', account: '000000000000', arn: 'arn:aws:iam::000000000000:user/ann', userId: 'AIDA' };
}
const allowUser = (Action: string, Resource: string, Condition: object = {}) =>
  tested.cell.call('iam', 'PutUserPolicy', {
    UserName: 'ann',
    PolicyName: Action.replace(':', '-').replace('*', 'all'),
    PolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action, Resource, Condition }],
    }),
  });

describe('where permissions are enforced', () => {
  test('a role that does not exist, or does not trust Lambda, is refused', async () => {
    const text = 'InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda.';
    expect(await tested.refusal('CreateFunction', FUNCTION)).toBe(text);
    await role('ec2.amazonaws.com');
    expect(await tested.refusal('CreateFunction', FUNCTION)).toBe(text);
  });

  test('who gives a function a role needs iam:PassRole for it', async () => {
    await role('lambda.amazonaws.com');
    const principal = await user();
    const reply = (operation: string, input: object) => tested.cell.reply('lambda', operation, input, { principal });
    await allowUser('lambda:*', '*');
    const refused = { refused: { message: expect.stringContaining('iam:PassRole') } };
    expect(await reply('CreateFunction', FUNCTION)).toMatchObject(refused);
    await allowUser('iam:PassRole', ROLE, { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } });
    expect(await reply('CreateFunction', FUNCTION)).toMatchObject({ output: { FunctionName: 'tested' } });
    const other = { FunctionName: 'tested', Role: 'arn:aws:iam::000000000000:role/admin' };
    expect(await reply('UpdateFunctionConfiguration', other)).toMatchObject(refused);
    const timeout = { FunctionName: 'tested', Timeout: 9 };
    expect(await reply('UpdateFunctionConfiguration', timeout)).toMatchObject({ output: { Timeout: 9 } });
  });

  test('a role without the queue’s permissions cannot be mapped to it', async () => {
    await role('lambda.amazonaws.com');
    await tested.create();
    const { arn } = await tested.queue();
    const mapping = { FunctionName: 'tested', EventSourceArn: arn };
    expect(await tested.refusal('CreateEventSourceMapping', mapping)).toBe(
      'InvalidParameterValueException: The function execution role does not have permissions to call ReceiveMessage on SQS',
    );
    await grant('sqs:ReceiveMessage');
    expect(await tested.refusal('CreateEventSourceMapping', mapping)).toBe(
      'InvalidParameterValueException: The function execution role does not have permissions to call DeleteMessage on SQS',
    );
    await grant(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']);
    expect(await tested.call('CreateEventSourceMapping', mapping)).toMatchObject({ State: 'Creating' });
  });

  test('a dead-letter queue is set once the role may send to it, whatever the queue’s own policy says', async () => {
    await role('lambda.amazonaws.com');
    const { arn, url } = await tested.queue();
    const Statement = [{ Effect: 'Allow', Principal: '*', Action: 'sqs:*', Resource: '*' }];
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
    await tested.cell.call('sqs', 'SetQueueAttributes', { QueueUrl: url, Attributes: { Policy } });
    const text =
      'InvalidParameterValueException: The provided execution role does not have permissions to call SendMessage on SQS';
    const DeadLetterConfig = { TargetArn: arn };
    expect(await tested.refusal('CreateFunction', { ...FUNCTION, DeadLetterConfig })).toBe(text);
    await tested.create();
    const update = { FunctionName: 'tested', DeadLetterConfig };
    expect(await tested.refusal('UpdateFunctionConfiguration', update)).toBe(text);
    await grant('sqs:SendMessage');
    expect(await tested.call('UpdateFunctionConfiguration', update)).toMatchObject({ DeadLetterConfig });
    await grant('sqs:ReceiveMessage');
    expect(await tested.call('UpdateFunctionConfiguration', { FunctionName: 'tested', Timeout: 9 })).toMatchObject({
      Timeout: 9,
    });
  });

  test.each([
    ['sqs:SendMessage', 'arn:aws:sqs:us-east-1:000000000000:done'],
    ['sns:Publish', 'arn:aws:sns:us-east-1:000000000000:done'],
    ['lambda:InvokeFunction', 'arn:aws:lambda:us-east-1:000000000000:function:done'],
    ['events:PutEvents', 'arn:aws:events:us-east-1:000000000000:event-bus/done'],
  ])('a destination needs %s of the role', async (action, Destination) => {
    await role('lambda.amazonaws.com');
    await tested.create();
    for (const DestinationConfig of [{ OnSuccess: { Destination } }, { OnFailure: { Destination } }]) {
      const config = { FunctionName: 'tested', DestinationConfig };
      await grant('logs:*');
      expect(await tested.refusal('PutFunctionEventInvokeConfig', config)).toBe(
        `InvalidParameterValueException: The function's execution role does not have permissions to call ${action.split(':')[1]} on ${Destination}`,
      );
      await grant(action);
      expect(await tested.call('PutFunctionEventInvokeConfig', config)).toMatchObject({ DestinationConfig });
    }
  });

  test('mappings may be managed of the functions that a policy names', async () => {
    await role('lambda.amazonaws.com');
    await grant(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']);
    const principal = await user();
    for (const FunctionName of ['tested', 'other']) await tested.create({ FunctionName });
    const { arn: EventSourceArn } = await tested.queue();
    const own = { StringLike: { 'lambda:FunctionArn': 'arn:aws:lambda:*:*:function:test*' } };
    await allowUser('lambda:*EventSourceMapping', '*', own);
    const reply = (operation: string, input: object) => tested.cell.reply('lambda', operation, input, { principal });
    const denied = { refused: { code: 'AccessDeniedException' } };
    expect(await reply('CreateEventSourceMapping', { FunctionName: 'other', EventSourceArn })).toMatchObject(denied);
    const made = await reply('CreateEventSourceMapping', { FunctionName: 'tested', EventSourceArn });
    expect(made).toMatchObject({ output: { State: 'Creating' } });
    const { UUID } = (made as { output: { UUID: string } }).output;
    const theirs = await tested.call('CreateEventSourceMapping', { FunctionName: 'other', EventSourceArn });
    for (const operation of ['GetEventSourceMapping', 'UpdateEventSourceMapping', 'DeleteEventSourceMapping']) {
      expect(await reply(operation, { UUID: theirs.UUID })).toMatchObject(denied);
      expect(await reply(operation, { UUID })).toMatchObject({ output: { UUID } });
    }
  });

  test('a queue’s own policy may let the role poll', async () => {
    await role('lambda.amazonaws.com');
    await tested.create();
    const { arn, url } = await tested.queue();
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: ROLE }, Action: 'sqs:*', Resource: arn }],
    });
    await tested.cell.call('sqs', 'SetQueueAttributes', { QueueUrl: url, Attributes: { Policy } });
    await tested.call('CreateEventSourceMapping', { FunctionName: 'tested', EventSourceArn: arn });
    await tested.send(url, 'one');
    await tested.cell.settle();
    expect(tested.requests).toHaveLength(1);
  });

  test.each([false, true])('a role that loses them takes no more messages (restarted: %s)', async (isRestarted) => {
    await role('lambda.amazonaws.com');
    await tested.create();
    const { arn, url } = await tested.queue();
    const actions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
    await grant(actions);
    await tested.call('CreateEventSourceMapping', { FunctionName: 'tested', EventSourceArn: arn });
    await grant('sqs:SendMessage');
    for (const body of ['one', 'two']) await tested.send(url, body);
    await tested.cell.settle();
    expect([tested.requests.length, await tested.counts(url)]).toEqual([0, '2 0 0']);
    if (isRestarted) await tested.restart({ clean: true });
    await grant(actions);
    await tested.cell.advance(30_000);
    expect(await tested.counts(url)).toBe('0 0 0');
  });

  test('a mapping of a stream’s consumer needs kinesis:SubscribeToShard for the consumer, always', async () => {
    tested = await LambdaTest.open({ iamMode: 'enforce', more: [kinesis] });
    await role('lambda.amazonaws.com');
    await tested.create();
    const call = <T extends object>(operation: string, input: object) =>
      tested.cell.call<T>('kinesis', operation, input);
    await call('CreateStream', { StreamName: 's', ShardCount: 1 });
    const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/s';
    const { Consumer } = await call<{ Consumer: { ConsumerARN: string } }>('RegisterStreamConsumer', {
      ...{ StreamARN, ConsumerName: 'fast' },
    });
    const mapping = {
      ...{ FunctionName: 'tested', EventSourceArn: Consumer.ConsumerARN, StartingPosition: 'TRIM_HORIZON' as const },
    };
    const put = async () => {
      await call('PutRecord', { StreamName: 's', PartitionKey: 'k', Data: new Uint8Array() });
      await tested.cell.settle();
    };
    const reading = ['kinesis:Get*', 'kinesis:Describe*', 'kinesis:List*'];
    await grant(reading);
    expect(await tested.refusal('CreateEventSourceMapping', mapping)).toContain('Cannot access stream');
    await grant([...reading, 'kinesis:SubscribeToShard']);
    await tested.call('CreateEventSourceMapping', mapping);
    await put();
    expect(tested.requests).toHaveLength(1);
    await grant(reading);
    await put();
    expect(tested.requests).toHaveLength(1);
    // The consumer's own policy may let the role in.
    await call('PutResourcePolicy', {
      ResourceARN: Consumer.ConsumerARN,
      Policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: ROLE },
            Action: 'kinesis:SubscribeToShard',
            Resource: Consumer.ConsumerARN,
          },
        ],
      }),
    });
    await tested.cell.advance(30_000);
    expect(tested.requests).toHaveLength(2);
  });

  test.each(['stream', 'consumer'])('AWS’s own policy for such roles does for a %s', async (kind) => {
    tested = await LambdaTest.open({ iamMode: 'enforce', more: [kinesis] });
    await role('lambda.amazonaws.com');
    const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole';
    await tested.cell.call('iam', 'AttachRolePolicy', { RoleName: 'tested', PolicyArn });
    await tested.create();
    const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/s';
    await tested.cell.call('kinesis', 'CreateStream', { StreamName: 's', ShardCount: 1 });
    const { Consumer } = await tested.cell.call<{ Consumer: { ConsumerARN: string } }>(
      ...(['kinesis', 'RegisterStreamConsumer', { StreamARN, ConsumerName: 'fast' }] as const),
    );
    await tested.call('CreateEventSourceMapping', {
      ...{ FunctionName: 'tested', StartingPosition: 'TRIM_HORIZON' },
      EventSourceArn: kind === 'stream' ? StreamARN : Consumer.ConsumerARN,
    });
    await tested.cell.call('kinesis', 'PutRecord', { StreamName: 's', PartitionKey: 'k', Data: new Uint8Array() });
    await tested.cell.settle();
    expect(tested.requests).toHaveLength(1);
  });

  test('the process gets credentials of its role’s session', async () => {
    await role('lambda.amazonaws.com');
    await tested.create();
    await tested.invoke({});
    await tested.invoke({});
    const [first, second] = tested.requests.map((request) => request.config.credentials);
    expect(first?.accessKeyId).toMatch(/^ASIA/);
    expect(first?.sessionToken).not.toBe('');
    expect(second).toEqual(first);
    await tested.cell.advance((12 * 60 - 15) * 60_000);
    await tested.invoke({});
    expect(tested.requests[2]?.config.credentials.accessKeyId).not.toBe(first?.accessKeyId);
  });

  test('nothing is logged without the role’s permission: for the group where there is none, the stream, and the lines', async () => {
    await role('lambda.amazonaws.com');
    await tested.create();
    const logged = async () => {
      await tested.invoke({});
      const reply = await tested.cell.reply('logs', 'FilterLogEvents', { logGroupName: '/aws/lambda/tested' });
      return 'refused' in reply ? reply.refused.code : ((reply.output as { events?: unknown[] }).events ?? []).length;
    };
    expect(await logged()).toBe('ResourceNotFoundException');
    await grant(['logs:CreateLogStream', 'logs:PutLogEvents']);
    expect(await logged()).toBe('ResourceNotFoundException');
    await tested.cell.call('logs', 'CreateLogGroup', { logGroupName: '/aws/lambda/tested' });
    await grant('logs:PutLogEvents');
    expect(await logged()).toBe(0);
    await grant(['logs:CreateLogStream', 'logs:PutLogEvents']);
    expect(await logged()).toBe(1);
    await grant('logs:CreateLogStream');
    expect(await logged()).toBe(1);
    await grant('logs:PutLogEvents');
    expect(await logged()).toBe(2);
  });

  test('a topic needs the function’s permission', async () => {
    await role('lambda.amazonaws.com');
    const Endpoint = await tested.create();
    const { TopicArn } = await tested.cell.call<{ TopicArn: string }>('sns', 'CreateTopic', { Name: 'news' });
    await tested.cell.call('sns', 'Subscribe', { TopicArn, Protocol: 'lambda', Endpoint });
    await tested.cell.call('sns', 'Publish', { TopicArn, Message: 'one' });
    await tested.cell.settle();
    expect(tested.requests).toEqual([]);
    await tested.call('AddPermission', {
      FunctionName: 'tested',
      StatementId: 'sns',
      Action: 'lambda:InvokeFunction',
      Principal: 'sns.amazonaws.com',
      SourceArn: TopicArn,
    });
    await tested.cell.call('sns', 'Publish', { TopicArn, Message: 'two' });
    await tested.cell.settle();
    expect(tested.requests).toHaveLength(1);
  });
});
