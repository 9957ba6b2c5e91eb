import { describe, expect, it } from 'vitest';
import { TEST_NOW_MS } from '#cell/testing.ts';
import { scopeOf } from '#model/scope.ts';
import { ACCOUNT, busArnOf, EventsTest, queueArnOf } from '../testing.ts';

const SHOP = busArnOf('shop');

describe('a bus', () => {
  it('is created, described, updated and deleted', async () => {
    const test = await EventsTest.open();
    const settings = {
      Description: 'sales',
      DeadLetterConfig: { Arn: queueArnOf('dead') },
      LogConfig: { Level: 'INFO', IncludeDetail: 'FULL' },
    };
    const created = await test.call('CreateEventBus', { Name: 'shop', ...settings });
    expect(created).toEqual({ EventBusArn: SHOP, ...settings });
    await test.cell.advance(5_000);
    const updated = { ...settings, Description: 'all sales' };
    expect(await test.call('UpdateEventBus', { Name: 'shop', Description: 'all sales' })).toEqual({
      Arn: SHOP,
      Name: 'shop',
      ...updated,
    });
    expect(await test.call('DescribeEventBus', { Name: SHOP })).toEqual({
      Name: 'shop',
      Arn: SHOP,
      ...updated,
      CreationTime: TEST_NOW_MS,
      LastModifiedTime: TEST_NOW_MS + 5_000,
    });
    await test.call('DeleteEventBus', { Name: 'shop' });
    expect(await test.refusal('DescribeEventBus', { Name: 'shop' })).toBe(
      'ResourceNotFoundException: Event bus shop does not exist.',
    );
  });

  it('loses settings that are set to nothing, and keeps those that are left out', async () => {
    const test = await EventsTest.open();
    const DeadLetterConfig = { Arn: queueArnOf('dead') };
    await test.call('CreateEventBus', { Name: 'shop', Description: 'sales', DeadLetterConfig });
    await test.call('UpdateEventBus', { Name: 'shop', Description: '', LogConfig: { Level: 'ERROR' } });
    const log = { Level: 'ERROR', IncludeDetail: 'NONE' };
    expect(await test.call('DescribeEventBus', { Name: 'shop' })).toMatchObject({ DeadLetterConfig, LogConfig: log });
    const after = await test.call('UpdateEventBus', { Name: 'shop', DeadLetterConfig: {}, LogConfig: {} });
    expect(after).toEqual({ Arn: SHOP, Name: 'shop' });
  });

  it('of the name default is there in every account and region, without times before it is used', async () => {
    const test = await EventsTest.open();
    const elsewhere = { scope: scopeOf('111122223333', 'eu-west-1') };
    const arn = busArnOf('default', '111122223333', 'eu-west-1');
    expect(await test.call('DescribeEventBus', {}, elsewhere)).toEqual({ Name: 'default', Arn: arn });
    await test.call('PutRule', { Name: 'r', EventPattern: '{"source":["shop"]}' }, elsewhere);
    const used = await test.call('DescribeEventBus', { Name: 'default' }, elsewhere);
    expect(used).toMatchObject({ Arn: arn, CreationTime: TEST_NOW_MS });
  });

  it('is listed by prefix and page, with the default bus', async () => {
    const test = await EventsTest.open();
    for (const Name of ['b2', 'b1', 'c1', 'b3']) await test.call('CreateEventBus', { Name });
    const names = async (input: object) =>
      (await test.call('ListEventBuses', input)).EventBuses?.map(({ Name }) => Name);
    expect(await names({})).toEqual(['b1', 'b2', 'b3', 'c1', 'default']);
    expect(await names({ NamePrefix: 'b' })).toEqual(['b1', 'b2', 'b3']);
    const first = await test.call('ListEventBuses', { NamePrefix: 'b', Limit: 2 });
    expect(first.EventBuses?.map(({ Name }) => Name)).toEqual(['b1', 'b2']);
    const second = await test.call('ListEventBuses', { NamePrefix: 'b', NextToken: first.NextToken });
    expect(second).toMatchObject({ EventBuses: [{ Name: 'b3' }] });
    expect(second.NextToken).toBeUndefined();
    expect(await test.refusal('ListEventBuses', { NextToken: first.NextToken })).toContain('nextToken');
  });

  it('is not deleted with rules on it, nor ever when it is the default one; one that is not there is', async () => {
    const test = await EventsTest.open();
    await test.call('CreateEventBus', { Name: 'shop' });
    await test.rule('r', [], { bus: 'shop' });
    expect(await test.refusal('DeleteEventBus', { Name: 'shop' })).toBe(
      "ValidationException: EventBus can't be deleted since it has rules.",
    );
    expect(await test.refusal('DeleteEventBus', { Name: 'default' })).toBe(
      'ValidationException: Cannot delete event bus default.',
    );
    expect(await test.call('DeleteEventBus', { Name: 'never' })).toEqual({});
  });

  it('never gets the number of another one again', async () => {
    for (const isClean of [false, true]) {
      const test = await EventsTest.open();
      await test.call('CreateEventBus', { Name: 'a' });
      await test.call('CreateEventBus', { Name: 'b' });
      await test.call('DeleteEventBus', { Name: 'b' });
      await test.restart(isClean);
      await test.call('CreateEventBus', { Name: 'c' });
      expect(test.state.buses.byNumber.get(2)).toBeUndefined();
      expect(test.state.buses.byNumber.get(3)?.name).toBe('c');
    }
  });

  it.each([
    [{ Name: 'default' }, 'ResourceAlreadyExistsException: Event bus default already exists.'],
    [{ Name: 'a/b' }, "ValidationException: Event bus name must not contain '/'."],
    [
      {},
      "ValidationException: 1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null",
    ],
    [
      { Name: 'a b' },
      "Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern",
    ],
    [{ Name: 'x'.repeat(257) }, 'Member must have length less than or equal to 256'],
    [
      { Name: 'x', KmsKeyIdentifier: 'key' },
      'ValidationException: KmsKeyIdentifier (customer managed keys) is not available',
    ],
    [{ Name: 'x', DeadLetterConfig: { Arn: queueArnOf('d.fifo') } }, 'Parameter DeadLetterConfig.Arn is not valid'],
    [{ Name: 'x', LogConfig: { Level: 'LOUD' } }, 'Member must satisfy enum value set: [OFF, ERROR, INFO, TRACE]'],
    [{ Name: 'x', Tags: [{ Key: '', Value: 'v' }] }, "at 'tags.1.member.key' failed to satisfy constraint"],
    [{ Name: 'x', Tags: [{ Key: 'aws:x', Value: 'v' }] }, 'is reserved'],
  ])('is refused as %j', async (input, text) => {
    const test = await EventsTest.open();
    expect(await test.refusal('CreateEventBus', input)).toContain(text);
    expect(test.cell.takeFacts()).toEqual([]);
  });
});

describe('the policy of a bus', () => {
  const statement = (sid: string, principal: unknown) => ({
    Sid: sid,
    Effect: 'Allow',
    Principal: principal,
    Action: 'events:PutEvents',
    Resource: SHOP,
  });
  const shop = { EventBusName: 'shop' };

  async function open(): Promise<{ test: EventsTest; policy: () => Promise<unknown> }> {
    const test = await EventsTest.open();
    await test.call('CreateEventBus', { Name: 'shop' });
    const policy = async () => {
      const { Policy } = await test.call('DescribeEventBus', { Name: 'shop' });
      return Policy === undefined ? undefined : JSON.parse(Policy);
    };
    return { test, policy };
  }

  it('gets statements for accounts, and loses them', async () => {
    const { test, policy } = await open();
    const put = { ...shop, Action: 'events:PutEvents' };
    await test.call('PutPermission', { ...put, Principal: '111122223333', StatementId: 'one' });
    await test.call('PutPermission', { ...put, Principal: '*', StatementId: 'all' });
    const Statement = [statement('one', { AWS: 'arn:aws:iam::111122223333:root' }), statement('all', '*')];
    expect(await policy()).toEqual({ Version: '2012-10-17', Statement });
    await test.call('RemovePermission', { ...shop, StatementId: 'one' });
    expect(await policy()).toEqual({ Version: '2012-10-17', Statement: [statement('all', '*')] });
    await test.call('RemovePermission', { ...shop, StatementId: 'all' });
    expect(await policy()).toBeUndefined();
  });

  it('replaces a statement of the same name', async () => {
    const { test, policy } = await open();
    const put = { ...shop, Action: 'events:PutEvents', StatementId: 'one' };
    await test.call('PutPermission', { ...put, Principal: '111122223333' });
    const Condition = { Type: 'StringEquals', Key: 'aws:PrincipalOrgID', Value: 'o-123' };
    await test.call('PutPermission', { ...put, Principal: '*', Condition });
    const condition = { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-123' } } };
    expect(await policy()).toMatchObject({ Statement: [{ ...statement('one', '*'), ...condition }] });
  });

  it('is put as a whole, and taken away as a whole', async () => {
    const { test, policy } = await open();
    const whole = { Version: '2012-10-17', Statement: [statement('s', { AWS: ACCOUNT })] };
    await test.call('PutPermission', { ...shop, Policy: JSON.stringify(whole, null, 2) });
    expect(await policy()).toEqual(whole);
    await test.call('RemovePermission', { ...shop, RemoveAllPermissions: true });
    expect(await policy()).toBeUndefined();
  });

  it.each([
    [{ EventBusName: 'gone', Policy: '{}' }, 'ResourceNotFoundException: Event bus gone does not exist.'],
    [{ Policy: '{' }, 'ValidationException: This policy contains invalid Json'],
    [{ Policy: '[]' }, 'ValidationException: '],
    [
      { Action: 'events:PutRule', Principal: '*', StatementId: 's' },
      "Provided value in parameter 'action' is not supported.",
    ],
    [{ Action: 'events:PutEvents', Principal: '12', StatementId: 's' }, "at 'principal' failed to satisfy constraint"],
    [
      { Action: 'events:PutEvents', StatementId: 's' },
      'Parameter(s) Action, Principal and StatementId, or Policy must be specified.',
    ],
    [
      {
        Action: 'events:PutEvents',
        Principal: '*',
        StatementId: 's',
        Condition: { Type: 'StringLike', Key: 'k', Value: 'v' },
      },
      'Member must satisfy enum value set: [StringEquals]',
    ],
    [
      {
        Policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ ...statement('s', '*'), Resource: Array(200).fill(SHOP) }],
        }),
      },
      'PolicyLengthExceededException',
    ],
    [
      {
        Policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [statement('s', '*'), { ...statement('t', '*'), Resource: [SHOP, busArnOf('other')] }],
        }),
      },
      `ValidationException: The relative-id "event-bus/other" is invalid for ARN "${busArnOf('other')}"`,
    ],
  ])('is refused as %j', async (input, text) => {
    const { test } = await open();
    expect(await test.refusal('PutPermission', { ...shop, ...input })).toContain(text);
  });

  it('is looked through once, however long it is and whatever it repeats', async () => {
    const { test } = await open();
    const Resource = `arn:aws:events${':event-bus/'.repeat(100_000)}*`;
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [{ ...statement('s', '*'), Resource }] });
    expect(await test.refusal('PutPermission', { ...shop, Policy })).toContain('PolicyLengthExceededException');
  });

  it('has nothing to take away that is not there', async () => {
    const { test } = await open();
    expect(await test.refusal('RemovePermission', { ...shop, StatementId: 'x' })).toBe(
      'ResourceNotFoundException: EventBus does not have a policy.',
    );
    await test.call('PutPermission', { ...shop, Action: 'events:PutEvents', Principal: '*', StatementId: 's' });
    expect(await test.refusal('RemovePermission', { ...shop, StatementId: 'x' })).toBe(
      'ResourceNotFoundException: Statement with the provided id does not exist.',
    );
  });
});
