// Pipes as documents: what is checked, kept and shown, who may, and the state that tells the truth.

import { beforeEach, describe, expect, it } from 'vitest';
import type { Principal } from '#model/principal.ts';
import { ARN, PipesTest, queueArn, ROLE } from './testing.ts';

let test: PipesTest;
beforeEach(async () => {
  test = await PipesTest.open();
  await test.queue('orders');
  await test.queue('target');
});

const CREATE = { Name: 'orders', Source: queueArn('orders'), Target: queueArn('target'), RoleArn: ROLE };
const fields = (Name: string, Message: string) =>
  `ValidationException: ${JSON.stringify({ ValidationErrorFields: [{ Name, Message }] })}`;
const unavailable = (Name: string, what: string) => fields(Name, `${what} is not available on this server.`);

describe('what is shown', () => {
  it('PIP-API-01 is what was set, with the defaults of a queue', async () => {
    expect(await test.call('CreatePipe', CREATE)).toEqual({
      Arn: ARN,
      Name: 'orders',
      DesiredState: 'RUNNING',
      CurrentState: 'CREATING',
      CreationTime: Date.UTC(2026, 0, 15, 12),
      LastModifiedTime: Date.UTC(2026, 0, 15, 12),
    });
    expect(await test.describe()).toEqual({
      Arn: ARN,
      Name: 'orders',
      DesiredState: 'RUNNING',
      CurrentState: 'RUNNING',
      StateReason: 'User initiated',
      CreationTime: Date.UTC(2026, 0, 15, 12),
      LastModifiedTime: Date.UTC(2026, 0, 15, 12),
      Source: queueArn('orders'),
      Target: queueArn('target'),
      SourceParameters: { SqsQueueParameters: { BatchSize: 10 } },
      EnrichmentParameters: {},
      TargetParameters: {},
      RoleArn: ROLE,
      Tags: {},
    });
    expect(await test.call('DeletePipe', { Name: 'orders' })).toMatchObject({
      DesiredState: 'DELETED',
      CurrentState: 'DELETING',
    });
    expect(await test.refusal('DeletePipe', { Name: 'orders' })).toBe('NotFoundException: Pipe orders does not exist.');
  });

  it('PIP-API-02 stays when an update does not mention it', async () => {
    const Enrichment = await test.function('enrich');
    const LogConfiguration = {
      Level: 'INFO',
      CloudwatchLogsLogDestination: { LogGroupArn: 'arn:aws:logs:us-east-1:000000000000:log-group:lines' },
      IncludeExecutionData: ['ALL'],
    };
    const given = {
      Description: 'first',
      SourceParameters: {
        SqsQueueParameters: { BatchSize: 5, MaximumBatchingWindowInSeconds: 3 },
        FilterCriteria: { Filters: [{ Pattern: '{"body":{"a":[1]}}' }] },
      },
      Enrichment,
      EnrichmentParameters: { InputTemplate: '<$.body>' },
      TargetParameters: { InputTemplate: '<$.x>', SqsQueueParameters: { MessageGroupId: '$.y' } },
      LogConfiguration,
    };
    await test.call('CreatePipe', { ...CREATE, ...given });
    expect(await test.describe()).toMatchObject(given);
    await test.cell.advance(1000);
    expect(await test.call('UpdatePipe', { Name: 'orders', RoleArn: ROLE })).toMatchObject({
      CurrentState: 'UPDATING',
      LastModifiedTime: Date.UTC(2026, 0, 15, 12, 0, 1),
    });
    expect(await test.describe()).toMatchObject(given);
    await test.call('UpdatePipe', {
      Name: 'orders',
      RoleArn: ROLE,
      Description: '',
      Enrichment: '',
      SourceParameters: { SqsQueueParameters: {}, FilterCriteria: { Filters: [] } },
      TargetParameters: { InputTemplate: '' },
      LogConfiguration: { Level: 'OFF' },
    });
    const after = await test.describe();
    expect(after).toMatchObject({
      SourceParameters: { SqsQueueParameters: { BatchSize: 10 } },
      EnrichmentParameters: {},
      TargetParameters: { SqsQueueParameters: { MessageGroupId: '$.y' } },
      LogConfiguration: { Level: 'OFF' },
    });
    expect(Object.keys(after)).not.toEqual(expect.arrayContaining(['Description', 'Enrichment']));
    expect(after.SourceParameters).not.toHaveProperty('FilterCriteria');
    const Target = await test.function('end');
    await test.call('UpdatePipe', { Name: 'orders', RoleArn: ROLE, Target });
    expect(await test.describe()).toMatchObject({ Target, TargetParameters: {} });
  });

  it('PIP-API-03 lists pipes by what they are, page by page', async () => {
    const names = ['a-1', 'a-2', 'b-1'];
    for (const Name of names) await test.call('CreatePipe', { ...CREATE, Name });
    await test.call('StopPipe', { Name: 'a-2' });
    const list = async (input: object) => (await test.call('ListPipes', input)).Pipes?.map(({ Name }) => Name);
    expect(await list({})).toEqual(names);
    expect(await list({ NamePrefix: 'a-' })).toEqual(['a-1', 'a-2']);
    expect(await list({ CurrentState: 'STOPPED' })).toEqual(['a-2']);
    expect(await list({ DesiredState: 'RUNNING', SourcePrefix: 'arn:aws:sqs', TargetPrefix: queueArn('t') })).toEqual([
      ...['a-1', 'b-1'],
    ]);
    expect(await list({ TargetPrefix: 'arn:aws:lambda' })).toEqual([]);
    const first = await test.call('ListPipes', { Limit: 2 });
    expect(await list({ Limit: 2, NextToken: first.NextToken })).toEqual(['b-1']);
    expect(await test.refusal('ListPipes', { NamePrefix: 'a', NextToken: first.NextToken })).toBe(
      fields('NextToken', 'The token is not valid.'),
    );
    const elsewhere = { scope: { partition: 'aws', account: '000000000000', region: 'eu-west-1' } };
    expect(await test.call('ListPipes', {}, elsewhere)).toEqual({ Pipes: [] });
  });

  it('PIP-API-04 keeps tags', async () => {
    await test.call('CreatePipe', { ...CREATE, Tags: { a: '1', b: '2' } });
    await test.call('TagResource', { resourceArn: ARN, tags: { b: '3', c: '4' } });
    await test.call('UntagResource', { resourceArn: ARN, tagKeys: ['a', 'x'] });
    expect(await test.call('ListTagsForResource', { resourceArn: ARN })).toEqual({ tags: { b: '3', c: '4' } });
    const other = ARN.replace('orders', 'other');
    expect(await test.refusal('TagResource', { resourceArn: other, tags: { a: '1' } })).toBe(
      `NotFoundException: Resource ${other} does not exist.`,
    );
    const many = Object.fromEntries(Array.from({ length: 49 }, (_, i) => [`k${i}`, 'v']));
    expect(await test.refusal('TagResource', { resourceArn: ARN, tags: many })).toBe(
      fields('tags', 'A pipe can have at most 50 tags.'),
    );
    const reserved = fields('tags', 'The tag key aws:x begins with aws:, which is reserved.');
    expect(await test.refusal('TagResource', { resourceArn: ARN, tags: { 'aws:x': '1' } })).toBe(reserved);
    expect(await test.refusal('CreatePipe', { ...CREATE, Name: 'more', Tags: { 'aws:x': '1' } })).toBe(reserved);
  });
});

describe('what is refused', () => {
  it('PIP-VAL-01 a name that is taken', async () => {
    await test.call('CreatePipe', CREATE);
    const reply = await test.cell.reply('pipes', 'CreatePipe', CREATE);
    expect(reply).toMatchObject({
      refused: {
        code: 'ConflictException',
        status: 409,
        message: 'Pipe orders already exists.',
        members: { resourceId: ARN, resourceType: 'Pipe' },
      },
    });
  });

  it.each([
    [{ Name: 'x'.repeat(65) }, `[string "${'x'.repeat(65)}" is too long (length: 65, maximum allowed: 64)]`],
    [{ RoleArn: undefined }, '[object has missing required properties (["RoleArn"])]'],
    [
      { DesiredState: 'PAUSED' },
      '[instance value ("PAUSED") not found in enum (possible values: ["RUNNING","STOPPED"])]',
    ],
    [
      { SourceParameters: { SqsQueueParameters: { BatchSize: 0 } } },
      '[numeric instance is lower than the required minimum (minimum: 1, found: 0)]',
    ],
    [
      { SourceParameters: { SqsQueueParameters: { BatchSize: 10_001, MaximumBatchingWindowInSeconds: 301 } } },
      '[numeric instance is greater than the required maximum (maximum: 10000, found: 10001), numeric instance is greater than the required maximum (maximum: 300, found: 301)]',
    ],
    [{ Tags: {} }, '[object has too few properties (found 0 but schema requires at least 1)]'],
  ])('PIP-VAL-02 what the schema does not allow: %j', async (wrong, message) => {
    expect(await test.refusal('CreatePipe', { ...CREATE, ...wrong })).toBe(`ValidationException: ${message}`);
  });

  it.each([
    [
      { Source: 'arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/s' },
      'Source',
      'A source of dynamodb (table/t/stream/s)',
    ],
    [
      { Source: 'arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/2026' },
      'Source',
      'A source of dynamodb (table/t/stream/2026)',
    ],
    [{ Source: 'smk://broker.test:9092' }, 'Source', 'A source of self-managed Apache Kafka'],
    [
      { Target: 'arn:aws:states:us-east-1:000000000000:stateMachine:m' },
      'Target',
      'A target of states (stateMachine:m)',
    ],
    [
      { Enrichment: 'arn:aws:execute-api:us-east-1:000000000000:api/prod/GET' },
      'Enrichment',
      'An enrichment of execute-api (api/prod/GET)',
    ],
    [{ KmsKeyIdentifier: 'alias/key' }, 'KmsKeyIdentifier', 'A customer managed key'],
    [
      {
        LogConfiguration: {
          Level: 'INFO',
          S3LogDestination: { BucketName: 'logs', BucketOwner: '000000000000', OutputFormat: 'w3c' },
        },
      },
      'LogConfiguration.S3LogDestination.OutputFormat',
      'The output format w3c',
    ],
    [
      {
        Target: 'arn:aws:events:us-east-1:000000000000:event-bus/default',
        TargetParameters: { EventBridgeEventBusParameters: { EndpointId: 'abcde.veo' } },
      },
      'EventBridgeEventBusParameters.EndpointId',
      'A global endpoint',
    ],
  ])('PIP-VAL-03 what is not available here, by name: %j', async (wrong, name, what) => {
    const message = await test.refusal('CreatePipe', { ...CREATE, ...wrong });
    expect(message).toBe(unavailable(name, what));
    expect(await test.refusal('DescribePipe', { Name: 'orders' })).toContain('NotFoundException');
  });

  it.each([
    [
      { TargetParameters: { CloudWatchLogsParameters: { LogStreamName: 's' } } },
      ['CloudWatchLogsParameters', 'Invalid target parameter provided for target.'],
    ],
    [
      { TargetParameters: { SqsQueueParameters: { MessageGroupId: 'g', MessageDeduplicationId: 'd' } } },
      ['SqsQueueParameters.MessageDeduplicationId', 'Invalid target parameter provided for target.'],
    ],
    [
      { SourceParameters: { KinesisStreamParameters: { StartingPosition: 'LATEST' } } },
      ['SourceParameters.KinesisStreamParameters', 'Invalid source parameter provided for source.'],
    ],
    [
      { EnrichmentParameters: { InputTemplate: '<$.a>' } },
      ['EnrichmentParameters', 'Invalid enrichment parameter provided for enrichment.'],
    ],
    [
      { SourceParameters: { SqsQueueParameters: { BatchSize: 11 } } },
      [
        'SourceParameters.SqsQueueParameters.BatchSize',
        'BatchSize must not be larger than what enrichment and target support (10).',
      ],
    ],
    [{ Target: queueArn('orders') }, ['Target', 'A pipe cannot hand on to its own source.']],
    [
      { Target: 'arn:aws:events:eu-west-1:000000000000:event-bus/default' },
      ['Target', 'An event bus must be in the account and Region of the pipe.'],
    ],
    [
      { Target: 'arn:aws:events:us-east-1:111122223333:event-bus/default' },
      ['Target', 'An event bus must be in the account and Region of the pipe.'],
    ],
    [
      { Target: 'arn:aws:sns:us-east-1:000000000000:topic.fifo' },
      ['Target', 'A FIFO topic is not supported as a target.'],
    ],
    [
      { TargetParameters: { InputTemplate: '{"a":<wrong>}' } },
      ['TargetParameters.InputTemplate', 'InputTemplate contains invalid placeholder wrong.'],
    ],
    [
      {
        LogConfiguration: {
          Level: 'INFO',
          FirehoseLogDestination: { DeliveryStreamArn: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/none' },
        },
      },
      ['LogConfiguration.FirehoseLogDestination', 'firehose:TagDeliveryStream is not available on this server.'],
    ],
    [
      { LogConfiguration: { Level: 'INFO' } },
      ['LogConfiguration.CloudwatchLogsLogDestination', 'Missing required parameter.'],
    ],
  ])('PIP-VAL-04 what does not fit together: %j', async (wrong, [name, message]) => {
    expect(await test.refusal('CreatePipe', { ...CREATE, ...wrong })).toBe(fields(name as string, message as string));
  });

  it.each(['{"body":{"a":[{"wildcard":"*.x"}]}}', '{"body":{"a":[{"anything-but":{"prefix":"x"}}]}}', '{', '[]', ''])(
    'PIP-FLT-03 a pattern that pipes do not know: %s',
    async (Pattern) => {
      const SourceParameters = { FilterCriteria: { Filters: [{ Pattern }] } };
      expect(await test.refusal('CreatePipe', { ...CREATE, SourceParameters })).toContain(
        'Event pattern is not valid.',
      );
    },
  );

  it('PIP-VAL-05 more than a thousand pipes', async () => {
    for (let i = 0; i < 1000; i += 1) {
      test.cell.start('pipes', 'CreatePipe', {
        ...CREATE,
        Name: `p-${String(i).padStart(4, '0')}`,
        DesiredState: 'STOPPED',
      });
    }
    await test.cell.settle();
    expect(await test.refusal('CreatePipe', CREATE)).toContain('ServiceQuotaExceededException');
  });
});

describe('the state', () => {
  it('PIP-STA-01 of a pipe whose queue does not exist says so, and it starts when it is told to', async () => {
    await test.call('CreatePipe', { ...CREATE, Source: queueArn('later') });
    expect(await test.describe()).toMatchObject({
      DesiredState: 'RUNNING',
      CurrentState: 'CREATE_FAILED',
      StateReason:
        'Input parameter is invalid from the request due to : Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.',
    });
    await test.queue('later');
    await test.send('1', {}, 'later');
    expect(await test.counts('later')).toBe('1 0');
    expect((await test.describe()).CurrentState).toBe('CREATE_FAILED');
    await test.call('StartPipe', { Name: 'orders' });
    expect((await test.describe()).CurrentState).toBe('RUNNING');
    expect(await test.counts('target')).toBe('1 0');
  });

  it('PIP-STA-02 of a pipe whose queue was deleted is no longer RUNNING, until it is there again', async () => {
    await test.call('CreatePipe', CREATE);
    await test.cell.call('sqs', 'DeleteQueue', { QueueUrl: 'http://127.0.0.1:4566/000000000000/orders' });
    expect(await test.describe()).toMatchObject({ CurrentState: 'STOPPED', DesiredState: 'RUNNING' });
    expect((await test.describe()).StateReason).toContain('Queue not found.');
    await test.cell.advance(300_000);
    await test.queue('orders');
    await test.send('1');
    await test.cell.advance(30_000);
    expect((await test.describe()).CurrentState).toBe('RUNNING');
    expect(await test.counts('target')).toBe('1 0');
  });
});

describe('permissions', () => {
  const policy = (Action: string | string[], Resource: string) =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] });
  const trust = (Service: string) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
    });
  const put = (PolicyName: string, PolicyDocument: string) =>
    test.cell.call('iam', 'PutRolePolicy', { RoleName: 'pipe', PolicyName, PolicyDocument });
  const READ = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

  beforeEach(async () => {
    test = await PipesTest.open({ iamMode: 'enforce' });
    await test.queue('orders');
    await test.queue('target');
    await test.cell.call('iam', 'CreateRole', {
      RoleName: 'pipe',
      AssumeRolePolicyDocument: trust('pipes.amazonaws.com'),
    });
    await put('read', policy(READ, queueArn('orders')));
  });

  it('PIP-IAM-01 the role needs to read the source, and to hand on to the target', async () => {
    await test.call('CreatePipe', CREATE);
    expect((await test.describe()).CurrentState).toBe('RUNNING');
    await test.send('1');
    await test.cell.settle();
    expect(test.facts('PipeBatchEnded')).toMatchObject([{ code: 'AccessDenied', failedArn: queueArn('target') }]);
    await put('write', policy('sqs:SendMessage', queueArn('target')));
    await test.cell.advance(31_000);
    expect(await test.counts('target')).toBe('1 0');
  });

  it('PIP-IAM-02 a role that may not read, or that Pipes may not assume, makes no pipe that runs', async () => {
    await put('read', policy(['sqs:DeleteMessage', 'sqs:GetQueueAttributes'], '*'));
    await test.call('CreatePipe', CREATE);
    expect(await test.describe()).toMatchObject({
      CurrentState: 'CREATE_FAILED',
      StateReason:
        'Input parameter is invalid from the request due to : The provided customer role does not have permissions to call ReceiveMessage on SQS',
    });
    await put('read', policy(READ, '*'));
    await test.cell.call('iam', 'UpdateAssumeRolePolicy', {
      RoleName: 'pipe',
      PolicyDocument: trust('lambda.amazonaws.com'),
    });
    await test.call('StartPipe', { Name: 'orders' });
    expect(await test.describe()).toMatchObject({
      CurrentState: 'START_FAILED',
      StateReason: expect.stringContaining('cannot be assumed by principal pipes.amazonaws.com'),
    });
  });

  it('PIP-IAM-03 a pipe whose role loses a permission stops taking messages, says so, and goes on with it', async () => {
    await put('write', policy('sqs:SendMessage', '*'));
    await test.call('CreatePipe', CREATE);
    await put('read', policy('sqs:GetQueueAttributes', '*'));
    await test.send('1');
    await test.cell.settle();
    expect(await test.counts()).toBe('1 0');
    expect(await test.describe()).toMatchObject({
      CurrentState: 'STOPPED',
      StateReason: expect.stringContaining('Pipes does not have required permissions to perform Queue operations'),
    });
    await put('read', policy(READ, '*'));
    await test.cell.advance(30_000);
    expect(await test.counts('target')).toBe('1 0');
    expect((await test.describe()).CurrentState).toBe('RUNNING');
  });

  it('PIP-IAM-06 the queue’s own policy may let the role read, and may keep it out', async () => {
    const statement = (Effect: string) =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect, Principal: { AWS: ROLE }, Action: 'sqs:*', Resource: '*' }],
      });
    const setPolicy = (Policy: string) =>
      test.cell.call('sqs', 'SetQueueAttributes', {
        QueueUrl: 'http://127.0.0.1:4566/000000000000/orders',
        Attributes: { Policy },
      });
    await test.cell.call('iam', 'DeleteRolePolicy', { RoleName: 'pipe', PolicyName: 'read' });
    await setPolicy(statement('Allow'));
    await test.call('CreatePipe', CREATE);
    expect((await test.describe()).CurrentState).toBe('RUNNING');
    await put('read', policy(READ, '*'));
    await setPolicy(statement('Deny'));
    expect((await test.describe()).CurrentState).toBe('STOPPED');
  });

  it('PIP-IAM-04 functions are invoked as the role', async () => {
    await test.cell.call('iam', 'CreateRole', {
      RoleName: 'function',
      AssumeRolePolicyDocument: trust('lambda.amazonaws.com'),
    });
    const Target = await test.function('end');
    await test.call('CreatePipe', { ...CREATE, Target });
    await test.send('1');
    await test.cell.settle();
    expect(test.facts('PipeBatchEnded')).toMatchObject([{ code: 'AccessDeniedException' }]);
    await put('invoke', policy('lambda:InvokeFunction', Target));
    await test.cell.advance(31_000);
    expect(test.invoked).toHaveLength(1);
  });

  it('PIP-IAM-05 callers need the action on the pipe, and iam:PassRole for its role', async () => {
    await test.cell.call('iam', 'CreateUser', { UserName: 'ann' });
    const principal: Principal = {
      kind: 'user',
      account: '000000000000',
      arn: 'arn:aws:iam::000000000000:user/ann',
      userId: 'AIDA',
    };
    const allow = (PolicyName: string, PolicyDocument: string) =>
      test.cell.call('iam', 'PutUserPolicy', { UserName: 'ann', PolicyName, PolicyDocument });
    const create = () => test.cell.reply('pipes', 'CreatePipe', CREATE, { principal });
    expect(await create()).toMatchObject({ refused: { code: 'AccessDeniedException', status: 403 } });
    await allow('pipes', policy('pipes:CreatePipe', ARN));
    expect(await create()).toMatchObject({ refused: { message: expect.stringContaining('iam:PassRole') } });
    await allow('pass', policy('iam:PassRole', ROLE));
    expect(await create()).toMatchObject({ output: { Name: 'orders' } });
  });
});
