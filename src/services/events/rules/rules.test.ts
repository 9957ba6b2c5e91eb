import { describe, expect, it } from 'vitest';
import { scopeOf } from '#model/scope.ts';
import { ACCOUNT, busArnOf, EventsTest, OTHER_ACCOUNT, queueArnOf, ruleArnOf } from '../testing.ts';
import { archiveRule } from './testing.ts';

const PATTERN = '{"source":["shop"]}';

describe('a rule', () => {
  it('is put, described, listed, switched and deleted', async () => {
    const test = await EventsTest.open();
    await test.call('CreateEventBus', { Name: 'shop' });
    const rule = { Name: 'sold', EventBusName: 'shop', EventPattern: PATTERN, Description: 'd' };
    expect(await test.call('PutRule', rule)).toEqual({ RuleArn: ruleArnOf('shop/sold') });
    const shown = { ...rule, Arn: ruleArnOf('shop/sold'), State: 'ENABLED' };
    const named = { Name: 'sold', EventBusName: busArnOf('shop') };
    expect(await test.call('DescribeRule', named)).toEqual({ ...shown, CreatedBy: ACCOUNT });
    expect(await test.call('ListRules', { EventBusName: 'shop' })).toEqual({ Rules: [shown] });
    await test.call('DisableRule', named);
    expect(await test.call('DescribeRule', named)).toMatchObject({ State: 'DISABLED' });
    await test.call('EnableRule', named);
    expect(await test.call('DescribeRule', named)).toMatchObject({ State: 'ENABLED' });
    await test.call('DeleteRule', named);
    expect(await test.refusal('DescribeRule', named)).toBe(
      'ResourceNotFoundException: Rule sold does not exist on EventBus shop.',
    );
    expect(await test.call('DeleteRule', named)).toEqual({});
  });

  it('on the default bus has no bus in its ARN', async () => {
    const test = await EventsTest.open();
    expect(await test.call('PutRule', { Name: 'r', EventPattern: PATTERN })).toEqual({ RuleArn: ruleArnOf('r') });
    expect(await test.call('DescribeRule', { Name: 'r' })).toMatchObject({ EventBusName: 'default' });
  });

  it('that is put again keeps targets and creator, and loses what is left out', async () => {
    const test = await EventsTest.open();
    const RoleArn = 'arn:aws:iam::000000000000:role/r';
    await test.call('PutRule', { Name: 'r', EventPattern: PATTERN, Description: 'd', RoleArn, State: 'DISABLED' });
    await test.call('PutTargets', { Rule: 'r', Targets: [{ Id: '1', Arn: queueArnOf('q') }] });
    await test.call('PutRule', { Name: 'r', EventPattern: '{"source":["other"]}' });
    const shown = { Name: 'r', Arn: ruleArnOf('r'), State: 'ENABLED', EventBusName: 'default', CreatedBy: ACCOUNT };
    expect(await test.call('DescribeRule', { Name: 'r' })).toEqual({ ...shown, EventPattern: '{"source":["other"]}' });
    expect(await test.call('ListTargetsByRule', { Rule: 'r' })).toMatchObject({ Targets: [{ Id: '1' }] });
  });

  it('can be made on a bus of another account, and says who made it', async () => {
    const test = await EventsTest.open();
    const other = { scope: scopeOf(OTHER_ACCOUNT, 'us-east-1') };
    await test.call('CreateEventBus', { Name: 'shop' });
    await test.call('PutRule', { Name: 'r', EventBusName: busArnOf('shop'), EventPattern: PATTERN }, other);
    expect(await test.call('DescribeRule', { Name: 'r', EventBusName: 'shop' })).toMatchObject({
      Arn: ruleArnOf('shop/r'),
      CreatedBy: OTHER_ACCOUNT,
    });
  });

  it('is listed by prefix and page; rules of other buses are not', async () => {
    const test = await EventsTest.open();
    for (const bus of ['a', 'a.b']) {
      await test.call('CreateEventBus', { Name: bus });
      for (const name of ['r3', 'r1', 's1', 'r2']) await test.rule(name, [], { bus });
    }
    const first = await test.call('ListRules', { EventBusName: 'a', NamePrefix: 'r', Limit: 2 });
    expect(first.Rules?.map(({ Arn }) => Arn)).toEqual([ruleArnOf('a/r1'), ruleArnOf('a/r2')]);
    const rest = { EventBusName: 'a', NamePrefix: 'r', NextToken: first.NextToken };
    const second = await test.call('ListRules', rest);
    expect(second.Rules?.map(({ Arn }) => Arn)).toEqual([ruleArnOf('a/r3')]);
    expect(second.NextToken).toBeUndefined();
    expect(await test.refusal('ListRules', { ...rest, EventBusName: 'a.b' })).toContain('nextToken');
  });

  it('is found by its target, once', async () => {
    const test = await EventsTest.open();
    await test.rule('a', ['q', 'q']);
    await test.rule('b', ['other']);
    await test.rule('c', ['other', 'q']);
    const found = await test.call('ListRuleNamesByTarget', { TargetArn: queueArnOf('q'), Limit: 1 });
    expect(found).toMatchObject({ RuleNames: ['a'] });
    const rest = { TargetArn: queueArnOf('q'), NextToken: found.NextToken };
    expect(await test.call('ListRuleNamesByTarget', rest)).toEqual({ RuleNames: ['c'] });
  });

  it('is not deleted with targets', async () => {
    const test = await EventsTest.open();
    await test.rule('r', ['q']);
    expect(await test.refusal('DeleteRule', { Name: 'r' })).toBe(
      "ValidationException: Rule can't be deleted since it has targets.",
    );
    await test.call('RemoveTargets', { Rule: 'r', Ids: ['0'] });
    expect(await test.call('DeleteRule', { Name: 'r' })).toEqual({});
  });

  it('that is managed is changed by nobody, and deleted only by force', async () => {
    const test = await EventsTest.open();
    const named = await archiveRule(test);
    const refused = `ManagedRuleException: ${named.Name} is a managed rule. Set 'force' parameter to true to override.`;
    expect(await test.refusal('PutRule', { ...named, EventPattern: PATTERN })).toBe(refused);
    expect(await test.refusal('DisableRule', named)).toBe(refused);
    const Targets = [{ Id: '1', Arn: queueArnOf('q') }];
    const { Name: Rule, EventBusName } = named;
    expect(await test.refusal('PutTargets', { Rule, EventBusName, Targets })).toBe(refused);
    expect(await test.refusal('RemoveTargets', { Rule, EventBusName, Ids: ['1'] })).toBe(refused);
    expect(await test.refusal('DeleteRule', named)).toBe(refused);
    expect(await test.call('DeleteRule', { ...named, Force: true })).toEqual({});
  });

  it.each([
    [{ Name: 'r' }, 'ValidationException: Parameter(s) EventPattern or ScheduleExpression must be specified.'],
    [{ Name: 'r', EventPattern: '{' }, 'InvalidEventPatternException: Event pattern is not valid. Reason: '],
    [{ Name: 'r', EventPattern: '{"source":"shop"}' }, 'Reason: "source" must be an object or an array'],
    [
      { Name: 'r', EventPattern: `{"a":["${'x'.repeat(4_096)}"]}` },
      'Member must have length less than or equal to 4096',
    ],
    [
      { Name: 'a b', EventPattern: PATTERN },
      "Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+",
    ],
    [{ Name: 'x'.repeat(65), EventPattern: PATTERN }, 'Member must have length less than or equal to 64'],
    [
      { Name: 'r', EventPattern: PATTERN, State: 'ON' },
      "Value 'ON' at 'state' failed to satisfy constraint: Member must satisfy enum value set",
    ],
    [
      { Name: 'r', EventPattern: PATTERN, EventBusName: 'gone' },
      'ResourceNotFoundException: Event bus gone does not exist.',
    ],
    [
      { Name: 'r', ScheduleExpression: 'rate(1 minutes)' },
      'ValidationException: Parameter ScheduleExpression is not valid.',
    ],
    [
      { Name: 'r', ScheduleExpression: 'at(2030-01-01T00:00:00)' },
      'ValidationException: Parameter ScheduleExpression is not valid.',
    ],
  ])('is refused as %j', async (input, text) => {
    const test = await EventsTest.open();
    expect(await test.refusal('PutRule', input)).toContain(text);
    expect(test.cell.takeFacts()).toEqual([]);
  });

  it('with a schedule is on the default bus', async () => {
    const test = await EventsTest.open();
    await test.call('CreateEventBus', { Name: 'shop' });
    const input = { Name: 'r', EventBusName: 'shop', ScheduleExpression: 'rate(1 minute)' };
    expect(await test.refusal('PutRule', input)).toBe(
      'ValidationException: ScheduleExpression is supported only on the default event bus.',
    );
  });
});

describe('TestEventPattern', () => {
  const event = {
    id: '1',
    account: ACCOUNT,
    source: 'shop',
    time: '2026-01-15T12:00:00Z',
    region: 'us-east-1',
    'detail-type': 't',
  };

  it('says whether an event matches', async () => {
    const test = await EventsTest.open();
    const ask = (EventPattern: string) => test.call('TestEventPattern', { EventPattern, Event: JSON.stringify(event) });
    expect(await ask(PATTERN)).toEqual({ Result: true });
    expect(await ask('{"source":["other"]}')).toEqual({ Result: false });
  });

  it.each(['', 'x', '[]', '"x"', 'null', '{}', JSON.stringify({ ...event, id: undefined })])(
    'refuses an event that is none: %s',
    async (Event) => {
      const test = await EventsTest.open();
      expect(await test.refusal('TestEventPattern', { EventPattern: PATTERN, Event })).toBe(
        'ValidationException: Parameter Event is not valid.',
      );
    },
  );

  it('refuses a pattern that is none, with its place', async () => {
    const test = await EventsTest.open();
    const EventPattern = '{"source":[]}';
    expect(await test.refusal('TestEventPattern', { EventPattern, Event: JSON.stringify(event) })).toContain(
      'InvalidEventPatternException: Event pattern is not valid. Reason: Empty arrays are not allowed\n at [Source: (String)',
    );
  });
});
