import { describe, expect, it } from 'vitest';
import { busArnOf, EventsTest, FUNCTION_ARN, OTHER_ACCOUNT, queueArnOf, ROLE_ARN } from '../testing.ts';

const QUEUE = queueArnOf('q');
const LOG_GROUP = 'arn:aws:logs:us-east-1:000000000000:log-group:/events/shop';
const API_DESTINATION =
  'arn:aws:events:us-east-1:000000000000:api-destination/hook/11111111-1111-4111-8111-111111111111';

async function open(): Promise<EventsTest> {
  const test = await EventsTest.open();
  await test.rule('r', []);
  return test;
}

describe('targets', () => {
  it('of every kind that there is are put, replaced by their ids, listed by page and removed', async () => {
    const test = await open();
    const Targets = [
      { Id: 'queue', Arn: QUEUE, RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 } },
      { Id: 'fifo', Arn: queueArnOf('q.fifo'), SqsParameters: { MessageGroupId: 'g' } },
      { Id: 'logs', Arn: LOG_GROUP },
      { Id: 'bus', Arn: busArnOf('other', OTHER_ACCOUNT, 'eu-west-1'), RoleArn: ROLE_ARN },
      { Id: 'http', Arn: API_DESTINATION, RoleArn: ROLE_ARN, HttpParameters: { HeaderParameters: { a: 'b' } } },
    ];
    expect(await test.call('PutTargets', { Rule: 'r', Targets })).toEqual({ FailedEntryCount: 0, FailedEntries: [] });
    const function_ = { Id: 'logs', Arn: `${FUNCTION_ARN}:live`, DeadLetterConfig: { Arn: QUEUE } };
    await test.call('PutTargets', { Rule: 'r', Targets: [function_] });
    const after = Targets.map((target) => (target.Id === 'logs' ? function_ : target));
    const first = await test.call('ListTargetsByRule', { Rule: 'r', Limit: 3 });
    expect(first.Targets).toEqual(after.slice(0, 3));
    const second = await test.call('ListTargetsByRule', { Rule: 'r', NextToken: first.NextToken });
    expect(second).toEqual({ Targets: after.slice(3) });
    const removed = await test.call('RemoveTargets', { Rule: 'r', Ids: ['bus', 'never'] });
    expect(removed).toMatchObject({ FailedEntryCount: 1, FailedEntries: [{ TargetId: 'never' }] });
    const left = await test.call('ListTargetsByRule', { Rule: 'r' });
    expect(left.Targets?.map(({ Id }) => Id)).toEqual(['queue', 'fifo', 'logs', 'http']);
  });

  it('are five at most', async () => {
    const test = await open();
    const Targets = Array.from({ length: 6 }, (_, i) => ({ Id: String(i), Arn: QUEUE }));
    expect(await test.refusal('PutTargets', { Rule: 'r', Targets })).toBe(
      'LimitExceededException: The requested resource exceeds the maximum number allowed.',
    );
    await test.call('PutTargets', { Rule: 'r', Targets: Targets.slice(0, 5) });
    expect(await test.refusal('PutTargets', { Rule: 'r', Targets: Targets.slice(5) })).toContain('LimitExceeded');
  });

  it('of a rule or a bus that does not exist are refused', async () => {
    const test = await open();
    const Targets = [{ Id: '1', Arn: QUEUE }];
    expect(await test.refusal('PutTargets', { Rule: 'gone', Targets })).toBe(
      'ResourceNotFoundException: Rule gone does not exist on EventBus default.',
    );
    expect(await test.refusal('PutTargets', { Rule: 'r', EventBusName: 'gone', Targets })).toBe(
      'ResourceNotFoundException: Event bus gone does not exist.',
    );
  });

  it.each([
    [
      { Arn: 'notarn' },
      'ValidationException: Parameter notarn is not valid. Reason: Provided Arn is not in correct format.',
    ],
    [
      { Arn: 'arn:aws:kinesis:us-east-1:000000000000:stream/s' },
      'RoleArn is required for target arn:aws:kinesis:us-east-1:000000000000:stream/s.',
    ],
    [{ Arn: 'arn:aws:states:us-east-1:000000000000:stateMachine:s' }, 'A target of states'],
    [{ Arn: 'arn:aws:events:us-east-1:000000000000:rule/r' }, 'A target of events'],
    [{ Arn: 'arn:aws:sqs:us-east-1:000000000000:' }, 'Provided Arn is not in correct format.'],
    [
      { Arn: QUEUE, KinesisParameters: { PartitionKeyPath: '$.id' } },
      'KinesisParameters cannot be specified for target: t.',
    ],
    [{ Arn: QUEUE, EcsParameters: {} }, 'EcsParameters of target t is not available on this server.'],
    [{ Arn: QUEUE, HttpParameters: {} }, 'HttpParameters cannot be specified for target: t.'],
    [{ Arn: FUNCTION_ARN, SqsParameters: { MessageGroupId: 'g' } }, 'SqsParameters cannot be specified for target: t.'],
    [{ Arn: queueArnOf('q.fifo') }, 'ValidationException: Parameter(s) SqsParameters must be specified for target: t.'],
    [{ Arn: API_DESTINATION }, `ValidationException: RoleArn is required for target ${API_DESTINATION}.`],
    [{ Arn: busArnOf('other') }, `ValidationException: RoleArn is required for target ${busArnOf('other')}.`],
    [{ Arn: busArnOf('default'), RoleArn: ROLE_ARN }, 'The event bus of the rule cannot be its target'],
    [{ Arn: busArnOf('other'), RoleArn: ROLE_ARN, RetryPolicy: {} }, 'RetryPolicy cannot be specified for target: t.'],
    [
      { Arn: busArnOf('other'), RoleArn: ROLE_ARN, Input: '{}' },
      'ValidationException: Modifying the input for target t is not supported.',
    ],
    [{ Arn: LOG_GROUP, RoleArn: ROLE_ARN }, 'RoleArn is not supported for target'],
    [{ Arn: QUEUE, RoleArn: 'role' }, 'Parameter role is not valid. Reason: Provided Arn is not in correct format.'],
    [
      { Arn: 'arn:aws:sqs:eu-west-1:000000000000:q' },
      'A target of sqs in another region (eu-west-1) is not supported.',
    ],
    [
      { Arn: LOG_GROUP.replace('000000000000', OTHER_ACCOUNT) },
      `A target in another account (${OTHER_ACCOUNT}) cannot be of the kind log group.`,
    ],
    [
      { Arn: `arn:aws:firehose:us-east-1:${OTHER_ACCOUNT}:deliverystream/s`, RoleArn: ROLE_ARN },
      `A target in another account (${OTHER_ACCOUNT}) cannot be of the kind delivery stream.`,
    ],
    [
      { Arn: API_DESTINATION.replace('000000000000', OTHER_ACCOUNT), RoleArn: ROLE_ARN },
      `A target in another account (${OTHER_ACCOUNT}) cannot be of the kind API destination.`,
    ],
    [{ Arn: QUEUE, DeadLetterConfig: { Arn: FUNCTION_ARN } }, 'Parameter DeadLetterConfig.Arn is not valid.'],
    [{ Arn: QUEUE, DeadLetterConfig: { Arn: queueArnOf('d.fifo') } }, 'Parameter DeadLetterConfig.Arn is not valid.'],
    [
      { Arn: QUEUE, RetryPolicy: { MaximumRetryAttempts: 186 } },
      "Value '186' at 'targets.1.member.retryPolicy.maximumRetryAttempts' failed to satisfy constraint: Member must have value less than or equal to 185",
    ],
    [
      { Arn: QUEUE, RetryPolicy: { MaximumEventAgeInSeconds: 59 } },
      'Member must have value greater than or equal to 60',
    ],
    [
      { Id: '!@#', Arn: QUEUE },
      "Value '!@#' at 'targets.1.member.id' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+",
    ],
    [{ Arn: QUEUE, Input: 'x' }, 'ValidationException: '],
  ])('are refused as %j', async (target, text) => {
    const test = await open();
    test.cell.takeFacts();
    expect(await test.refusal('PutTargets', { Rule: 'r', Targets: [{ Id: 't', ...target }] })).toContain(text);
    expect(test.cell.takeFacts()).toEqual([]);
  });

  it.each([{}, { Targets: [] }, { Targets: [null] }, { Targets: Array(101).fill({ Id: 'a', Arn: QUEUE }) }])(
    'are refused in a request of the wrong form: %j',
    async (input) => {
      const test = await open();
      expect(await test.refusal('PutTargets', { Rule: 'r', ...(input as object) })).toContain('validation error');
    },
  );
});
