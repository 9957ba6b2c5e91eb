import { describe, expect, it } from 'vitest';
import { rootOf } from '#model/principal.ts';
import { scopeOf } from '#model/scope.ts';
import { iam } from '#services/iam/service.ts';
import type { Operations } from '#wire/generated/kinesis.ts';
import { ACCOUNT, KinesisTest, streamArnOf } from '../testing.ts';

const StreamARN = streamArnOf('orders');
const other = { scope: scopeOf('111122223333', 'us-east-1'), principal: rootOf('111122223333') };
const user = (name: string) => ({
  principal: { kind: 'user' as const, account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/${name}`, userId: 'AIDA1' },
});

async function opened() {
  const test = await KinesisTest.open([iam], { iamMode: 'enforce' });
  await test.create();
  const { Consumer } = await test.call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'billing' });
  return { test, ConsumerARN: Consumer?.ConsumerARN as string };
}

const allow = (Principal: object, Action: string, Resource: string): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action, Resource }] });

describe('permissions of consumers', () => {
  it.each([
    ['RegisterStreamConsumer', { StreamARN, ConsumerName: 'theirs' }],
    ['ListStreamConsumers', { StreamARN }],
    ['DescribeStreamConsumer', { StreamARN, ConsumerName: 'nobody' }],
    ['DeregisterStreamConsumer', { ConsumerARN: `${StreamARN}/consumer/nobody:1` }],
    [
      'SubscribeToShard',
      { ConsumerARN: `${StreamARN}/consumer/nobody:1`, ShardId: '0', StartingPosition: { Type: 'LATEST' } },
    ],
  ] as const)(
    'another account may not %s without being let in, whether it is there or not',
    async (operation, input) => {
      const { test } = await opened();
      expect(await test.refusal(operation, input, other)).toMatch(
        new RegExp(`^AccessDeniedException: .*kinesis:${operation}`),
      );
    },
  );

  it('are those of the consumer, whose own policy lets another account listen, and not the stream’s', async () => {
    const { test, ConsumerARN } = await opened();
    const input = { ConsumerARN, ShardId: 'shardId-000000000000', StartingPosition: { Type: 'LATEST' } };
    const principal = { AWS: '111122223333' };
    await test.call('PutResourcePolicy', {
      ResourceARN: StreamARN,
      Policy: allow(principal, 'kinesis:GetRecords', StreamARN),
    });
    expect(await test.refusal('SubscribeToShard', input, other)).toMatch(/^AccessDeniedException/);
    await test.call('PutResourcePolicy', {
      ResourceARN: ConsumerARN,
      Policy: allow(principal, 'kinesis:SubscribeToShard', ConsumerARN),
    });
    const call = test.cell.start('kinesis', 'SubscribeToShard', input, other);
    await test.cell.settle();
    await test.put(['a']);
    expect(call.stream?.events).toHaveLength(2);
  });

  it('of streams with tags ask for kinesis:AddTagsToStream on top, and see the tags', async () => {
    const { test, ConsumerARN } = await opened();
    await test.cell.call('iam', 'CreateUser', { UserName: 'maker' });
    const permit = (PolicyName: string, Action: string, Condition: object) =>
      test.cell.call('iam', 'PutUserPolicy', {
        ...{ UserName: 'maker', PolicyName },
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action, Resource: '*', Condition }],
        }),
      });
    const refusal = (operation: keyof Operations, input: object) => test.refusal(operation, input, user('maker'));
    const ofTeam = (key: string) => ({ StringEquals: { [`aws:${key}/team`]: 'a' } });
    await permit('create', 'kinesis:CreateStream', {});
    const tagged = { StreamName: 'tagged', ShardCount: 1, Tags: { team: 'a' } };
    expect(await refusal('CreateStream', { StreamName: 'plain', ShardCount: 1 })).toBe('was not refused');
    expect(await refusal('CreateStream', tagged)).toContain('kinesis:AddTagsToStream');
    await permit('tag', 'kinesis:*Tag*', ofTeam('RequestTag'));
    expect(await refusal('CreateStream', { ...tagged, Tags: { team: 'b' } })).toContain('kinesis:AddTagsToStream');
    expect(await refusal('CreateStream', tagged)).toBe('was not refused');
    const tags = { ResourceARN: ConsumerARN, Tags: { team: 'b' } };
    expect(await refusal('TagResource', tags)).toContain('kinesis:TagResource');
    expect(await refusal('TagResource', { ...tags, Tags: { team: 'a' } })).toBe('was not refused');
    await permit('use', 'kinesis:Describe*', ofTeam('ResourceTag'));
    expect(await refusal('DescribeStream', { StreamName: 'tagged' })).toBe('was not refused');
    expect(await refusal('DescribeStream', { StreamName: 'plain' })).toContain('kinesis:DescribeStream');
    expect(await refusal('DescribeStreamConsumer', { ConsumerARN })).toBe('was not refused');
  });

  it('ask for kinesis:TagResource on top when a consumer is registered with tags', async () => {
    const { test } = await opened();
    await test.cell.call('iam', 'CreateUser', { UserName: 'maker' });
    await test.cell.call('iam', 'PutUserPolicy', {
      ...{ UserName: 'maker', PolicyName: 'register' },
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'kinesis:RegisterStreamConsumer', Resource: '*' }],
      }),
    });
    const input = { StreamARN, ConsumerName: 'tagged', Tags: { team: 'a' } };
    expect(await test.refusal('RegisterStreamConsumer', input, user('maker'))).toContain('kinesis:TagResource');
    await test.call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'plain' }, user('maker'));
  });
});
