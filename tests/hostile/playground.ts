// What the fuzz plays with, in an account of its own: a few of everything, whose names it knows and may destroy. Whatever was destroyed is
// made again now and then.

import { zipOf } from '#runtime/functions/testing.ts';
import { type Asked, claim, jsonAsk, queryAsk, restAsk } from './raw-ask.ts';

export const ACCOUNT = '111111111111';
const FROM = { account: ACCOUNT };
export const QUEUES = ['dead', 'dead.fifo', 'one', 'two', 'one.fifo'];
export const TOPICS = ['news', 'news.fifo'];
export const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/r`;
export const CODE = Buffer.from(zipOf({ 'index.js': 'exports.handler = async (event) => event;' })).toString('base64');
export const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }],
});
export const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '*', Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

export const queueArn = (name: string): string => `arn:aws:sqs:us-east-1:${ACCOUNT}:${name}`;
export const topicArn = (name: string): string => `arn:aws:sns:us-east-1:${ACCOUNT}:${name}`;

/** Makes what is not there; what is there stays. */
export function furniture(): readonly Asked[] {
  const definition = {
    ...{ FunctionName: 'f', Role: ROLE_ARN, Runtime: 'nodejs20.x', Handler: 'index.handler' },
    Code: { ZipFile: CODE },
  };
  return [
    ...QUEUES.map((name) => {
      const isFifo = name.endsWith('.fifo');
      const fifo = isFifo ? { FifoQueue: 'true', ContentBasedDeduplication: 'true' } : {};
      const dead = queueArn(isFifo ? 'dead.fifo' : 'dead');
      const redrive = { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead, maxReceiveCount: 2 }) };
      const Attributes = { ...fifo, ...(name.startsWith('one') ? redrive : {}) };
      return jsonAsk('sqs', 'CreateQueue', { QueueName: name, Attributes }, FROM);
    }),
    ...TOPICS.flatMap((name) => {
      const isFifo = name.endsWith('.fifo');
      const attributes = isFifo ? { 'Attributes.entry.1.key': 'FifoTopic', 'Attributes.entry.1.value': 'true' } : {};
      const Endpoint = queueArn(isFifo ? 'one.fifo' : 'one');
      return [
        queryAsk('sns', 'CreateTopic', { Name: name, ...attributes }, FROM),
        queryAsk('sns', 'Subscribe', { TopicArn: topicArn(name), Protocol: 'sqs', Endpoint }, FROM),
      ];
    }),
    ...['/fuzzed-bucket', '/other-fuzzed-bucket', '/fuzzed-bucket/a', '/fuzzed-bucket/a/b'].map((path) => ({
      method: 'PUT',
      path,
      headers: { authorization: claim('s3', FROM), 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
      body: '',
    })),
    queryAsk('iam', 'CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: TRUST }, FROM),
    queryAsk('iam', 'CreateUser', { UserName: 'u' }, FROM),
    queryAsk('iam', 'CreatePolicy', { PolicyName: 'p', PolicyDocument: POLICY }, FROM),
    jsonAsk('events', 'CreateEventBus', { Name: 'bus' }, FROM),
    jsonAsk('events', 'PutRule', { Name: 'rule', EventBusName: 'bus', EventPattern: '{"source":["shop"]}' }, FROM),
    jsonAsk(
      'events',
      'PutTargets',
      { Rule: 'rule', EventBusName: 'bus', Targets: [{ Id: 'a', Arn: queueArn('one') }] },
      FROM,
    ),
    jsonAsk('logs', 'CreateLogGroup', { logGroupName: 'g' }, FROM),
    jsonAsk('logs', 'CreateLogStream', { logGroupName: 'g', logStreamName: 's' }, FROM),
    restAsk('POST', '/2015-03-31/functions', definition, FROM),
    restAsk('POST', '/2015-03-31/event-source-mappings', { FunctionName: 'f', EventSourceArn: queueArn('two') }, FROM),
  ];
}
