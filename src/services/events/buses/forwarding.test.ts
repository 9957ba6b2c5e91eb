import { describe, expect, it } from 'vitest';
import { scopeOf } from '#model/scope.ts';
import { attributesOf, busArnOf, EventsTest, OTHER_ACCOUNT, queueArnOf, ROLE_ARN, ruleArnOf } from '../testing.ts';

const WEST = 'eu-west-1';
const toBus = (Arn: string) => ({ Arn, RoleArn: ROLE_ARN, DeadLetterConfig: { Arn: queueArnOf('dead') } });

/** Buses a, b and c, each with a queue of its name that gets everything. */
async function open(): Promise<EventsTest> {
  const test = await EventsTest.open();
  await test.queue('dead');
  for (const name of ['a', 'b', 'c']) {
    await test.queue(name);
    await test.call('CreateEventBus', { Name: name });
    await test.rule('all', [name], { bus: name });
  }
  return test;
}

describe('a bus as the target of a rule', () => {
  it('gets the event as it is, with its id, and the same payload', async () => {
    const test = await open();
    await test.rule('on', [toBus(busArnOf('b'))], { bus: 'a' });
    test.cell.takeFacts();
    const id = await test.put({ EventBusName: 'a' });
    expect(test.cell.takeFacts()).toMatchObject([
      { name: 'EventPut', fact: { eventId: id, payload: 0 } },
      { name: 'MessageSent', fact: { payload: 0 } },
      { name: 'EventPut', fact: { eventId: id, payload: 0 } },
      { name: 'MessageSent', fact: { payload: 0 } },
    ]);
    expect((await test.eventsIn('b')).map((event) => event.id)).toEqual([id]);
  });

  it('of another account gets it with the account of whoever put it', async () => {
    const test = await open();
    const other = { scope: scopeOf(OTHER_ACCOUNT, 'us-east-1') };
    await test.queue('theirs', other);
    const Arn = queueArnOf('theirs', OTHER_ACCOUNT);
    await test.call('PutRule', { Name: 'all', EventPattern: '{"account":["000000000000"]}' }, other);
    await test.call('PutTargets', { Rule: 'all', Targets: [{ Id: '1', Arn }] }, other);
    await test.rule('on', [toBus(busArnOf('default', OTHER_ACCOUNT))], { bus: 'a' });
    const id = await test.put({ EventBusName: 'a' });
    expect(await test.eventsIn('theirs', OTHER_ACCOUNT)).toMatchObject([{ id, account: '000000000000' }]);
  });

  it('of another region gets a new id and time, and the region it came from', async () => {
    const test = await open();
    const west = { scope: scopeOf('000000000000', WEST) };
    await test.cell.call('sqs', 'CreateQueue', { QueueName: 'west' }, west);
    await test.call('PutRule', { Name: 'all', EventPattern: '{"source":["shop"]}' }, west);
    const Arn = `arn:aws:sqs:${WEST}:000000000000:west`;
    await test.call('PutTargets', { Rule: 'all', Targets: [{ Id: '1', Arn }] }, west);
    await test.rule('on', [toBus(busArnOf('default', undefined, WEST))], { bus: 'a' });
    test.cell.takeFacts();
    const id = await test.put({ EventBusName: 'a', Time: 0 });
    const [renamed] = test.factsNamed('EventRenamed') as { eventId: string; newEventId: string }[];
    expect(renamed?.eventId).toBe(id);
    const request = { QueueUrl: `http://127.0.0.1:4566/000000000000/west` };
    const { Messages } = await test.cell.call<{ Messages: { Body: string }[] }>('sqs', 'ReceiveMessage', request, west);
    expect(JSON.parse(Messages[0]?.Body ?? '')).toMatchObject({
      id: renamed?.newEventId,
      time: '2026-01-15T12:00:00Z',
      region: 'us-east-1',
    });
  });

  it('does not send it on to a third bus of the region: that is a dead letter', async () => {
    const test = await open();
    await test.rule('on', [toBus(busArnOf('b'))], { bus: 'a' });
    await test.rule('on', [toBus(busArnOf('c'))], { bus: 'b' });
    const id = await test.put({ EventBusName: 'a' });
    expect(await test.eventsIn('b')).toHaveLength(1);
    expect(await test.eventsIn('c')).toEqual([]);
    const [letter] = await test.messages('dead');
    expect(JSON.parse(letter?.Body ?? '')).toMatchObject({ id });
    expect(attributesOf(letter)).toEqual({
      RULE_ARN: ruleArnOf('b/on'),
      TARGET_ARN: busArnOf('c'),
      ERROR_CODE: 'THIRD_ACCOUNT_HOP_DETECTED',
      ERROR_MESSAGE: expect.stringContaining(`rejected for event ${id} because an event can be sent to an event bus`),
    });
  });

  it('ends a circle of buses', async () => {
    const test = await open();
    await test.rule('on', [toBus(busArnOf('b'))], { bus: 'a' });
    await test.rule('on', [toBus(busArnOf('a'))], { bus: 'b' });
    await test.put({ EventBusName: 'a' });
    expect(await test.eventsIn('a')).toHaveLength(1);
    expect(await test.eventsIn('b')).toHaveLength(1);
  });

  it('of another region is reached once from there, and once within it, in either order', async () => {
    const test = await open();
    const west = { scope: scopeOf('000000000000', WEST) };
    for (const Name of ['d', 'e']) await test.call('CreateEventBus', { Name }, west);
    const on = (bus: string, Arn: string, options?: object) =>
      test.rule('on', [{ Arn, RoleArn: ROLE_ARN }], { bus }, options);
    await on('a', busArnOf('b'));
    await on('b', busArnOf('d', undefined, WEST));
    await on('d', busArnOf('e', undefined, WEST), west);
    await on('e', busArnOf('c'), west);
    test.cell.takeFacts();
    await test.put({ EventBusName: 'a' });
    const facts = test.cell.takeFacts();
    expect(facts.filter(({ name }) => name === 'EventPut')).toHaveLength(3);
    expect(facts.filter(({ name }) => name === 'DeliveryFailedAtOnce')).toMatchObject([
      { fact: { code: 'THIRD_ACCOUNT_HOP_DETECTED' } },
    ]);
    await test.put({ EventBusName: busArnOf('d', undefined, WEST) });
    expect(test.cell.takeFacts().filter(({ name }) => name === 'EventPut')).toHaveLength(3);
  });

  it('that does not exist takes everything, and loses it visibly', async () => {
    const test = await open();
    await test.rule('on', [toBus(busArnOf('gone'))], { bus: 'a' });
    test.cell.takeFacts();
    const eventId = await test.put({ EventBusName: 'a' });
    expect(test.factsNamed('EventLost')).toMatchObject([{ eventId, bus: busArnOf('gone') }]);
    expect(await test.messages('dead')).toEqual([]);
  });
});
