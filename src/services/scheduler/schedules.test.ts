import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CreateScheduleInput } from '#wire/generated/scheduler.ts';
import { DEAD_ARN, NOW, QUEUE_ARN, ROLE_ARN, SchedulerTest, scheduleInput } from './testing.ts';

const RATE = 'rate(1 hour)';

describe('CreateSchedule and GetSchedule', () => {
  test('what is not given is shown with its default', async () => {
    const test = await SchedulerTest.open();
    const created = await test.call('CreateSchedule', {
      Name: 'nightly',
      ScheduleExpression: RATE,
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: QUEUE_ARN, RoleArn: ROLE_ARN },
    });
    const arn = 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/nightly';
    expect(created).toEqual({ ScheduleArn: arn });
    expect(await test.call('GetSchedule', { Name: 'nightly' })).toEqual({
      Arn: arn,
      GroupName: 'default',
      Name: 'nightly',
      ScheduleExpression: RATE,
      ScheduleExpressionTimezone: 'UTC',
      State: 'ENABLED',
      CreationDate: NOW.getTime(),
      LastModificationDate: NOW.getTime(),
      Target: {
        Arn: QUEUE_ARN,
        RoleArn: ROLE_ARN,
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
      },
      FlexibleTimeWindow: { Mode: 'OFF' },
      ActionAfterCompletion: 'NONE',
    });
  });

  test('what is given is shown as it was given, also after restarts', async () => {
    const test = await SchedulerTest.open();
    await test.call('CreateScheduleGroup', { Name: 'reports' });
    const given: CreateScheduleInput = {
      Name: 'nightly',
      GroupName: 'reports',
      ScheduleExpression: 'cron(0 2 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      StartDate: NOW.getTime() + 60_000,
      EndDate: NOW.getTime() + 86_400_000,
      Description: 'every night',
      State: 'DISABLED',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 20 },
      ActionAfterCompletion: 'DELETE',
      Target: {
        Arn: QUEUE_ARN,
        RoleArn: ROLE_ARN,
        Input: '{}',
        RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 },
        DeadLetterConfig: { Arn: DEAD_ARN },
        SqsParameters: { MessageGroupId: 'g' },
      },
    };
    await test.call('CreateSchedule', given);
    const name = { Name: 'nightly', GroupName: 'reports' };
    expect(await test.call('GetSchedule', name)).toMatchObject(given);
    for (const clean of [false, true]) {
      const after = await test.restart({ clean });
      expect(await after.call('GetSchedule', name)).toMatchObject(given);
    }
  });

  test('an update replaces everything', async () => {
    const test = await SchedulerTest.open();
    await test.create(RATE, { Description: 'old', State: 'DISABLED', ScheduleExpressionTimezone: 'Europe/Berlin' });
    await test.advanceMinutes(1);
    await test.call('UpdateSchedule', scheduleInput('rate(2 minute)'));
    const shown = await test.call('GetSchedule', { Name: 'nightly' });
    expect(shown).toMatchObject({
      ScheduleExpression: 'rate(2 minute)',
      ScheduleExpressionTimezone: 'UTC',
      State: 'ENABLED',
      CreationDate: NOW.getTime(),
      LastModificationDate: NOW.getTime() + 60_000,
    });
    expect(shown.Description).toBeUndefined();
  });

  test('the same name again is a conflict, the same request again is not', async () => {
    const test = await SchedulerTest.open();
    const input = scheduleInput(RATE, { ClientToken: 'one' });
    const created = await test.call('CreateSchedule', input);
    expect(await test.call('CreateSchedule', input)).toEqual(created);
    const exists = 'ConflictException: Schedule nightly already exists.';
    expect(await test.refusal('CreateSchedule', { ...input, ClientToken: 'two' })).toBe(exists);
    expect(await test.refusal('CreateSchedule', { ...input, Description: 'other' })).toBe(exists);
    const { ClientToken: _, ...withoutToken } = input;
    expect(await test.refusal('CreateSchedule', withoutToken)).toBe(exists);
  });

  test('a deletion with the same token again succeeds, and deletes nothing new', async () => {
    const test = await SchedulerTest.open();
    await test.create(RATE);
    await test.call('DeleteSchedule', { Name: 'nightly', ClientToken: 'one' });
    await test.call('DeleteSchedule', { Name: 'nightly', ClientToken: 'one' });
    await test.create(RATE);
    const after = await test.restart({ clean: true });
    await after.call('DeleteSchedule', { Name: 'nightly', ClientToken: 'one' });
    await after.call('GetSchedule', { Name: 'nightly' });
    await after.call('DeleteSchedule', { Name: 'nightly', ClientToken: 'two' });
    const missing = 'ResourceNotFoundException: Schedule nightly does not exist.';
    expect(await after.refusal('DeleteSchedule', { Name: 'nightly', ClientToken: 'three' })).toBe(missing);
    expect(await after.refusal('GetSchedule', { Name: 'nightly' })).toBe(missing);
    expect(await after.refusal('UpdateSchedule', scheduleInput(RATE))).toBe(missing);
  });

  test('accounts and regions have schedules of their own', async () => {
    const test = await SchedulerTest.open();
    await test.create(RATE);
    const scope = { partition: 'aws', account: '111111111111', region: 'us-east-1' };
    expect(await test.refusal('GetSchedule', { Name: 'nightly' }, { scope })).toMatch('does not exist');
  });
});

describe('what AWS refuses', () => {
  const cases: [string, Partial<CreateScheduleInput>, string][] = [
    ['an expression', { ScheduleExpression: 'cron(0 1 * * * *)' }, 'Invalid Schedule Expression cron(0 1 * * * *).'],
    ['a zone', { ScheduleExpressionTimezone: 'Mars/Olympus' }, 'Invalid Schedule Expression Timezone Mars/Olympus.'],
    [
      'a name',
      { Name: 'a b' },
      "Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$",
    ],
    ['a long name', { Name: 'x'.repeat(65) }, 'Member must have length less than or equal to 64'],
    ['a state', { State: 'ON' }, 'Member must satisfy enum value set: [ENABLED, DISABLED]'],
    [
      'a role',
      { Target: { Arn: QUEUE_ARN, RoleArn: 'arn:aws:iam::1:role/x' } },
      "at 'target.roleArn' failed to satisfy constraint",
    ],
    [
      'a FIFO dead-letter queue',
      { Target: { DeadLetterConfig: { Arn: `${DEAD_ARN}.fifo` } } },
      "at 'target.deadLetterConfig.arn'",
    ],
    [
      'too many retries',
      { Target: { RetryPolicy: { MaximumRetryAttempts: 186 } } },
      'Member must have value less than or equal to 185',
    ],
    [
      'a short age',
      { Target: { RetryPolicy: { MaximumEventAgeInSeconds: 59 } } },
      'Member must have value greater than or equal to 60',
    ],
    ['a window of no minutes', { FlexibleTimeWindow: { Mode: 'FLEXIBLE' } }, 'MaximumWindowInMinutes must be provided'],
    [
      'a window that is off',
      { FlexibleTimeWindow: { Mode: 'OFF', MaximumWindowInMinutes: 5 } },
      'MaximumWindowInMinutes must not be provided',
    ],
    [
      'a window of days',
      { FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 1_441 } },
      'Member must have value less than or equal to 1440',
    ],
    [
      'a start long ago',
      { StartDate: NOW.getTime() - 301_000 },
      'The StartDate you specify cannot be earlier than 5 minutes ago.',
    ],
    [
      'an end before the start',
      { StartDate: NOW.getTime() + 2, EndDate: NOW.getTime() + 1 },
      'The EndDate you specify must come after the StartDate.',
    ],
    ['a key', { KmsKeyArn: 'arn:aws:kms:us-east-1:000000000000:key/k' }, 'KmsKeyArn is not available here.'],
    ['a target that is no ARN', { Target: { Arn: 'queue' } }, 'Provided Arn is not in correct format.'],
    [
      'a target of a service that is not here',
      { Target: { Arn: 'arn:aws:ecs:us-east-1:000000000000:cluster/c' } },
      'ecs is not a supported service for a target.',
    ],
    [
      'a schedule as a target',
      { Target: { Arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/x' } },
      'scheduler is not a supported service for a target.',
    ],
    [
      'a queue without account',
      { Target: { Arn: 'arn:aws:sqs:us-east-1::jobs' } },
      'Provided Arn is not in correct format.',
    ],
    [
      'parameters of another target',
      { Target: { EventBridgeParameters: { DetailType: 'd', Source: 's' } } },
      'Target.EventBridgeParameters must not be provided for this target.',
    ],
    [
      'parameters of a stream for a queue',
      { Target: { KinesisParameters: { PartitionKey: 'k' } } },
      'Target.KinesisParameters must not be provided for this target.',
    ],
    [
      'a bus without parameters',
      { Target: { Arn: 'arn:aws:events:us-east-1:000000000000:event-bus/default', Input: '{}' } },
      'Target.EventBridgeParameters must be provided for this target.',
    ],
    [
      "a source of AWS's own",
      {
        Target: {
          Arn: 'arn:aws:events:us-east-1:000000000000:event-bus/default',
          EventBridgeParameters: { DetailType: 'd', Source: 'aws.ec2' },
        },
      },
      "at 'target.eventBridgeParameters.source'",
    ],
    [
      'a function that gets no JSON',
      { Target: { Arn: 'arn:aws:lambda:us-east-1:000000000000:function:f', Input: 'go' } },
      'must be well-formed JSON',
    ],
    [
      'an event that is no object',
      {
        Target: {
          Arn: 'arn:aws:events:us-east-1:000000000000:event-bus/default',
          Input: '[]',
          EventBridgeParameters: { DetailType: 'd', Source: 's' },
        },
      },
      'a JSON object',
    ],
  ];

  test.each(cases)('%s', async (_what, given, expected) => {
    const test = await SchedulerTest.open();
    const input = scheduleInput(given.ScheduleExpression ?? RATE, given);
    const refusal = await test.refusal('CreateSchedule', input);
    expect(refusal).toMatch(/^ValidationException: /);
    expect(refusal).toContain(expected);
    expect(test.cell.takeFacts()).toEqual([]);
  });

  test('what is missing, all at once', async () => {
    const test = await SchedulerTest.open();
    expect(await test.refusal('CreateSchedule', { Name: 'x' })).toBe(
      "ValidationException: 3 validation errors detected: Value null at 'scheduleExpression' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'flexibleTimeWindow' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'target' failed to satisfy constraint: Member must not be null",
    );
  });

  test('a group that does not exist', async () => {
    const test = await SchedulerTest.open();
    const input = scheduleInput(RATE, { GroupName: 'none' });
    const missing = 'ResourceNotFoundException: Schedule group none does not exist.';
    expect(await test.refusal('CreateSchedule', input)).toBe(missing);
    expect(await test.refusal('ListSchedules', { GroupName: 'none' })).toBe(missing);
  });

  test('an old start stays allowed in an update that does not change it', async () => {
    const test = await SchedulerTest.open();
    const StartDate = NOW.getTime() + 1_000;
    await test.create(RATE, { StartDate });
    await test.advanceMinutes(10);
    await test.call('UpdateSchedule', scheduleInput(RATE, { StartDate, Description: 'new' }));
    const moved = scheduleInput(RATE, { StartDate: StartDate + 1 });
    expect(await test.refusal('UpdateSchedule', moved)).toContain('5 minutes ago');
  });

  test('quotas, where the limits are those of AWS', async () => {
    const test = await SchedulerTest.open({ limits: { mode: 'aws' } });
    for (let i = 0; i < 500; i += 1) await test.call('CreateScheduleGroup', { Name: `g-${i}` });
    expect(await test.refusal('CreateScheduleGroup', { Name: 'one-more' })).toMatch(/^ServiceQuotaExceededException: /);
  }, 20_000);

  test('nothing that a client sends is a defect', async () => {
    const test = await SchedulerTest.open();
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom(
        '__proto__',
        'constructor',
        'default',
        '',
        RATE,
        'at(9999-12-31T23:59:59)',
        'cron(* * 30 2 ? *)',
        QUEUE_ARN,
        ROLE_ARN,
        'arn:aws:scheduler:::aws-sdk:sqs:sendMessage',
        'arn:::::',
        'FLEXIBLE',
        '{"QueueUrl":[]}',
        '[1e999]',
      ),
    );
    const number = fc.oneof(fc.integer(), fc.constantFrom(0, -1, 8.64e15, 1e300, Number.MAX_SAFE_INTEGER));
    const plain = <T>(parts: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(parts, { noNullPrototype: true });
    const maybe = <T>(inner: fc.Arbitrary<T>) => fc.option(inner, { nil: undefined });
    const target = plain({
      Arn: maybe(text),
      RoleArn: maybe(text),
      Input: maybe(text),
      RetryPolicy: maybe(plain({ MaximumRetryAttempts: maybe(number) })),
      SqsParameters: maybe(plain({ MessageGroupId: maybe(text) })),
    });
    const input = plain({
      Name: maybe(text),
      GroupName: maybe(text),
      ScheduleExpression: maybe(text),
      ScheduleExpressionTimezone: maybe(text),
      StartDate: maybe(number),
      EndDate: maybe(number),
      FlexibleTimeWindow: maybe(plain({ Mode: maybe(text), MaximumWindowInMinutes: maybe(number) })),
      Target: maybe(target),
      ClientToken: maybe(text),
      NextToken: maybe(text),
      ResourceArn: maybe(text),
      MaxResults: maybe(number),
      TagKeys: maybe(fc.array(text)),
      Tags: maybe(fc.array(plain({ Key: maybe(text), Value: maybe(text) }))),
    });
    const names = Object.keys(test.cell.cell.registry.services.get('scheduler')!.definition.operations);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), input, async (name, given) => {
        const options = { principal: { kind: 'anonymous' } as const };
        const reply = await test.cell.reply('scheduler', name, given, options);
        if ('refused' in reply) expect(reply.refused.code).not.toBe('InternalFailure');
      }),
      { numRuns: 400 },
    );
    await test.advanceMinutes(1);
    expect(test.cell.diagnostics).toEqual([]);
  });
});

describe('ListSchedules', () => {
  test('by group, prefix and state, page by page', async () => {
    const test = await SchedulerTest.open();
    await test.call('CreateScheduleGroup', { Name: 'other' });
    for (const Name of ['a-1', 'a-2', 'b-1', 'b-2']) await test.create(RATE, { Name });
    await test.create(RATE, { Name: 'a-3', GroupName: 'other', State: 'DISABLED' });
    const list = async (input: object) => {
      const found: (string | undefined)[] = [];
      for (let NextToken: string | undefined; ; ) {
        const page = await test.call('ListSchedules', { ...input, MaxResults: 2, ...(NextToken && { NextToken }) });
        found.push(...page.Schedules!.map(({ Name }) => Name));
        NextToken = page.NextToken;
        if (NextToken === undefined) return found;
      }
    };
    expect(await list({})).toEqual(['a-1', 'a-2', 'b-1', 'b-2', 'a-3']);
    expect(await list({ GroupName: 'default' })).toEqual(['a-1', 'a-2', 'b-1', 'b-2']);
    expect(await list({ NamePrefix: 'a-' })).toEqual(['a-1', 'a-2', 'a-3']);
    expect(await list({ GroupName: 'default', NamePrefix: 'b-' })).toEqual(['b-1', 'b-2']);
    expect(await list({ State: 'DISABLED' })).toEqual(['a-3']);
    expect(await list({ State: 'ENABLED', NamePrefix: 'b-2' })).toEqual(['b-2']);
    const { NextToken } = await test.call('ListSchedules', { MaxResults: 1 });
    expect(await test.refusal('ListSchedules', { NextToken, State: 'ENABLED' })).toBe(
      'ValidationException: Invalid NextToken.',
    );
    expect(await test.refusal('ListSchedules', { MaxResults: 101 })).toContain('maxResults');
  });
});
