// The same names in two accounts and two regions: each sees its own and nothing of the others, in lists, by name, by ARN and by hand-overs.
// What policies would say is written down in mode `explain` and refused in mode `enforce`.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { zipOf } from '#runtime/functions/testing.ts';
import { HostileServer } from './hostile-server.ts';
import { closeConnections, type From, jsonAsk, queryAsk, restAsk } from './raw-ask.ts';

const ACCOUNTS = ['111111111111', '222222222222'];
const REGIONS = ['us-east-1', 'eu-west-1'];
const PLACES: readonly Required<From>[] = ACCOUNTS.flatMap((account) => REGIONS.map((region) => ({ account, region })));
const ZIP = Buffer.from(zipOf({ 'index.js': 'exports.handler = async () => 1;' })).toString('base64');

let server: HostileServer;

const mark = ({ account, region }: Required<From>) => `of-${account}-in-${region}`;
const url = ({ account }: Required<From>) => `${server.url}/${account}/same`;
const queueArn = ({ account, region }: Required<From>) => `arn:aws:sqs:${region}:${account}:same`;
const topicArn = ({ account, region }: Required<From>) => `arn:aws:sns:${region}:${account}:same`;

beforeAll(async () => {
  server = await HostileServer.start();
  for (const place of PLACES) {
    const Statement = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
    const trust = JSON.stringify({ Version: '2012-10-17', Statement });
    // IAM knows no regions: the second of an account finds the role there.
    await server.ask(queryAsk('iam', 'CreateRole', { RoleName: 'same', AssumeRolePolicyDocument: trust }, place));
    await server.must(jsonAsk('sqs', 'CreateQueue', { QueueName: 'same', tags: { mark: mark(place) } }, place));
    await server.must(jsonAsk('sqs', 'SendMessage', { QueueUrl: url(place), MessageBody: mark(place) }, place));
    const tags = { 'Tags.member.1.Key': 'mark', 'Tags.member.1.Value': mark(place) };
    await server.must(queryAsk('sns', 'CreateTopic', { Name: 'same', ...tags }, place));
    const subscription = { TopicArn: topicArn(place), Protocol: 'sqs', Endpoint: queueArn(place) };
    await server.must(queryAsk('sns', 'Subscribe', subscription, place));
    await server.must(jsonAsk('logs', 'CreateLogGroup', { logGroupName: 'same', tags: { mark: mark(place) } }, place));
    await server.must(jsonAsk('logs', 'CreateLogStream', { logGroupName: 'same', logStreamName: mark(place) }, place));
    const Role = `arn:aws:iam::${place.account}:role/same`;
    const definition = { FunctionName: 'same', Role, Runtime: 'nodejs20.x', Handler: 'index.handler' };
    const rest = { Code: { ZipFile: ZIP }, Description: mark(place) };
    await server.must(restAsk('POST', '/2015-03-31/functions', { ...definition, ...rest }, place));
  }
});

afterAll(async () => {
  await server.expectUnharmed();
  closeConnections();
  await server.end();
});

describe.each(PLACES.map((place) => [mark(place), place] as const))('%s', (own, place) => {
  const others = PLACES.filter((each) => each !== place);
  const foreign = others.map(mark);

  test.each([
    ['tags of its queue', () => jsonAsk('sqs', 'ListQueueTags', { QueueUrl: url(place) }, place)],
    ['tags of its topic', () => queryAsk('sns', 'ListTagsForResource', { ResourceArn: topicArn(place) }, place)],
    ['its function', () => restAsk('GET', '/2015-03-31/functions/same', undefined, place)],
    ['its functions', () => restAsk('GET', '/2015-03-31/functions', undefined, place)],
    ['its log streams', () => jsonAsk('logs', 'DescribeLogStreams', { logGroupName: 'same' }, place)],
    ['tags of its log group', () => jsonAsk('logs', 'ListTagsLogGroup', { logGroupName: 'same' }, place)],
  ])('sees %s and no others', async (_, asked) => {
    const { text } = await server.must(asked());
    expect(text).toContain(own);
    for (const other of foreign) expect(text).not.toContain(other);
  });

  test.each([
    ['queues', () => jsonAsk('sqs', 'ListQueues', {}, place)],
    ['topics', () => queryAsk('sns', 'ListTopics', {}, place)],
    ['subscriptions', () => queryAsk('sns', 'ListSubscriptions', {}, place)],
    ['log groups', () => jsonAsk('logs', 'DescribeLogGroups', {}, place)],
    ['functions', () => restAsk('GET', '/2015-03-31/functions', undefined, place)],
  ])('lists its %s and no others', async (_, asked) => {
    const { text } = await server.must(asked());
    expect(text.match(/same/g)).not.toBeNull();
    expect(text).not.toContain('canary');
    for (const { account, region } of others) {
      if (account !== place.account) expect(text).not.toContain(account);
      expect(text).not.toContain(`${region}:${account}`);
    }
  });

  test('lists the roles of its account and no others', async () => {
    const { text } = await server.must(queryAsk('iam', 'ListRoles', {}, place));
    expect(text.match(/:role\/[\w-]+/g)).toEqual([':role/same']);
    expect(text).toContain(`arn:aws:iam::${place.account}:role/same`);
  });

  test('publishes to its own queue alone', async () => {
    const counts = async () => Promise.all(others.map((other) => count(other)));
    const before = await counts();
    await server.must(queryAsk('sns', 'Publish', { TopicArn: topicArn(place), Message: own }, place));
    expect(await count(place)).toBe('2');
    expect(await counts()).toEqual(before);
    const input = { QueueUrl: url(place), MaxNumberOfMessages: 10, VisibilityTimeout: 0 };
    const { text } = await server.must(jsonAsk('sqs', 'ReceiveMessage', input, place));
    expect(text.match(/of-\d+-in-[a-z]+-[a-z]+-\d/g)).toEqual([own, own]);
  });

  test('what it deletes is its own', async () => {
    const input = { QueueUrl: url(place) };
    await server.must(jsonAsk('sqs', 'DeleteQueue', input, place));
    expect((await server.ask(jsonAsk('sqs', 'GetQueueUrl', { QueueName: 'same' }, place))).code).toBe(
      'QueueDoesNotExist',
    );
    const next = PLACES[PLACES.indexOf(place) + 1];
    if (next !== undefined) await server.must(jsonAsk('sqs', 'GetQueueUrl', { QueueName: 'same' }, next));
  });
});

test('who reaches into another account by its URL is written down: AWS would not have let him', async () => {
  const [, , stranger] = PLACES;
  await server.must(jsonAsk('sqs', 'CreateQueue', { QueueName: 'guarded' }));
  const QueueUrl = `${server.url}/000000000000/guarded`;
  const { text } = await server.must(jsonAsk('sqs', 'SendMessage', { QueueUrl, MessageBody: 'x' }, stranger));
  const { MessageId } = JSON.parse(text) as { MessageId: string };
  const { denials } = await server.admin<{ denials: string[] }>(`explain/${MessageId}`);
  expect(denials).toEqual([expect.stringMatching(/sqs:SendMessage.*arn:aws:sqs:us-east-1:000000000000:guarded/)]);
  expect(denials[0]).toContain('222222222222');
  await server.must(jsonAsk('sqs', 'DeleteQueue', { QueueUrl }));
});

async function count(place: Required<From>): Promise<string | undefined> {
  const input = { QueueUrl: url(place), AttributeNames: ['ApproximateNumberOfMessages'] };
  const { text } = await server.ask(jsonAsk('sqs', 'GetQueueAttributes', input, place));
  return /"ApproximateNumberOfMessages":"(\d+)"/.exec(text)?.[1];
}
