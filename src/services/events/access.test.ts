import { describe, expect, it } from 'vitest';
import type { AuthorizationRequest } from '#cell/authorization.ts';
import type { CallOptions } from '#cell/testing.ts';
import { TestIam } from '#cell/testing.ts';
import type { Principal } from '#model/principal.ts';
import { scopeOf } from '#model/scope.ts';
import { iam } from '#services/iam/service.ts';
import {
  attributesOf,
  busArnOf,
  EventsTest,
  FUNCTION_ARN,
  OTHER_ACCOUNT,
  queueArnOf,
  ROLE_ARN,
  ruleArnOf,
} from './testing.ts';

const PATTERN = '{"source":["shop","till"],"detail-type":[{"prefix":"s"},"sold"]}';
const SHOP = busArnOf('shop');
const other: CallOptions = { scope: scopeOf(OTHER_ACCOUNT, 'us-east-1') };

describe('IAM is asked', () => {
  /** An authorizer that writes down what it is asked, and allows it. */
  async function asking(): Promise<{ test: EventsTest; asked: AuthorizationRequest[] }> {
    const recorder = new TestIam();
    const test = await EventsTest.open([recorder.definition], { iamMode: 'enforce' });
    await test.call('CreateEventBus', { Name: 'shop', Tags: [{ Key: 'team', Value: 'a' }] });
    await test.rule('sold', [], { bus: 'shop' });
    recorder.takeAsked();
    return { test, asked: recorder.asked };
  }

  const onShop = { EventBusName: 'shop' };
  const rule = ruleArnOf('shop/sold');

  it.each([
    ['DescribeEventBus', { Name: 'shop' }, SHOP],
    ['UpdateEventBus', { Name: 'shop' }, SHOP],
    ['DeleteEventBus', { Name: 'gone' }, busArnOf('gone')],
    ['ListEventBuses', {}, '*'],
    ['PutPermission', { ...onShop, Action: 'events:PutEvents', Principal: '*', StatementId: 's' }, SHOP],
    ['RemovePermission', { ...onShop, RemoveAllPermissions: true }, SHOP],
    ['DescribeRule', { ...onShop, Name: 'sold' }, rule],
    ['EnableRule', { ...onShop, Name: 'sold' }, rule],
    ['DisableRule', { ...onShop, Name: 'sold' }, rule],
    ['DeleteRule', { ...onShop, Name: 'never' }, ruleArnOf('shop/never')],
    ['ListRules', onShop, ruleArnOf('shop/*')],
    ['ListRuleNamesByTarget', { ...onShop, TargetArn: 'x' }, ruleArnOf('shop/*')],
    ['ListTargetsByRule', { ...onShop, Rule: 'sold' }, rule],
    ['RemoveTargets', { ...onShop, Rule: 'sold', Ids: ['x'] }, rule],
    ['TestEventPattern', { EventPattern: PATTERN, Event: '{}' }, '*'],
    ['TagResource', { ResourceARN: rule, Tags: [] }, rule],
    ['UntagResource', { ResourceARN: SHOP, TagKeys: [] }, SHOP],
    ['ListTagsForResource', { ResourceARN: SHOP }, SHOP],
  ] as const)('about %s of its resource', async (action, input, resource) => {
    const { test, asked } = await asking();
    await test.cell.reply('events', action, input);
    expect(asked).toMatchObject([{ action: `events:${action}`, resource, resourceAccount: '000000000000' }]);
    expect(asked).toHaveLength(1);
  });

  it('about a rule with who made it, what it asks for, its tags and its role', async () => {
    const { test, asked } = await asking();
    const Tags = [{ Key: 'k', Value: 'v' }];
    const input = { Name: 'new', EventBusName: SHOP, EventPattern: PATTERN, RoleArn: ROLE_ARN, Tags };
    await test.call('PutRule', input, other);
    expect(asked).toMatchObject([
      {
        action: 'events:PutRule',
        resource: ruleArnOf('shop/new'),
        resourceAccount: '000000000000',
        context: {
          'events:creatorAccount': OTHER_ACCOUNT,
          'events:source': ['shop', 'till'],
          'events:detail-type': ['sold'],
          'aws:TagKeys': ['k'],
          'aws:RequestTag/k': 'v',
        },
      },
      {
        action: 'iam:PassRole',
        resource: ROLE_ARN,
        context: {
          'iam:PassedToService': 'events.amazonaws.com',
          'iam:AssociatedResourceArn': ruleArnOf('shop/new'),
        },
      },
    ]);
  });

  it('about targets with their ARNs, and once about each role', async () => {
    const { test, asked } = await asking();
    const target = { Arn: queueArnOf('q'), RoleArn: ROLE_ARN };
    const Targets = [
      { Id: '1', ...target },
      { Id: '2', ...target },
    ];
    await test.call('PutTargets', { ...onShop, Rule: 'sold', Targets });
    expect(asked).toMatchObject([
      { action: 'events:PutTargets', context: { 'events:TargetArn': [queueArnOf('q'), queueArnOf('q')] } },
      { action: 'iam:PassRole', resource: ROLE_ARN },
    ]);
  });

  it('about entries with bus, source and type, once for each kind', async () => {
    const { test, asked } = await asking();
    const entry = { Source: 'shop', DetailType: 'sold', Detail: '{}' };
    const Entries = [
      entry,
      { ...entry, Detail: '{"a":1}' },
      { ...entry, EventBusName: 'shop' },
      { ...entry, Source: 'x' },
    ];
    await test.call('PutEvents', { Entries });
    const context = (source: string) => ({
      'events:source': source,
      'events:detail-type': 'sold',
      'events:eventBusInvocation': 'false',
    });
    expect(asked).toMatchObject([
      { action: 'events:PutEvents', resource: busArnOf('default'), context: context('shop') },
      { action: 'events:PutEvents', resource: SHOP, context: context('shop') },
      { action: 'events:PutEvents', resource: busArnOf('default'), context: context('x') },
    ]);
  });
});

describe('where permissions are enforced', () => {
  const allowing = (action: string, resource: string, principal: object) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Sid: 's', Effect: 'Allow', Principal: principal, Action: action, Resource: resource }],
    });
  const TRUST = allowing('sts:AssumeRole', '*', { Service: 'events.amazonaws.com' }).replace(',"Resource":"*"', '');
  const SERVICE = { Service: 'events.amazonaws.com' };
  const ENTRY = { Source: 'shop', DetailType: 'sold', Detail: '{}', EventBusName: SHOP };

  async function open(): Promise<EventsTest> {
    const test = await EventsTest.open([iam], { iamMode: 'enforce' });
    await test.call('CreateEventBus', { Name: 'shop' });
    await test.queue('orders');
    await test.queue('dead');
    await test.cell.call('sqs', 'SetQueueAttributes', {
      QueueUrl: 'http://127.0.0.1:4566/000000000000/dead',
      Attributes: { Policy: allowing('sqs:SendMessage', queueArnOf('dead'), SERVICE) },
    });
    return test;
  }

  async function role(test: EventsTest, policy: object | undefined, trust = TRUST): Promise<void> {
    await test.cell.call('iam', 'CreateRole', { RoleName: 'events', AssumeRolePolicyDocument: trust });
    if (policy === undefined) return;
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...policy }] });
    await test.cell.call('iam', 'PutRolePolicy', { RoleName: 'events', PolicyName: 'p', PolicyDocument });
  }

  const withDead = (target: object) => ({ ...target, DeadLetterConfig: { Arn: queueArnOf('dead') } });

  it('an entry for a bus of another account needs its policy; a denied one denies the request', async () => {
    const test = await open();
    await test.rule('sold', ['orders'], { bus: 'shop' });
    const own = { ...ENTRY, EventBusName: undefined };
    expect(await test.refusal('PutEvents', { Entries: [own, ENTRY] }, other)).toMatch(
      /^AccessDeniedException: User: arn:aws:iam::111122223333:root is not authorized to perform: events:PutEvents on resource: arn:aws:events:us-east-1:000000000000:event-bus\/shop/,
    );
    const allow = { EventBusName: 'shop', Action: 'events:PutEvents', StatementId: 'other' };
    await test.call('PutPermission', { ...allow, Principal: OTHER_ACCOUNT });
    expect(await test.call('PutEvents', { Entries: [own, ENTRY] }, other)).toMatchObject({ FailedEntryCount: 0 });
  });

  it('the policy of a bus may ask for a source', async () => {
    const test = await open();
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: OTHER_ACCOUNT },
          Action: 'events:PutEvents',
          Resource: SHOP,
          Condition: { StringEquals: { 'events:source': 'shop' } },
        },
      ],
    });
    await test.call('PutPermission', { EventBusName: 'shop', Policy });
    expect(await test.call('PutEvents', { Entries: [ENTRY] }, other)).toMatchObject({ FailedEntryCount: 0 });
    expect(await test.refusal('PutEvents', { Entries: [{ ...ENTRY, Source: 'x' }] }, other)).toContain('AccessDenied');
  });

  it('a queue without a role needs a policy that lets the rule in', async () => {
    const test = await open();
    await test.rule('r', [withDead({ Arn: queueArnOf('orders') })]);
    await test.put();
    expect(attributesOf((await test.messages('dead'))[0])).toMatchObject({ ERROR_CODE: 'NO_PERMISSIONS' });
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: SERVICE,
          Action: 'sqs:SendMessage',
          Resource: queueArnOf('orders'),
          Condition: { ArnEquals: { 'aws:SourceArn': ruleArnOf('r') } },
        },
      ],
    });
    const QueueUrl = 'http://127.0.0.1:4566/000000000000/orders';
    await test.cell.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy } });
    await test.put();
    expect(await test.eventsIn('orders')).toHaveLength(1);
  });

  it('the role of a target must trust EventBridge, and may what the target needs', async () => {
    const test = await open();
    await role(test, undefined, TRUST.replace('events.', 'lambda.'));
    await test.rule('r', [withDead({ Arn: queueArnOf('orders'), RoleArn: ROLE_ARN })]);
    const code = async () => {
      await test.put();
      return attributesOf((await test.messages('dead'))[0])['ERROR_CODE'];
    };
    expect(await code()).toBe('FAILED_TO_ASSUME_ROLE');
    await test.cell.call('iam', 'UpdateAssumeRolePolicy', { RoleName: 'events', PolicyDocument: TRUST });
    expect(await code()).toBe('NO_PERMISSIONS');
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' }],
    });
    await test.cell.call('iam', 'PutRolePolicy', { RoleName: 'events', PolicyName: 'p', PolicyDocument });
    expect(await code()).toBeUndefined();
    expect(await test.eventsIn('orders')).toHaveLength(1);
  });

  it('a bus is handed events by a role that may put them there; another account must let it in, too', async () => {
    const test = await open();
    await role(test, { Action: 'events:PutEvents', Resource: '*' });
    const theirs = busArnOf('default', OTHER_ACCOUNT);
    await test.rule('r', [withDead({ Arn: theirs, RoleArn: ROLE_ARN })]);
    await test.put();
    const letter = attributesOf((await test.messages('dead'))[0]);
    expect(letter).toMatchObject({ ERROR_CODE: 'NO_PERMISSIONS', TARGET_ARN: theirs });
    const allow = { Action: 'events:PutEvents', StatementId: 's', Principal: '000000000000' };
    await test.call('PutPermission', allow, other);
    test.cell.takeFacts();
    await test.put();
    expect(test.factsNamed('EventPut')).toHaveLength(2);
    expect(await test.messages('dead')).toEqual([]);
  });

  it('a user may do what its policies say', async () => {
    const test = await open();
    const user: Principal = {
      kind: 'user',
      account: '000000000000',
      arn: 'arn:aws:iam::000000000000:user/u',
      userId: 'AIDA',
    };
    expect(await test.refusal('PutRule', { Name: 'r', EventPattern: PATTERN }, { principal: user })).toContain(
      'is not authorized to perform: events:PutRule on resource: arn:aws:events:us-east-1:000000000000:rule/r',
    );
    expect(
      await test.refusal('PutTargets', { Rule: 'r', Targets: [{ Id: '1', Arn: FUNCTION_ARN }] }, { principal: user }),
    ).toContain('events:PutTargets');
  });
});
