import { describe, expect, it } from 'vitest';
import { attributesOf, EventsTest, FUNCTION_ARN, queueArnOf, ruleArnOf, type ShownEvent } from '../testing.ts';

const HOUR = 3_600_000;
const BUSY = { failure: { code: 'TooManyRequestsException', detail: 'busy', isRetryable: true } };
const TARGET = { Arn: FUNCTION_ARN, DeadLetterConfig: { Arn: queueArnOf('dead') } };
const OF_RULE = { RULE_ARN: ruleArnOf('r'), TARGET_ARN: FUNCTION_ARN };

async function open(target: object = TARGET): Promise<EventsTest> {
  const test = await EventsTest.open();
  await test.queue('dead');
  await test.rule('r', [target]);
  return test;
}

describe('an event that its target does not take', () => {
  it('is tried 185 times more within 24 hours, then it is a dead letter with the reason', async () => {
    const test = await open();
    test.functions.always = BUSY;
    const id = await test.put();
    await test.cell.advance(24 * HOUR);
    expect(test.functions.received).toHaveLength(186);
    const [letter, ...more] = await test.messages('dead');
    expect(more).toEqual([]);
    expect((JSON.parse(letter?.Body ?? '') as ShownEvent).id).toBe(id);
    expect(attributesOf(letter)).toEqual({
      ...OF_RULE,
      ERROR_CODE: 'THROTTLING',
      ERROR_MESSAGE: 'busy',
      EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
      RETRY_ATTEMPTS: '185',
    });
    expect(letter?.MessageAttributes?.['RETRY_ATTEMPTS']?.DataType).toBe('Number');
  });

  it('is tried as long as its policy says', async () => {
    const retry = { MaximumRetryAttempts: 100, MaximumEventAgeInSeconds: 60 };
    const test = await open({ ...TARGET, RetryPolicy: retry });
    test.functions.always = BUSY;
    await test.put();
    await test.cell.advance(HOUR);
    const attributes = attributesOf((await test.messages('dead'))[0]);
    expect(attributes).toMatchObject({ EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds' });
    expect(attributes['RETRY_ATTEMPTS']).toBe(String(test.functions.received.length - 1));
    expect(test.functions.received.length).toBeGreaterThan(3);
  });

  it('is not tried again where no retry is wanted', async () => {
    const test = await open({ ...TARGET, RetryPolicy: { MaximumRetryAttempts: 0 } });
    test.functions.always = BUSY;
    await test.put();
    const exhausted = { EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts', RETRY_ATTEMPTS: '0' };
    expect(attributesOf((await test.messages('dead'))[0])).toMatchObject(exhausted);
  });

  it('arrives when the target takes it after all, also after a restart', async () => {
    for (const isClean of [false, true]) {
      const test = await open();
      test.functions.script.push(BUSY, BUSY, BUSY);
      const id = await test.put();
      await test.restart(isClean);
      await test.cell.advance(HOUR);
      const texts = test.functions.received.map(({ content }) => (content.kind === 'event' ? content.text : ''));
      expect(texts).toHaveLength(4);
      expect((JSON.parse(texts[3] ?? '') as ShownEvent).id).toBe(id);
      expect(await test.messages('dead')).toEqual([]);
      expect(test.cell.cell.payloads.count).toBe(0);
    }
  });

  it.each([
    ['AccessDeniedException', 'NO_PERMISSIONS'],
    ['ResourceNotFoundException', 'NO_RESOURCE'],
    ['InvalidParameterValue', 'INVALID_PARAMETER'],
    ['SomethingElse', 'ERROR_FROM_TARGET'],
    ['TIMEOUT', 'TIMEOUT'],
  ])('for good (%s) is a dead letter at once, with the code %s and no number of retries', async (code, shown) => {
    const test = await open();
    test.functions.always = { failure: { code, detail: 'why', isRetryable: false } };
    await test.put();
    const [letter] = await test.messages('dead');
    expect(attributesOf(letter)).toEqual({ ...OF_RULE, ERROR_CODE: shown, ERROR_MESSAGE: 'why' });
  });

  it('is dropped without a dead-letter queue, and that is recorded', async () => {
    const test = await open({ Arn: queueArnOf('gone') });
    test.cell.takeFacts();
    await test.put();
    expect(test.factsNamed('DeliveryFailedAtOnce')).toMatchObject([
      { outcome: 'dropped', code: 'AWS.SimpleQueueService.NonExistentQueue', sourceArn: ruleArnOf('r') },
    ]);
  });

  it('shows in its dead letter what the target was to get', async () => {
    const test = await open({ ...TARGET, Arn: queueArnOf('gone'), InputPath: '$.detail' });
    await test.put({ TraceHeader: 'Root=1-5759e988-bd862e3fe1be46a994272793' });
    const [letter] = await test.messages('dead');
    expect(letter?.Body).toBe('{"item":1}');
    expect(letter?.Attributes?.['AWSTraceHeader']).toBe('Root=1-5759e988-bd862e3fe1be46a994272793');
    expect(attributesOf(letter)).toMatchObject({ ERROR_CODE: 'NO_RESOURCE', TARGET_ARN: queueArnOf('gone') });
  });

  it('disturbs no other target', async () => {
    const test = await EventsTest.open();
    await test.queue('orders');
    await test.rule('r', ['gone', 'orders']);
    await test.put();
    expect(await test.eventsIn('orders')).toHaveLength(1);
  });
});

describe('a target gets along', () => {
  it("the rule as who asks, its account, and the event's id as reference of retries", async () => {
    const test = await open();
    await test.put();
    expect(test.functions.received[0]).toMatchObject({
      sourceArn: ruleArnOf('r'),
      principal: {
        kind: 'service',
        service: 'events.amazonaws.com',
        sourceArn: ruleArnOf('r'),
        account: '000000000000',
      },
    });
  });

  it('its role as who asks', async () => {
    const test = await open({ Arn: FUNCTION_ARN, RoleArn: 'arn:aws:iam::000000000000:role/path/events' });
    await test.put();
    expect(test.functions.received[0]?.principal).toMatchObject({
      kind: 'session',
      arn: 'arn:aws:sts::000000000000:assumed-role/events/events',
    });
  });
});
