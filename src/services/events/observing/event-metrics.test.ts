import { beforeEach, expect, test } from 'vitest';
import { type TestCell, testCell } from '#cell/testing.ts';
import { deliveries } from '#deliveries/service.ts';
import { FAILED_FOR_GOOD, FAILED_FOR_NOW, ScriptedTarget } from '#deliveries/testing.ts';
import { events } from '../service.ts';
import type { EventsState } from '../state.ts';
import { EventMetrics, OTHERS } from './event-metrics.ts';

const BUS_ARN = 'arn:aws:events:us-east-1:000000000000:event-bus/default';
const RULE_ARN = 'arn:aws:events:us-east-1:000000000000:rule/sold';

let cell: TestCell;
let target: ScriptedTarget;

beforeEach(async () => {
  target = new ScriptedTarget('sqs');
  cell = await testCell([events, deliveries, target.definition]);
  await cell.call('events', 'PutRule', { Name: 'sold', EventPattern: '{"source":["shop"]}' });
  await setTarget({});
});

const setTarget = (more: object) => {
  const Targets = [{ Id: 'q', Arn: 'arn:aws:sqs:us-east-1:000000000000:orders', ...more }];
  return cell.call('events', 'PutTargets', { Rule: 'sold', Targets });
};
const put = (Source = 'shop') =>
  cell.call('events', 'PutEvents', { Entries: [{ Source, DetailType: 'sold', Detail: '{}' }] });
const metrics = () => (cell.cell.registry.services.get('events')!.state as EventsState).observing.metrics;

test('events, matches and invocations are counted', async () => {
  await put();
  await put();
  await put('other');
  expect(metrics().bus(BUS_ARN)).toEqual({ putEvents: 3, matchedEvents: 2 });
  expect(metrics().rule(RULE_ARN)).toMatchObject({
    triggeredRules: 2,
    invocationsCreated: 2,
    invocations: 2,
    invocationAttempts: 2,
    successfulInvocationAttempts: 2,
    retryInvocationAttempts: 0,
    failedInvocations: 0,
    successLatencyCount: 2,
  });
});

test('an invocation that succeeds at the third attempt is one invocation, with the time it took', async () => {
  target.script.push({ failure: FAILED_FOR_NOW }, { failure: FAILED_FOR_NOW });
  await put();
  expect(metrics().rule(RULE_ARN)).toMatchObject({ invocationsCreated: 1, invocations: 0 });
  await cell.advance(3_600_000);
  const counters = metrics().rule(RULE_ARN);
  expect(counters).toMatchObject({
    invocationsCreated: 1,
    invocations: 1,
    invocationAttempts: 3,
    successfulInvocationAttempts: 1,
    retryInvocationAttempts: 2,
    failedInvocations: 0,
  });
  expect(counters.successLatencyMsSum).toBeGreaterThan(0);
});

test('failures are counted, and whether their dead letter was taken', async () => {
  await setTarget({ DeadLetterConfig: { Arn: 'arn:aws:sqs:us-east-1:000000000000:dead' } });
  target.script.push({ failure: FAILED_FOR_GOOD });
  await put();
  target.script.push({ failure: FAILED_FOR_GOOD }, { failure: FAILED_FOR_GOOD });
  await put();
  expect(metrics().rule(RULE_ARN)).toMatchObject({
    failedInvocations: 2,
    invocationsSentToDlq: 1,
    invocationsFailedToBeSentToDlq: 1,
  });
});

test('attempts that the target throttled are counted, whatever they became', async () => {
  const failing = (code: string) => ({ failure: { code, detail: 'slower', isRetryable: true } });
  target.script.push(failing('ProvisionedThroughputExceededException'), failing('TooManyRequestsException'));
  await put();
  await cell.advance(3_600_000);
  target.script.push(failing('InternalFailure'));
  await put();
  await cell.advance(3_600_000);
  expect(metrics().rule(RULE_ARN)).toMatchObject({
    throttledRules: 2,
    retryInvocationAttempts: 3,
    failedInvocations: 0,
  });
});

test('beyond a thousand rules and two hundred buses all others share their counters', () => {
  const many = new EventMetrics();
  for (let i = 0; i < 3_000; i += 1) {
    many.rule(`r${i}`).invocations += 1;
    many.bus(`b${i}`).putEvents += 1;
  }
  expect(many.rules.size).toBe(1_001);
  expect(many.rules.get(OTHERS)?.invocations).toBe(2_000);
  expect(many.buses.get(OTHERS)?.putEvents).toBe(2_800);
});
