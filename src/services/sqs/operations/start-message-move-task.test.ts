import { describe, expect, it } from 'vitest';
import { TestIam, testCell } from '#cell/testing.ts';
import { sqs } from '../service.ts';
import { arnOf, SqsTest } from '../testing.ts';

async function withDead(count: number) {
  const test = await SqsTest.open();
  const dead = await test.queue('dead');
  const policy = (max: number) => JSON.stringify({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount: max });
  const sources = [await test.queue('one', { VisibilityTimeout: '0', RedrivePolicy: policy(1) })];
  sources.push(await test.queue('two', { VisibilityTimeout: '0', RedrivePolicy: policy(1) }));
  for (let i = 0; i < count; i += 1) {
    const url = sources[i % 2] as string;
    await test.call('SendMessage', { QueueUrl: url, MessageBody: `m${i}` });
    await test.receive(url);
    await test.receive(url);
  }
  const tasks = async () => (await test.call('ListMessageMoveTasks', { SourceArn: arnOf('dead') })).Results ?? [];
  return { test, dead, sources, tasks };
}

describe('message-move tasks', () => {
  it('SQS-MOV-01 without a destination each message goes back to where it came from, as a new message', async () => {
    const { test, dead, sources, tasks } = await withDead(4);
    const [letter] = await test.receive(dead, { VisibilityTimeout: 0, MaxNumberOfMessages: 1 });
    await test.call('StartMessageMoveTask', { SourceArn: arnOf('dead') });
    await test.cell.advance(0);
    expect(await tasks()).toEqual([
      {
        Status: 'COMPLETED',
        SourceArn: arnOf('dead'),
        ApproximateNumberOfMessagesMoved: 4,
        ApproximateNumberOfMessagesToMove: 4,
        StartedTimestamp: 1_768_478_400_000,
      },
    ]);
    expect(await test.counts(dead)).toBe('0 0 0');
    const back = await test.receive(sources[0] as string, { AttributeNames: ['All'] });
    expect(back.map((message) => message.Body).sort()).toEqual(['m0', 'm2']);
    expect(back.some((message) => message.MessageId === letter?.MessageId)).toBe(false);
    expect(back[0]?.Attributes).toMatchObject({ ApproximateReceiveCount: '1' });
    expect(back[0]?.Attributes).not.toHaveProperty('DeadLetterQueueSourceArn');
  });

  it('SQS-MOV-02 goes no faster than it is told, shows progress and can be cancelled', async () => {
    const { test, dead, tasks } = await withDead(10);
    const other = await test.queue('other');
    const { TaskHandle } = await test.call('StartMessageMoveTask', {
      SourceArn: arnOf('dead'),
      DestinationArn: arnOf('other'),
      MaxNumberOfMessagesPerSecond: 2,
    });
    await test.cell.advance(1_600);
    expect(await tasks()).toEqual([
      {
        TaskHandle,
        Status: 'RUNNING',
        SourceArn: arnOf('dead'),
        DestinationArn: arnOf('other'),
        MaxNumberOfMessagesPerSecond: 2,
        ApproximateNumberOfMessagesMoved: 4,
        ApproximateNumberOfMessagesToMove: 10,
        StartedTimestamp: 1_768_478_400_000,
      },
    ]);
    expect(await test.call('CancelMessageMoveTask', { TaskHandle })).toEqual({ ApproximateNumberOfMessagesMoved: 4 });
    await test.cell.advance(60_000);
    expect(await tasks()).toMatchObject([{ Status: 'CANCELLED', ApproximateNumberOfMessagesMoved: 4 }]);
    expect(await test.counts(other)).toBe('4 0 0');
    expect(await test.counts(dead)).toBe('6 0 0');
    expect(await test.refusal('CancelMessageMoveTask', { TaskHandle })).toBe(
      'InvalidParameterValue: Only active tasks can be cancelled.',
    );
  });

  it('SQS-MOV-03 goes on after a crash', async () => {
    const { test } = await withDead(10);
    await test.queue('other');
    const input = { SourceArn: arnOf('dead'), DestinationArn: arnOf('other'), MaxNumberOfMessagesPerSecond: 1 };
    await test.call('StartMessageMoveTask', input);
    await test.cell.advance(3_000);
    for (const clean of [false, true]) {
      const again = await test.restart({ clean });
      await again.cell.advance(60_000);
      expect((await again.call('ListMessageMoveTasks', { SourceArn: arnOf('dead') })).Results).toMatchObject([
        { Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 10 },
      ]);
    }
  });

  it('SQS-MOV-04 fails visibly when the destination goes, or when a message came from nowhere', async () => {
    const { test, dead, tasks } = await withDead(3);
    const other = await test.queue('other');
    const input = { SourceArn: arnOf('dead'), DestinationArn: arnOf('other'), MaxNumberOfMessagesPerSecond: 1 };
    await test.call('StartMessageMoveTask', input);
    await test.cell.advance(0);
    await test.call('DeleteQueue', { QueueUrl: other });
    await test.cell.advance(5_000);
    expect(await tasks()).toMatchObject([
      {
        Status: 'FAILED',
        ApproximateNumberOfMessagesMoved: 1,
        FailureReason: 'AWS.SimpleQueueService.NonExistentQueue',
      },
    ]);
    await test.call('SendMessage', { QueueUrl: dead, MessageBody: 'sent here directly' });
    await test.call('StartMessageMoveTask', { SourceArn: arnOf('dead') });
    await test.cell.advance(0);
    expect(await tasks()).toMatchObject([{ Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource' }]);
  });

  it('SQS-MOV-05 refuses what cannot be moved', async () => {
    const { test } = await withDead(2);
    const SourceArn = arnOf('dead');
    const start = (input: object) => test.refusal('StartMessageMoveTask', { SourceArn, ...input });
    expect(await start({ SourceArn: arnOf('none') })).toBe(
      "ResourceNotFoundException: The resource that you specified for the SourceArn parameter doesn't exist.",
    );
    expect(await start({ SourceArn: 'dead' })).toBe(
      'InvalidParameterValue: You must use this format to specify the SourceArn: arn:<partition>:<service>:<region>:<account-id>:<resource-id>',
    );
    expect(await start({ SourceArn: arnOf('one') })).toBe(
      'InvalidParameterValue: Source queue must be configured as a Dead Letter Queue.',
    );
    expect(await start({ DestinationArn: arnOf('none') })).toBe(
      "ResourceNotFoundException: The resource that you specified for the DestinationArn parameter doesn't exist.",
    );
    expect(await start({ MaxNumberOfMessagesPerSecond: 501 })).toContain(
      'Value 501 for parameter MaxNumberOfMessagesPerSecond is invalid.',
    );
    await test.call('StartMessageMoveTask', { SourceArn, MaxNumberOfMessagesPerSecond: 1 });
    expect(await start({})).toBe(
      'InvalidParameterValue: There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
    );
    const cancel = (TaskHandle: string) => test.refusal('CancelMessageMoveTask', { TaskHandle });
    expect(await cancel('nonsense')).toBe('InvalidParameterValue: Value for parameter TaskHandle is invalid.');
    const handle = (sourceArn: string) => Buffer.from(JSON.stringify({ taskId: 'x', sourceArn })).toString('base64');
    expect(await cancel(handle(SourceArn))).toBe('ResourceNotFoundException: Task does not exist.');
    expect(await cancel(handle(arnOf('none')))).toContain('specified for the SourceArn parameter');
  });

  it('SQS-MOV-06 lists the most recent tasks first and remembers ten', async () => {
    const { test } = await withDead(1);
    for (let i = 0; i < 12; i += 1) {
      await test.call('StartMessageMoveTask', { SourceArn: arnOf('dead') });
      await test.cell.advance(1_000);
    }
    const { Results = [] } = await test.call('ListMessageMoveTasks', { SourceArn: arnOf('dead'), MaxResults: 10 });
    expect(Results.map((task) => (task.StartedTimestamp ?? 0) - 1_768_478_400_000)).toEqual(
      [11, 10, 9, 8, 7, 6, 5, 4, 3, 2].map((seconds) => seconds * 1000),
    );
    expect(await test.refusal('ListMessageMoveTasks', { SourceArn: arnOf('dead'), MaxResults: 11 })).toContain(
      'Value 11 for parameter MaxResults is invalid.',
    );
  });

  it('SQS-MOV-07 asks for what AWS does in the caller’s name: receiving, deleting, and sending where the messages go', async () => {
    const iam = new TestIam();
    const test = new SqsTest(await testCell([sqs, iam.definition], { iamMode: 'enforce' }));
    await test.queue('dead');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount: 1 });
    for (const name of ['one', 'two']) await test.queue(name, { RedrivePolicy });
    const needs = async (
      name: 'StartMessageMoveTask' | 'ListMessageMoveTasks' | 'CancelMessageMoveTask',
      input: object,
    ) => {
      iam.takeAsked();
      const output = await test.call(name, input);
      const wanted = [`sqs:${name}`, 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
      const asked = iam.takeAsked().map(({ action, resource }) => `${action} ${resource.split(':').pop()}`);
      expect(asked.slice(0, 4)).toEqual(wanted.map((action) => `${action} dead`));
      return { output: output as { TaskHandle?: string }, others: asked.slice(4) };
    };
    const SourceArn = arnOf('dead');
    const slow = { SourceArn, MaxNumberOfMessagesPerSecond: 1 };
    await test.call('SendMessage', { QueueUrl: 'http://h/000000000000/dead', MessageBody: 'a' });
    await test.call('SendMessage', { QueueUrl: 'http://h/000000000000/dead', MessageBody: 'b' });
    const named = await needs('StartMessageMoveTask', { ...slow, DestinationArn: arnOf('two') });
    expect(named.others).toEqual(['sqs:SendMessage two']);
    expect((await needs('CancelMessageMoveTask', { TaskHandle: named.output.TaskHandle })).others).toEqual([]);
    expect((await needs('ListMessageMoveTasks', { SourceArn })).others).toEqual([]);
    const back = await needs('StartMessageMoveTask', slow);
    expect(back.others).toEqual(['sqs:SendMessage one', 'sqs:SendMessage two']);
  });
});
