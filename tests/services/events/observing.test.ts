// What is seen of events from outside, through AWS's clients: bus logs in a log group, a log group as a target, metrics, journeys.

import {
  CloudWatchLogsClient,
  CreateDeliveryCommand,
  CreateLogGroupCommand,
  DeleteDeliveryCommand,
  DescribeDeliveriesCommand,
  DescribeResourcePoliciesCommand,
  FilterLogEventsCommand,
  PutDeliveryDestinationCommand,
  PutDeliverySourceCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  UpdateEventBusCommand,
} from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { metrics } from '../../../src/cli/commands/event-metrics.ts';
import { explain } from '../../../src/cli/commands/watch.ts';
import { ServerClient } from '../../../src/cli/server-client.ts';
import { startTestServer, type TestServer } from '../../../src/server/testing.ts';

const ACCOUNT = '000000000000';
const BUS = `arn:aws:events:us-east-1:${ACCOUNT}:event-bus/shop`;
const GROUP = '/aws/events/sold';

let server: TestServer;
let events: EventBridgeClient;
let logs: CloudWatchLogsClient;
let cli: ServerClient;

beforeAll(async () => {
  server = await startTestServer(['--clock', 'frozen']);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const options = { endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 };
  events = new EventBridgeClient(options);
  logs = new CloudWatchLogsClient(options);
  cli = new ServerClient(server.url);
  await logs.send(new CreateLogGroupCommand({ logGroupName: GROUP }));
  await events.send(new CreateEventBusCommand({ Name: 'shop' }));
  const rule = { EventBusName: 'shop', Name: 'sold' };
  await events.send(new PutRuleCommand({ ...rule, EventPattern: '{"source":["shop"]}' }));
  const InputTransformer = {
    InputPathsMap: { time: '$.time', item: '$.detail.item' },
    InputTemplate: '{"timestamp": <time>, "message": "item <item> sold"}',
  };
  const Arn = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:${GROUP}`;
  const Targets = [{ Id: 'log', Arn, InputTransformer }];
  await events.send(new PutTargetsCommand({ EventBusName: 'shop', Rule: 'sold', Targets }));
});

afterAll(async () => {
  expect(server.problems).toEqual([]);
  events.destroy();
  logs.destroy();
  await server.close();
});

async function put(item: string, Source = 'shop'): Promise<string> {
  const entry = { EventBusName: 'shop', Source, DetailType: 'sold', Detail: JSON.stringify({ item }) };
  const { Entries } = await events.send(new PutEventsCommand({ Entries: [entry] }));
  return Entries?.[0]?.EventId ?? '';
}

async function messages(logGroupName: string): Promise<readonly string[]> {
  const found = await logs.send(new FilterLogEventsCommand({ logGroupName }));
  return (found.events ?? []).map(({ message }) => message ?? '');
}

test('a log group takes what the template says, and the journey tells so', async () => {
  const policyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/aws/events/*:*`,
    },
  });
  await logs.send(new PutResourcePolicyCommand({ policyName: 'events', policyDocument }));
  const { resourcePolicies } = await logs.send(new DescribeResourcePoliciesCommand({}));
  expect(resourcePolicies?.map(({ policyName }) => policyName)).toEqual(['events']);
  const id = await put('a');
  expect(await messages(GROUP)).toEqual(['item a sold']);
  const journey = await explain(cli, id, false);
  expect(journey).toContain('input made for target log of');
  expect(journey).toContain(`written to the log group ${GROUP}`);
  expect(journey).toContain('sold: matched');
});

test('a bus tells in its log what became of each event, once a delivery leads there', async () => {
  const logGroupName = '/aws/vendedlogs/events/event-bus/shop';
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await events.send(new UpdateEventBusCommand({ Name: 'shop', LogConfig: { Level: 'INFO', IncludeDetail: 'FULL' } }));
  await logs.send(new PutDeliverySourceCommand({ name: 'shop-info', resourceArn: BUS, logType: 'INFO_LOGS' }));
  const destinationResourceArn = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:${logGroupName}`;
  const { deliveryDestination } = await logs.send(
    new PutDeliveryDestinationCommand({
      name: 'shop-log',
      deliveryDestinationConfiguration: { destinationResourceArn },
    }),
  );
  const connected = { deliverySourceName: 'shop-info', deliveryDestinationArn: deliveryDestination?.arn };
  const { delivery } = await logs.send(new CreateDeliveryCommand(connected));
  const id = await put('b');
  const records = (await messages(logGroupName)).map((text) => JSON.parse(text) as Record<string, unknown>);
  expect(records.map(({ message_type }) => message_type)).toEqual([
    'EVENT_INGEST_SUCCESS',
    'RULE_MATCH',
    'INVOCATION_START',
    'INVOCATION_ATTEMPT_SUCCESS',
    'INVOCATION_SUCCESS',
  ]);
  expect(records.at(-1)).toMatchObject({ event_id: id, details: { target_input: 'item b sold' } });
  expect((await logs.send(new DescribeDeliveriesCommand({}))).deliveries).toEqual([delivery]);
  await logs.send(new DeleteDeliveryCommand({ id: delivery?.id }));
  await put('c');
  expect((await messages(logGroupName)).length).toBe(5);
});

test('buses and rules are counted, for Prometheus and for people', async () => {
  await put('d', 'other');
  const text = await (await fetch(`${server.url}/_eddy/metrics`)).text();
  const place = `account="${ACCOUNT}",region="us-east-1",bus="shop"`;
  expect(text).toContain(`eddy_events_put_total{${place}} 4`);
  expect(text).toContain(`eddy_events_matched_events_total{${place}} 3`);
  expect(text).toContain(`eddy_events_successful_invocation_attempts_total{${place},rule="sold"} 3`);
  const shown = (await metrics(cli, false)).split('\n');
  expect(shown[0]).toMatch(/^Bus +PutEvents +MatchedEvents$/);
  expect(shown[1]).toMatch(/^arn:aws:events:us-east-1:000000000000:event-bus\/shop +4 +3$/);
  expect(shown.at(-1)).toMatch(/rule\/shop\/sold +3 +3 +3 +0 +0 +0 +0 +0 ms$/);
});
