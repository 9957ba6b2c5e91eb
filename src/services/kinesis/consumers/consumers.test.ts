import { describe, expect, it } from 'vitest';
import { scopeOf } from '#model/scope.ts';
import { ACCOUNT, KinesisTest, streamArnOf } from '../testing.ts';

const StreamARN = streamArnOf('orders');
const SECOND = 1_768_478_400;

async function opened(): Promise<KinesisTest> {
  const test = await KinesisTest.open();
  await test.create();
  return test;
}

const register = (test: KinesisTest, ConsumerName: string) =>
  test.call('RegisterStreamConsumer', { StreamARN, ConsumerName });

describe('a consumer', () => {
  it('is registered under an ARN with the second of its creation, and active then', async () => {
    const test = await opened();
    const { Consumer } = await register(test, 'billing');
    const ConsumerARN = `${StreamARN}/consumer/billing:${SECOND}`;
    expect(Consumer).toEqual({
      ...{ ConsumerName: 'billing', ConsumerARN, ConsumerStatus: 'CREATING' },
      ConsumerCreationTimestamp: SECOND * 1000,
    });
    const described = { ...Consumer, ConsumerStatus: 'ACTIVE', StreamARN };
    for (const reference of [
      { ConsumerARN },
      { StreamARN, ConsumerName: 'billing' },
      { StreamARN, ConsumerName: 'billing', ConsumerARN },
    ]) {
      const { ConsumerDescription } = await test.call('DescribeStreamConsumer', reference);
      expect(ConsumerDescription).toEqual(described);
    }
    const { StreamDescriptionSummary } = await test.call('DescribeStreamSummary', { StreamName: 'orders' });
    expect(StreamDescriptionSummary?.ConsumerCount).toBe(1);
  });

  it('has a name of its own within its stream, and another ARN when it comes again', async () => {
    const test = await opened();
    const { Consumer } = await register(test, 'billing');
    expect(await test.refusal('RegisterStreamConsumer', { StreamARN, ConsumerName: 'billing' })).toMatch(
      /^ResourceInUseException: Consumer billing under stream orders already exists/,
    );
    await test.advance(2_000);
    await test.call('DeregisterStreamConsumer', { ConsumerARN: Consumer?.ConsumerARN });
    await register(test, 'billing');
    expect(await test.refusal('DescribeStreamConsumer', { ConsumerARN: Consumer?.ConsumerARN })).toMatch(
      /^ResourceNotFoundException/,
    );
  });

  it('is one of at most fifty on demand, when the account has committed itself', async () => {
    const test = await opened();
    await test.call('UpdateStreamMode', { StreamARN, StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
    for (let i = 0; i < 20; i += 1) await register(test, `consumer-${i}`);
    const more = { StreamARN, ConsumerName: 'more' };
    expect(await test.refusal('RegisterStreamConsumer', more)).toMatch(/limit of 20 registered consumers/);
    await test.call('UpdateAccountSettings', { MinimumThroughputBillingCommitment: { Status: 'ENABLED' } });
    for (let i = 20; i < 50; i += 1) await register(test, `consumer-${i}`);
    expect(await test.refusal('RegisterStreamConsumer', more)).toMatch(/limit of 50 registered consumers/);
  });

  it('is counted by what the account of its stream has committed itself to, whoever registers it', async () => {
    const test = await opened();
    const other = { scope: scopeOf('111122223333', 'us-east-1') };
    await test.call('UpdateStreamMode', { StreamARN, StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
    for (let i = 0; i < 20; i += 1) await register(test, `consumer-${i}`);
    const more = { StreamARN, ConsumerName: 'more' };
    await test.call('UpdateAccountSettings', { MinimumThroughputBillingCommitment: { Status: 'ENABLED' } }, other);
    expect(await test.refusal('RegisterStreamConsumer', more, other)).toMatch(/limit of 20 registered consumers/);
    await test.call('UpdateAccountSettings', { MinimumThroughputBillingCommitment: { Status: 'ENABLED' } });
    expect(await test.refusal('RegisterStreamConsumer', more, other)).toBe('was not refused');
  });

  it('is one of at most twenty', async () => {
    const test = await opened();
    for (let i = 0; i < 20; i += 1) await register(test, `consumer-${i}`);
    expect(await test.refusal('RegisterStreamConsumer', { StreamARN, ConsumerName: 'one-more' })).toMatch(
      /^LimitExceededException/,
    );
  });

  it('is listed page by page, with tokens of this stream that expire', async () => {
    const test = await opened();
    await test.create('other');
    for (const name of ['c', 'a', 'b']) await register(test, name);
    const first = await test.call('ListStreamConsumers', { StreamARN, MaxResults: 2 });
    expect(first.Consumers?.map(({ ConsumerName }) => ConsumerName)).toEqual(['a', 'b']);
    const { NextToken } = first;
    const second = await test.call('ListStreamConsumers', { StreamARN, NextToken });
    expect(second.Consumers?.map(({ ConsumerName }) => ConsumerName)).toEqual(['c']);
    expect(second.NextToken).toBeUndefined();
    expect(await test.refusal('ListStreamConsumers', { StreamARN: streamArnOf('other'), NextToken })).toMatch(
      /^InvalidArgumentException: NextToken was not given for this stream/,
    );
    await test.advance(300_001);
    expect(await test.refusal('ListStreamConsumers', { StreamARN, NextToken })).toMatch(/^ExpiredNextTokenException/);
  });

  it('goes with its stream, which must be asked to go together with it', async () => {
    const test = await opened();
    await register(test, 'billing');
    expect(await test.refusal('DeleteStream', { StreamName: 'orders' })).toMatch(/^ResourceInUseException/);
    await test.call('DeleteStream', { StreamName: 'orders', EnforceConsumerDeletion: true });
    await test.create();
    expect((await test.call('ListStreamConsumers', { StreamARN })).Consumers).toEqual([]);
    expect(test.cell.takeFacts().filter(({ name }) => name === 'DocumentDropped')).toHaveLength(3);
  });

  it.each([
    ['kill -9', false],
    ['a clean stop', true],
  ])('is still there after %s', async (_how, isClean) => {
    const test = await opened();
    const { Consumer } = await register(test, 'billing');
    await test.restart(isClean);
    const { ConsumerDescription } = await test.call('DescribeStreamConsumer', { ConsumerARN: Consumer?.ConsumerARN });
    expect(ConsumerDescription?.ConsumerName).toBe('billing');
  });

  it.each([
    ['RegisterStreamConsumer', {}, 'ValidationException: 2 validation errors'],
    ['RegisterStreamConsumer', { StreamARN, ConsumerName: 'a b' }, 'ValidationException'],
    ['RegisterStreamConsumer', { StreamARN: 'arn:aws:s3:::x', ConsumerName: 'a' }, 'ValidationException'],
    ['RegisterStreamConsumer', { StreamARN, ConsumerName: 'a', StreamId: 'x' }, 'InvalidArgumentException'],
    ['RegisterStreamConsumer', { StreamARN: streamArnOf('none'), ConsumerName: 'a' }, 'ResourceNotFoundException'],
    ['DescribeStreamConsumer', {}, 'InvalidArgumentException'],
    ['DescribeStreamConsumer', { StreamARN }, 'InvalidArgumentException'],
    [
      'DescribeStreamConsumer',
      { StreamARN, ConsumerName: 'none' },
      'ResourceNotFoundException: Consumer none under stream: orders, account 000000000000 not found.',
    ],
    ['DescribeStreamConsumer', { ConsumerARN: `${StreamARN}/consumer/a:1` }, 'ResourceNotFoundException'],
    ['DescribeStreamConsumer', { ConsumerARN: '__proto__' }, 'ValidationException'],
    ['ListStreamConsumers', { StreamARN, NextToken: 'AAAA' }, 'InvalidArgumentException'],
    ['ListStreamConsumers', { StreamARN, MaxResults: 0 }, 'ValidationException'],
  ] as const)('%s of %j is refused: %s', async (operation, input, refusal) => {
    const test = await opened();
    expect((await test.refusal(operation, input)).startsWith(refusal)).toBe(true);
  });

  it('is not asked for in another region', async () => {
    const test = await opened();
    const { Consumer } = await register(test, 'billing');
    const scope = scopeOf(ACCOUNT, 'eu-west-1');
    const { ConsumerARN } = Consumer ?? {};
    const foreign = (arn: string | undefined) =>
      `InvalidArgumentException: The region specified in the ARN '${arn}' does not match the endpoint region`;
    expect(await test.refusal('DescribeStreamConsumer', { ConsumerARN }, { scope })).toBe(foreign(ConsumerARN));
    expect(await test.refusal('ListStreamConsumers', { StreamARN }, { scope })).toBe(foreign(StreamARN));
    expect(await test.refusal('DescribeStream', { StreamARN }, { scope })).toBe(foreign(StreamARN));
    expect(await test.refusal('TagResource', { ResourceARN: StreamARN, Tags: { a: 'b' } }, { scope })).toBe(
      foreign(StreamARN),
    );
    expect(await test.refusal('GetResourcePolicy', { ResourceARN: ConsumerARN }, { scope })).toBe(foreign(ConsumerARN));
  });

  it('is not found under an ARN whose parts name another one', async () => {
    const test = await opened();
    const { Consumer } = await register(test, 'billing');
    const input = { ConsumerARN: Consumer?.ConsumerARN, ConsumerName: 'shipping' };
    expect(await test.refusal('DescribeStreamConsumer', input)).toMatch(/^InvalidArgumentException/);
  });
});
