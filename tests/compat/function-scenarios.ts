// A function from its package to its log: invoked directly, failing, and fed by a queue.

import { expect } from 'vitest';
import { zipOf } from '#runtime/functions/testing.ts';
import type { Client } from './client.ts';
import { arnOf, queueOf } from './queue-scenarios.ts';

const CODE = `
exports.handler = async (event) => {
  if (event.fail) throw new TypeError('asked to fail');
  for (const record of event.Records ?? []) console.log('got ' + record.body);
  console.log('greeting', process.env.GREETING);
  return { echo: event, greeting: process.env.GREETING };
};`;

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

export async function functions(client: Client): Promise<void> {
  const FunctionName = `${client.prefix}-function`;
  const { Role } = await client.call('iam', 'CreateRole', { RoleName: FunctionName, AssumeRolePolicyDocument: TRUST });
  const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole';
  await client.call('iam', 'AttachRolePolicy', { RoleName: FunctionName, PolicyArn });
  const made = await client.call('lambda', 'CreateFunction', {
    ...{ FunctionName, Role: Role?.Arn ?? '', Runtime: 'nodejs20.x', Handler: 'index.handler', Timeout: 20 },
    Code: { ZipFile: Uint8Array.from(zipOf({ 'index.js': CODE })) },
    Environment: { Variables: { GREETING: 'Grüße' } },
  });
  expect(made).toMatchObject({ FunctionName, State: 'Active', Environment: { Variables: { GREETING: 'Grüße' } } });

  const event = { text: 'ü 🌍', list: [1, 2.5, null] };
  const Payload = Uint8Array.from(Buffer.from(JSON.stringify(event)));
  const answer = await client.call('lambda', 'Invoke', { FunctionName, Payload, LogType: 'Tail' });
  expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
  expect(answer.FunctionError ?? undefined).toBeUndefined();
  expect(text(answer.Payload)).toEqual({ echo: event, greeting: 'Grüße' });
  expect(Buffer.from(answer.LogResult ?? '', 'base64').toString()).toMatch(/greeting Grüße[\s\S]*REPORT RequestId/);

  const failing = Uint8Array.from(Buffer.from('{"fail":true}'));
  const failed = await client.call('lambda', 'Invoke', { FunctionName, Payload: failing });
  expect(failed.FunctionError).toBe('Unhandled');
  expect(text(failed.Payload)).toMatchObject({ errorType: 'TypeError', errorMessage: 'asked to fail' });

  const dry = await client.call('lambda', 'Invoke', { FunctionName, Payload, InvocationType: 'DryRun' });
  expect(dry.StatusCode).toBe(204);
  const missing = { FunctionName: `${FunctionName}-missing`, Payload };
  expect(await client.refusal('lambda', 'Invoke', missing)).toMatch(
    /^ResourceNotFoundException: Function not found: arn:/,
  );
  await fedByQueue(client, FunctionName);
}

async function fedByQueue(client: Client, FunctionName: string): Promise<void> {
  const QueueUrl = await queueOf(client, 'fed', { VisibilityTimeout: '60' });
  const EventSourceArn = await arnOf(client, QueueUrl);
  const FilterCriteria = { Filters: [{ Pattern: '{"body":{"wanted":[true]}}' }] };
  const mapping = { FunctionName, EventSourceArn, BatchSize: 10, FilterCriteria };
  const { UUID = '' } = await client.call('lambda', 'CreateEventSourceMapping', mapping);
  for (const [Id, wanted] of [
    ['a', true],
    ['b', false],
    ['c', true],
  ] as const) {
    await client.call('sqs', 'SendMessage', { QueueUrl, MessageBody: JSON.stringify({ Id, wanted }) });
  }
  const logGroupName = `/aws/lambda/${FunctionName}`;
  const found = new Set<string>();
  while (found.size < 2) {
    const { events } = await client.call('logs', 'FilterLogEvents', { logGroupName, filterPattern: '"got"' });
    for (const { message = '' } of events ?? []) found.add(/got (.*)/.exec(message)?.[1] ?? '');
  }
  expect([...found].sort()).toEqual(['{"Id":"a","wanted":true}', '{"Id":"c","wanted":true}']);
  await client.call('lambda', 'DeleteEventSourceMapping', { UUID });
  const streams = await client.call('logs', 'DescribeLogStreams', { logGroupName });
  expect(streams.logStreams?.length).toBeGreaterThan(0);
  await client.call('lambda', 'DeleteFunction', { FunctionName });
  expect(await client.refusal('lambda', 'GetFunction', { FunctionName })).toMatch(/^ResourceNotFoundException: /);
}

function text(payload: unknown): unknown {
  return JSON.parse(Buffer.from(payload as Uint8Array).toString());
}
