// Rules with functions and topics as targets, in one cell with the services that own them.

import { beforeEach, expect, test } from 'vitest';
import type { IamMode } from '#cell/authorization.ts';
import { LambdaTest } from '../lambda/lambda-cell.ts';

const RULE_ARN = 'arn:aws:events:us-east-1:000000000000:rule/sold';
const DEAD_ARN = 'arn:aws:sqs:us-east-1:000000000000:dead';
const SERVICE = { Service: 'events.amazonaws.com' };

let tested: LambdaTest;
let functionArn: string;
let handled: Record<string, unknown>[];

async function open(iamMode: IamMode): Promise<void> {
  tested = await LambdaTest.open({ iamMode });
  if (iamMode === 'enforce') await createRole();
  functionArn = await tested.create();
  handled = [];
  tested.handler = (event) => {
    handled.push(event);
    return null;
  };
  const statement = { Effect: 'Allow', Principal: SERVICE, Action: 'sqs:SendMessage', Resource: DEAD_ARN };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await tested.cell.call('sqs', 'CreateQueue', { QueueName: 'dead', Attributes: { Policy } });
  await ask('PutRule', { Name: 'sold', EventPattern: '{"source":["shop"]}' });
}

async function createRole(): Promise<void> {
  const statement = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await tested.cell.call('iam', 'CreateRole', { RoleName: 'tested', AssumeRolePolicyDocument });
}

const ask = (operation: string, input: object) => tested.cell.call('events', operation, input);
const target = (Arn: string, more: object = {}) =>
  ask('PutTargets', { Rule: 'sold', Targets: [{ Id: '1', Arn, DeadLetterConfig: { Arn: DEAD_ARN }, ...more }] });
const put = () => ask('PutEvents', { Entries: [{ Source: 'shop', DetailType: 'sold', Detail: '{"item":1}' }] });

async function deadLetter(): Promise<Record<string, string> | undefined> {
  const input = { QueueUrl: 'http://127.0.0.1:4566/000000000000/dead', MessageAttributeNames: ['All'] };
  type Letter = { MessageAttributes: Record<string, { StringValue: string }> };
  const { Messages } = await tested.cell.call<{ Messages?: Letter[] }>('sqs', 'ReceiveMessage', input);
  const attributes = Object.entries(Messages?.[0]?.MessageAttributes ?? {});
  return Messages === undefined ? undefined : Object.fromEntries(attributes.map(([k, v]) => [k, v.StringValue]));
}

beforeEach(() => open('off'));

test('a function is invoked with the event, asynchronously, from the payload that is shared', async () => {
  await target(functionArn);
  await put();
  await tested.cell.settle();
  expect(handled).toMatchObject([{ source: 'shop', 'detail-type': 'sold', detail: { item: 1 }, resources: [] }]);
  // What is left are the lines of its log.
  await tested.cell.call('logs', 'DeleteLogGroup', { logGroupName: '/aws/lambda/tested' });
  expect(tested.cell.cell.payloads.count).toBe(0);
});

test('a function is invoked with the input of its target', async () => {
  const InputTransformer = { InputPathsMap: { item: '$.detail.item' }, InputTemplate: '{"sold":<item>}' };
  await target(functionArn, { InputTransformer });
  await put();
  await tested.cell.settle();
  expect(handled).toEqual([{ sold: 1 }]);
});

test("what fails in the function is the function's to retry, not the rule's", async () => {
  tested.handler = () => {
    throw new RangeError('broken');
  };
  await target(functionArn);
  await put();
  await tested.cell.advance(24 * 3_600_000);
  expect(tested.requests).toHaveLength(3);
  expect(await deadLetter()).toBeUndefined();
});

test('a function that is gone gives a dead letter', async () => {
  await target(functionArn);
  await tested.call('DeleteFunction', { FunctionName: 'tested' });
  await put();
  expect(await deadLetter()).toMatchObject({ ERROR_CODE: 'NO_RESOURCE', RULE_ARN, TARGET_ARN: functionArn });
});

test('a function must let the rule in, where permissions are enforced', async () => {
  await open('enforce');
  await target(functionArn);
  await put();
  expect(await deadLetter()).toMatchObject({ ERROR_CODE: 'NO_PERMISSIONS' });
  const permission = { FunctionName: 'tested', StatementId: 's', Action: 'lambda:InvokeFunction' };
  await tested.call('AddPermission', { ...permission, Principal: 'events.amazonaws.com', SourceArn: RULE_ARN });
  await put();
  await tested.cell.settle();
  expect(handled).toHaveLength(1);
});

test('a topic must let the rule in, where permissions are enforced', async () => {
  await open('enforce');
  const { TopicArn } = await tested.cell.call<{ TopicArn: string }>('sns', 'CreateTopic', { Name: 'sold' });
  await target(TopicArn);
  await put();
  expect(await deadLetter()).toMatchObject({ ERROR_CODE: 'NO_PERMISSIONS', TARGET_ARN: TopicArn });
  const statement = { Effect: 'Allow', Principal: SERVICE, Action: 'sns:Publish', Resource: TopicArn };
  const AttributeValue = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await tested.cell.call('sns', 'SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue });
  tested.cell.takeFacts();
  await put();
  expect(tested.cell.takeFacts().map(({ name }) => name)).toContain('NotificationPublished');
});
