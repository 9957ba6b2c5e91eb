import { beforeEach, describe, expect, test } from 'vitest';
import { TEST_NOW_MS, type TestCell, testCell } from '#cell/testing.ts';
import { ONCE } from './policies.ts';
import { deliveries } from './service.ts';
import {
  caller,
  DEAD_LETTER_ARN,
  FAILED_FOR_GOOD,
  FAILED_FOR_NOW,
  type HandOverInput,
  LAMBDA_ASYNC,
  MESSAGE,
  ScriptedTarget,
} from './testing.ts';

const MINUTE = 60_000;

let target: ScriptedTarget;
let letters: ScriptedTarget;
let cell: TestCell;

beforeEach(async () => {
  target = new ScriptedTarget('scripted');
  letters = new ScriptedTarget('letters');
  cell = await testCell([deliveries, caller, target.definition, letters.definition]);
});

const handOver = (input: Partial<HandOverInput> = {}) =>
  cell.call('caller', 'HandOver', { policy: LAMBDA_ASYNC, ...input });
const factNames = () => cell.takeFacts().map(({ name }) => name);
const lastFact = () => cell.takeFacts().at(-1);

describe('a hand-over that its target accepts at once', () => {
  test('leaves no fact and holds no payload', async () => {
    await handOver();
    expect(factNames()).toEqual([]);
    expect(target.received).toHaveLength(1);
    expect(cell.cell.payloads.count).toBe(0);
  });
});

describe('a hand-over that fails for good', () => {
  test('is dropped visibly when it has no dead-letter target', async () => {
    target.script.push({ failure: FAILED_FOR_GOOD });
    await handOver();
    expect(cell.takeFacts()).toMatchObject([
      {
        name: 'DeliveryFailedAtOnce',
        fact: { outcome: 'dropped', code: 'AccessDenied', detail: 'the policy forbids it' },
      },
    ]);
  });

  test('reaches the dead-letter target in the same turn, as it was', async () => {
    target.script.push({ failure: FAILED_FOR_GOOD });
    await handOver({ deadLetterArn: DEAD_LETTER_ARN });
    expect(cell.takeFacts()).toMatchObject([
      { name: 'DeliveryFailedAtOnce', fact: { outcome: 'dead-lettered', code: 'AccessDenied' } },
    ]);
    expect(letters.received).toMatchObject([{ message: MESSAGE, principal: 'sns.amazonaws.com' }]);
  });

  test('is dropped, with both reasons, when the dead-letter target refuses', async () => {
    target.script.push({ failure: FAILED_FOR_GOOD });
    letters.script.push({ failure: { code: 'QueueDoesNotExist', detail: 'no such queue', isRetryable: false } });
    await handOver({ deadLetterArn: DEAD_LETTER_ARN });
    expect(lastFact()).toMatchObject({
      fact: {
        outcome: 'dropped',
        code: 'AccessDenied',
        detail: 'the policy forbids it; and the dead-letter target did not take it: QueueDoesNotExist: no such queue',
      },
    });
  });

  test('is not repeated, whatever the policy allows', async () => {
    target.script.push({ failure: FAILED_FOR_GOOD });
    await handOver();
    await cell.advance(24 * 60 * MINUTE);
    expect(target.received).toHaveLength(1);
  });

  test('is dropped when nothing delivers to such a target', async () => {
    cell = await testCell([deliveries, caller]);
    await handOver();
    expect(lastFact()).toMatchObject({ fact: { outcome: 'dropped', code: 'TargetNotAvailable' } });
  });
});

describe('a hand-over that fails for now', () => {
  test('is tried again as the policy says, and ends when it succeeds', async () => {
    target.script.push({ failure: FAILED_FOR_NOW }, { failure: FAILED_FOR_NOW });
    await handOver();
    await cell.advance(10 * MINUTE);
    expect(target.received.map(({ atMs }) => atMs - TEST_NOW_MS)).toEqual([0, MINUTE, 3 * MINUTE]);
    expect(target.received.map(({ message }) => message)).toEqual([MESSAGE, MESSAGE, MESSAGE]);
    expect(factNames()).toEqual([
      'DeliveryAccepted',
      'DeliveryRetryPlanned',
      'DeliveryAttemptStarted',
      'DeliveryRetryPlanned',
      'DeliveryAttemptStarted',
      'DeliveryEnded',
    ]);
    expect(cell.cell.payloads.count).toBe(0);
  });

  test('acts for its source in every attempt', async () => {
    target.script.push({ failure: FAILED_FOR_NOW });
    await handOver();
    await cell.advance(MINUTE);
    expect(target.received.map(({ principal }) => principal)).toEqual(['sns.amazonaws.com', 'sns.amazonaws.com']);
  });

  test('goes to the dead-letter target when the policy is at its end', async () => {
    target.script.push(...Array.from({ length: 3 }, () => ({ failure: FAILED_FOR_NOW })));
    await handOver({ deadLetterArn: DEAD_LETTER_ARN });
    await cell.advance(10 * MINUTE);
    expect(letters.received).toMatchObject([{ atMs: TEST_NOW_MS + 3 * MINUTE, message: MESSAGE }]);
    expect(lastFact()).toMatchObject({ name: 'DeliveryEnded', fact: { outcome: 'dead-lettered', code: 'Throttled' } });
    expect(cell.cell.payloads.count).toBe(0);
  });

  test('is dropped visibly when the policy is at its end and there is no dead-letter target', async () => {
    target.script.push(...Array.from({ length: 3 }, () => ({ failure: FAILED_FOR_NOW })));
    await handOver();
    await cell.advance(10 * MINUTE);
    expect(lastFact()).toMatchObject({ name: 'DeliveryEnded', fact: { outcome: 'dropped', detail: 'too fast' } });
  });

  test('ends at once when the policy has no retries', async () => {
    target.script.push({ failure: FAILED_FOR_NOW });
    await handOver({ policy: ONCE });
    expect(factNames()).toEqual(['DeliveryFailedAtOnce']);
  });
});

describe('an event that was given up', () => {
  test('reaches the dead-letter target as a message with its error beside it', async () => {
    const failure = { code: '200', detail: 'KeyError: colour', isRetryable: false };
    target.script.push({ failure });
    await handOver({ event: '{"n":1}', deadLetterArn: DEAD_LETTER_ARN, requestId: 'request-1' });
    expect(letters.received[0]?.message).toMatchObject({
      body: '{"n":1}',
      attributes: [
        { name: 'RequestID', dataType: 'String', value: 'request-1' },
        { name: 'ErrorCode', dataType: 'Number', value: '200' },
        { name: 'ErrorMessage', dataType: 'String', value: 'KeyError: colour' },
      ],
    });
    expect(lastFact()).toMatchObject({ name: 'DeliveryFailedAtOnce', fact: { outcome: 'dead-lettered' } });
    expect(cell.cell.payloads.count).toBe(0);
  });
});

describe('a target that works on a delivery', () => {
  beforeEach(() => {
    target.script.push({ needsDelivery: true }, { attempting: true });
  });

  test('gets a recorded delivery, which ends when the target says so', async () => {
    await handOver();
    expect(target.received.map(({ deliveryId }) => deliveryId)).toEqual([undefined, 1]);
    expect(factNames()).toEqual(['DeliveryAccepted']);
    await cell.call('scripted', 'Report', { delivery: 1 });
    expect(cell.takeFacts()).toMatchObject([{ name: 'DeliveryEnded', fact: { delivery: 1, outcome: 'succeeded' } }]);
  });

  test('is asked again when it reports a failure', async () => {
    await handOver();
    await cell.call('scripted', 'Report', { delivery: 1, failure: FAILED_FOR_NOW });
    target.script.push({ attempting: true });
    await cell.advance(MINUTE);
    expect(target.received.map(({ deliveryId }) => deliveryId)).toEqual([undefined, 1, 1]);
  });

  test('reads the payload again for the dead-letter target', async () => {
    await handOver({ deadLetterArn: DEAD_LETTER_ARN });
    await cell.call('scripted', 'Report', { delivery: 1, failure: FAILED_FOR_GOOD });
    await cell.settle();
    expect(letters.received).toMatchObject([{ message: MESSAGE }]);
    expect(factNames()).toEqual(['DeliveryAccepted', 'DeliveryGivenUp', 'DeliveryEnded']);
  });

  test('may report twice: the second report changes nothing', async () => {
    await handOver();
    await cell.call('scripted', 'Report', { delivery: 1 });
    await cell.call('scripted', 'Report', { delivery: 1, failure: FAILED_FOR_NOW });
    expect(factNames()).toEqual(['DeliveryAccepted', 'DeliveryEnded']);
  });
});

describe.each([{ clean: false }, { clean: true }])('after a restart ($clean: with a snapshot)', (how) => {
  test('an attempt that was under way is made again', async () => {
    target.script.push({ needsDelivery: true }, { attempting: true }, { attempting: true });
    await handOver();
    cell = await cell.restart(how);
    await cell.settle();
    expect(target.received.map(({ deliveryId }) => deliveryId)).toEqual([undefined, 1, 1]);
    expect(target.received.at(-1)).toMatchObject({ message: MESSAGE, principal: 'sns.amazonaws.com' });
    await cell.call('scripted', 'Report', { delivery: 1 });
    expect(cell.cell.payloads.count).toBe(0);
  });

  test('a planned retry is still planned', async () => {
    target.script.push({ failure: FAILED_FOR_NOW });
    await handOver();
    cell = await cell.restart(how);
    await cell.advance(MINUTE - 1);
    expect(target.received).toHaveLength(1);
    await cell.advance(1);
    expect(target.received).toHaveLength(2);
    expect(factNames()).toEqual(['DeliveryAttemptStarted', 'DeliveryEnded']);
  });

  test('numbers of deliveries go on', async () => {
    target.script.push({ failure: FAILED_FOR_NOW }, { failure: FAILED_FOR_NOW });
    await handOver();
    cell = await cell.restart(how);
    await handOver();
    expect(cell.takeFacts()[0]).toMatchObject({ name: 'DeliveryAccepted', fact: { delivery: 2 } });
  });
});
