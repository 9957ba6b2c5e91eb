import { beforeEach, describe, expect, test } from 'vitest';
import { TEST_NOW_MS, type TestCell, testCell } from '#cell/testing.ts';
import { deliveries } from '#deliveries/service.ts';
import { FAILED_FOR_GOOD, FAILED_FOR_NOW, ScriptedTarget } from '#deliveries/testing.ts';
import { logs } from '#services/logs/service.ts';
import type { FilterLogEventsOutput } from '#wire/generated/logs.ts';
import type { IncomingEvent } from '../routing/event.ts';
import type { RuleDoc } from '../rules/documents.ts';
import { events } from '../service.ts';
import { isToBeLogged } from './bus-log/event-records.ts';

const BUS_ARN = 'arn:aws:events:us-east-1:000000000000:event-bus/shop';
const RULE_ARN = 'arn:aws:events:us-east-1:000000000000:rule/shop/sold';
const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:orders';
const DEAD_LETTER_ARN = 'arn:aws:sqs:us-east-1:000000000000:dead';
const GROUP = '/aws/vendedlogs/events/event-bus/shop';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface LogRecord {
  readonly message_type: string;
  readonly log_level: string;
  readonly event_id: string;
  readonly invocation_id?: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly error?: Readonly<Record<string, unknown>>;
}

let cell: TestCell;
let target: ScriptedTarget;

async function setUp(log: object, types = ['ERROR_LOGS', 'INFO_LOGS', 'TRACE_LOGS']): Promise<void> {
  target = new ScriptedTarget('sqs');
  cell = await testCell([events, deliveries, logs, target.definition]);
  await cell.call('events', 'CreateEventBus', { Name: 'shop', LogConfig: log });
  await cell.call('events', 'PutRule', { EventBusName: 'shop', Name: 'sold', EventPattern: '{"source":["shop"]}' });
  await setTarget({});
  await cell.call('logs', 'CreateLogGroup', { logGroupName: GROUP });
  const destinationResourceArn = `arn:aws:logs:us-east-1:000000000000:log-group:${GROUP}`;
  const configuration = { deliveryDestinationConfiguration: { destinationResourceArn } };
  await cell.call('logs', 'PutDeliveryDestination', { name: 'group', ...configuration });
  for (const logType of types) {
    await cell.call('logs', 'PutDeliverySource', { name: logType, resourceArn: BUS_ARN, logType });
    const deliveryDestinationArn = 'arn:aws:logs:us-east-1:000000000000:delivery-destination:group';
    await cell.call('logs', 'CreateDelivery', { deliverySourceName: logType, deliveryDestinationArn });
  }
}

const setTarget = (more: object) =>
  cell.call('events', 'PutTargets', {
    EventBusName: 'shop',
    Rule: 'sold',
    Targets: [{ Id: 'q', Arn: QUEUE_ARN, ...more }],
  });

async function put(more: object = {}): Promise<string> {
  const entry = { EventBusName: 'shop', Source: 'shop', DetailType: 'sold', Detail: '{"item":1}', ...more };
  const { Entries } = await cell.call<{ Entries: { EventId: string }[] }>('events', 'PutEvents', { Entries: [entry] });
  return Entries[0]?.EventId ?? '';
}

async function records(): Promise<readonly LogRecord[]> {
  const found = await cell.call<FilterLogEventsOutput>('logs', 'FilterLogEvents', {
    logGroupName: GROUP,
    logStreamNamePrefix: 'EventBridgeEventBusLogs',
  });
  return (found.events ?? []).map(({ message }) => JSON.parse(message ?? '') as LogRecord);
}
const steps = async () => (await records()).map(({ message_type }) => message_type);

describe('with TRACE and FULL', () => {
  beforeEach(() => setUp({ Level: 'TRACE', IncludeDetail: 'FULL' }));

  test('an event that reaches its target is told step by step', async () => {
    const eventId = await put();
    const all = await records();
    expect(all.map(({ message_type, log_level }) => `${log_level} ${message_type}`)).toEqual([
      'TRACE EVENT_RECEIPT',
      'INFO EVENT_INGEST_SUCCESS',
      'TRACE RULE_MATCH_START',
      'INFO RULE_MATCH',
      'INFO INVOCATION_START',
      'TRACE INVOCATION_ATTEMPT_START',
      'INFO INVOCATION_ATTEMPT_SUCCESS',
      'INFO INVOCATION_SUCCESS',
    ]);
    expect(all[1]).toEqual({
      resource_arn: BUS_ARN,
      event_bus_name: 'shop',
      request_id: expect.stringMatching(UUID),
      event_id: eventId,
      message_timestamp_ms: TEST_NOW_MS,
      message_type: 'EVENT_INGEST_SUCCESS',
      log_level: 'INFO',
      details: {
        caller_account_id: '000000000000',
        source_time_ms: TEST_NOW_MS,
        source: 'shop',
        detail_type: 'sold',
        resources: [],
        event_detail: '{"item":1}',
      },
    });
    expect(all[3]?.details).toEqual({
      rule_arn: RULE_ARN,
      target_arns: [QUEUE_ARN],
      invocation_ids: [all[7]?.invocation_id],
    });
    expect(all[6]?.details).toEqual({
      rule_arn: RULE_ARN,
      target_arn: QUEUE_ARN,
      attempt_type: 'FIRST',
      attempt_count: 1,
      invocation_status: 'SUCCESS',
    });
    expect(all[7]?.details).toEqual({
      rule_arn: RULE_ARN,
      target_arn: QUEUE_ARN,
      target_input: expect.stringContaining(eventId),
      total_attempts: 1,
      final_invocation_status: 'SUCCESS',
      ingestion_to_start_latency_ms: 0,
      ingestion_to_complete_latency_ms: 0,
      ingestion_to_success_latency_ms: 0,
    });
  });

  test('attempts that fail for now are told, and the success after them, with one invocation id', async () => {
    target.script.push({ failure: FAILED_FOR_NOW }, { failure: FAILED_FOR_NOW });
    await put();
    await cell.advance(3_600_000);
    const all = (await records()).filter(({ invocation_id }) => invocation_id !== undefined);
    expect(all.map(({ message_type }) => message_type)).toEqual([
      'INVOCATION_START',
      'INVOCATION_ATTEMPT_START',
      'INVOCATION_ATTEMPT_THROTTLE',
      'INVOCATION_ATTEMPT_START',
      'INVOCATION_ATTEMPT_THROTTLE',
      'INVOCATION_ATTEMPT_START',
      'INVOCATION_ATTEMPT_SUCCESS',
      'INVOCATION_SUCCESS',
    ]);
    expect(new Set(all.map(({ invocation_id }) => invocation_id)).size).toBe(1);
    expect(all.at(2)).toMatchObject({
      details: { attempt_type: 'FIRST', attempt_count: 1, invocation_status: 'THROTTLING' },
      error: { error_message: 'too fast', aws_service: 'sqs' },
    });
    const { details } = all.at(-1) as LogRecord;
    expect(details).toMatchObject({ total_attempts: 3, final_invocation_status: 'SUCCESS' });
    expect(details['ingestion_to_success_latency_ms']).toBeGreaterThan(0);
    expect(details).not.toHaveProperty('ingestion_to_start_latency_ms');
  });

  test('a failure for good goes to the dead letters, and says why', async () => {
    await setTarget({ DeadLetterConfig: { Arn: DEAD_LETTER_ARN } });
    target.script.push({ failure: FAILED_FOR_GOOD });
    await put();
    const ends = (await records()).slice(-3);
    expect(ends.map(({ message_type }) => message_type)).toEqual([
      'INVOCATION_ATTEMPT_PERMANENT_FAILURE',
      'INVOCATION_FAILURE',
      'INVOCATION_DLQ',
    ]);
    expect(ends[2]).toMatchObject({
      log_level: 'ERROR',
      details: { final_invocation_status: 'NO_PERMISSIONS', total_attempts: 1 },
      error: { error_message: 'the policy forbids it', aws_service: 'sqs' },
    });
  });

  test('what retries do not mend ends after the last one', async () => {
    await setTarget({ RetryPolicy: { MaximumRetryAttempts: 1 } });
    target.script.push({ failure: FAILED_FOR_NOW }, { failure: FAILED_FOR_NOW });
    await put();
    await cell.advance(3_600_000);
    expect((await steps()).slice(-4)).toEqual([
      'INVOCATION_ATTEMPT_THROTTLE',
      'INVOCATION_ATTEMPT_START',
      'INVOCATION_ATTEMPT_THROTTLE',
      'INVOCATION_FAILURE',
    ]);
  });

  test('an event that no rule takes is told', async () => {
    await put({ Source: 'other' });
    expect(await steps()).toEqual([
      'EVENT_RECEIPT',
      'EVENT_INGEST_SUCCESS',
      'RULE_MATCH_START',
      'NO_STANDARD_RULES_MATCHED',
    ]);
  });

  test('what makes a record too large is left out, and named', async () => {
    await put({ Detail: JSON.stringify({ text: '"'.repeat(300_000) }) });
    const [receipt] = await records();
    expect(receipt).toMatchObject({ message_type: 'EVENT_RECEIPT', dropped_fields: ['event_detail'] });
    expect(receipt?.details).not.toHaveProperty('event_detail');
  });

  test('logging goes on after a restart and a clean restart', async () => {
    await put();
    cell = await cell.restart();
    await put();
    cell = await cell.restart({ clean: true });
    await put();
    expect((await steps()).filter((step) => step === 'INVOCATION_SUCCESS').length).toBe(3);
  });
});

test('INFO leaves out what only TRACE shows; without FULL there is nothing of the detail', async () => {
  await setUp({ Level: 'INFO' });
  await put();
  const all = await records();
  expect(all.map(({ log_level }) => log_level)).toEqual(['INFO', 'INFO', 'INFO', 'INFO', 'INFO']);
  expect(all[0]?.details).toEqual({
    caller_account_id: '000000000000',
    source_time_ms: TEST_NOW_MS,
    source: 'shop',
    detail_type: 'sold',
    resources: [],
  });
  expect(JSON.stringify(all)).not.toContain('item');
});

test('ERROR shows failures alone', async () => {
  await setUp({ Level: 'ERROR' });
  await put();
  expect(await steps()).toEqual([]);
  target.script.push({ failure: FAILED_FOR_GOOD });
  await put();
  expect(await steps()).toEqual(['INVOCATION_ATTEMPT_PERMANENT_FAILURE', 'INVOCATION_FAILURE']);
});

test('a source takes the records of its own type', async () => {
  await setUp({ Level: 'TRACE' }, ['ERROR_LOGS']);
  await put();
  expect(await steps()).toEqual([]);
});

test('an event of an AWS service is told when a rule takes it, and none that only managed rules take', () => {
  const event = { source: 'aws.s3' } as IncomingEvent;
  const own = { source: 'shop' } as IncomingEvent;
  const rule = {} as RuleDoc;
  const managed = { managedBy: 'events.amazonaws.com' } as RuleDoc;
  expect(isToBeLogged(event, [])).toBe(false);
  expect(isToBeLogged(event, [rule])).toBe(true);
  expect(isToBeLogged(own, [])).toBe(true);
  expect(isToBeLogged(own, [managed])).toBe(false);
  expect(isToBeLogged(own, [managed, rule])).toBe(true);
});

test.each([[{ Level: 'OFF' }], [{}]])('a bus with %j logs nothing', async (log) => {
  await setUp(log);
  await put();
  expect(await steps()).toEqual([]);
});
