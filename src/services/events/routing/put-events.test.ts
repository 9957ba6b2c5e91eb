import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scopeOf } from '#model/scope.ts';
import { busArnOf, EventsTest, OTHER_ACCOUNT, queueArnOf, ruleArnOf } from '../testing.ts';

const ENTRY = { Source: 'shop', DetailType: 'sold', Detail: '{"item":1}' };

async function withQueue(): Promise<EventsTest> {
  const test = await EventsTest.open();
  await test.queue('orders');
  await test.rule('sold', ['orders']);
  return test;
}

describe('PutEvents', () => {
  it('hands an event that a rule matches to its queue, in one entry with one payload', async () => {
    const test = await withQueue();
    await test.queue('copies');
    await test.rule('all', ['copies', 'orders']);
    await test.rule('disabled', ['orders']);
    await test.call('DisableRule', { Name: 'disabled' });
    await test.rule('other', ['orders'], { source: 'other' });
    test.cell.takeFacts();
    const id = await test.put({ Resources: ['arn:x', 'a"b'] });
    expect(test.cell.takeFacts()).toMatchObject([
      { name: 'EventPut', fact: { eventId: id, payload: 0, rules: [0, 1] } },
      { name: 'MessageSent', fact: { payload: 0 } },
      { name: 'MessageSent', fact: { payload: 0 } },
      { name: 'MessageSent', fact: { payload: 0 } },
    ]);
    const text = `{"version":"0","id":"${id}","detail-type":"sold","source":"shop","account":"000000000000","time":"2026-01-15T12:00:00Z","region":"us-east-1","resources":["arn:x","a\\"b"],"detail":{"item":1}}`;
    expect((await test.messages('copies')).map(({ Body }) => Body)).toEqual([text]);
    expect((await test.messages('orders')).map(({ Body }) => Body)).toEqual([text, text]);
  });

  it('keeps the detail as it was written', async () => {
    const test = await withQueue();
    const Detail = ' {"b":1.0, "a":12345678901234567890 ,"b":"é\\u0041"} ';
    await test.put({ Detail });
    expect((await test.messages('orders'))[0]?.Body).toContain(`"detail":${Detail}}`);
  });

  it('takes the time that is given, in whole seconds', async () => {
    const test = await withQueue();
    await test.put({ Time: Date.UTC(2020, 1, 29, 23, 59, 59, 999) });
    await test.put({ Time: 0 });
    const times = (await test.eventsIn('orders')).map(({ time }) => time);
    expect(times).toEqual(['2020-02-29T23:59:59Z', '1970-01-01T00:00:00Z']);
  });

  it('fails entries one by one, in their order', async () => {
    const test = await withQueue();
    const invalid = (name: string) => ({
      ErrorCode: 'InvalidArgument',
      ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
    });
    const malformed = { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
    const Entries = [
      { ...ENTRY, Source: undefined },
      { ...ENTRY, DetailType: undefined },
      ENTRY,
      { ...ENTRY, Detail: undefined },
      { ...ENTRY, Detail: '[]' },
      { ...ENTRY, Detail: '"text"' },
      { ...ENTRY, Detail: '{"a":' },
      { ...ENTRY, Source: 'aws.s3' },
      { ...ENTRY, DetailType: 'x'.repeat(129) },
      { ...ENTRY, Time: 1e18 },
    ];
    expect(await test.call('PutEvents', { Entries })).toEqual({
      FailedEntryCount: 9,
      Entries: [
        invalid('Source'),
        invalid('DetailType'),
        { EventId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
        invalid('Detail'),
        malformed,
        malformed,
        malformed,
        { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' },
        expect.objectContaining({ ErrorCode: 'InvalidArgument' }),
        expect.objectContaining({ ErrorCode: 'InvalidArgument' }),
      ],
    });
    expect(await test.eventsIn('orders')).toHaveLength(1);
  });

  it('acknowledges an event for a bus that does not exist, and loses it visibly', async () => {
    const test = await withQueue();
    test.cell.takeFacts();
    const eventId = await test.put({ EventBusName: 'gone' });
    expect(test.cell.takeFacts()).toEqual([{ name: 'EventLost', fact: { eventId, bus: 'gone', payload: undefined } }]);
  });

  it('records an event that nobody wants, and keeps nothing of it', async () => {
    const test = await withQueue();
    test.cell.takeFacts();
    await test.put({ Source: 'nobody' });
    expect(test.cell.takeFacts()).toMatchObject([{ name: 'EventPut', fact: { rules: [] } }]);
    expect(test.cell.cell.payloads.count).toBe(0);
  });

  it('reaches a bus of another account and region by its ARN; the event tells where it comes from', async () => {
    const test = await EventsTest.open();
    const other = { scope: scopeOf(OTHER_ACCOUNT, 'eu-west-1') };
    await test.call('CreateEventBus', { Name: 'shop' });
    await test.queue('orders');
    await test.rule('sold', ['orders'], { bus: 'shop' });
    await test.put({ EventBusName: busArnOf('shop') }, other);
    expect(await test.eventsIn('orders')).toMatchObject([{ account: OTHER_ACCOUNT, region: 'eu-west-1' }]);
  });

  it.each([
    [
      {},
      "ValidationException: 1 validation error detected: Value null at 'entries' failed to satisfy constraint: Member must not be null",
    ],
    [
      { Entries: [] },
      "Value '[]' at 'entries' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [{ Entries: Array(11).fill(ENTRY) }, 'Member must have length less than or equal to 10'],
    [
      { Entries: Array(11).fill({ ...ENTRY, EventBusName: 'b' }) },
      'Value \'[PutEventsRequestEntry(time=null, source=shop, resources=null, detailType=sold, detail={"item":1}, eventBusName=b, traceHeader=null, kmsKeyIdentifier=null, internalMetadata=null), Put',
    ],
    [
      { Entries: [{ ...ENTRY, EventBusName: 'aws.partner/a/b' }] },
      "Value 'aws.partner/a/b' at 'entries.1.member.eventBusName' failed to satisfy constraint: Member must satisfy regular expression pattern",
    ],
    [
      { Entries: [ENTRY, { ...ENTRY, Resources: ['x'.repeat(2_049)] }] },
      "at 'entries.2.member.resources.1.member' failed",
    ],
    [{ Entries: [null] }, "at 'entries.1.member' failed to satisfy constraint: Member must not be null"],
    [
      { Entries: [ENTRY], EndpointId: 'abcde.veo' },
      'ValidationException: EndpointId (global endpoints) is not available on this server.',
    ],
  ])('is refused as %j', async (input, text) => {
    const test = await withQueue();
    expect(await test.refusal('PutEvents', input as never)).toContain(text);
  });

  it('takes less than a mebibyte in all, as AWS counts it', async () => {
    const test = await withQueue();
    const detail = (bytes: number) => `{"a":"${'x'.repeat(bytes - 8)}"}`;
    const sized = (bytes: number) => ({ ...ENTRY, Detail: detail(bytes - 8) });
    const tooLarge = 'ValidationException: Total size of the entries in the request is over the limit.';
    expect(await test.refusal('PutEvents', { Entries: [sized(1024 * 1024)] })).toBe(tooLarge);
    const timed = { ...sized(512 * 1024 - 14), Time: 0 };
    expect(await test.refusal('PutEvents', { Entries: [timed, sized(512 * 1024)] })).toBe(tooLarge);
    const wide = { ...ENTRY, Detail: `{"a":"${'€'.repeat(349_500)}"}` };
    expect(await test.refusal('PutEvents', { Entries: [wide, { ...ENTRY, Resources: ['€'.repeat(40)] }] })).toBe(
      tooLarge,
    );
    expect(await test.call('PutEvents', { Entries: [sized(1024 * 1024 - 1)] })).toMatchObject({ FailedEntryCount: 0 });
  });

  it('is not stopped by anything that an entry may be', async () => {
    const test = await withQueue();
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('{}', 'shop', 'aws.', '\ud800', ''));
    const entry = fc.record(
      {
        Source: text,
        DetailType: text,
        Detail: fc.oneof(text, fc.json()),
        Time: fc.double(),
        EventBusName: text,
        TraceHeader: text,
        Resources: fc.array(text),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 11 }), async (Entries) => {
        const reply = await test.cell.reply('events', 'PutEvents', { Entries });
        if ('refused' in reply) expect(reply.refused.code).toBe('ValidationException');
        else expect((reply.output as { Entries: unknown[] }).Entries).toHaveLength(Entries.length);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a trace header', () => {
  const ROOT = 'Root=1-5759e988-bd862e3fe1be46a994272793';
  const header = async (test: EventsTest) => (await test.messages('orders'))[0]?.Attributes?.['AWSTraceHeader'];

  it('goes to queues beside the event, and only what is valid of it', async () => {
    const test = await withQueue();
    const id = await test.put({ TraceHeader: `${ROOT};Parent=53995c3f42cd8ad8;Sampled=1;Lineage=x` });
    const [message] = await test.messages('orders');
    expect(message?.Attributes?.['AWSTraceHeader']).toBe(`${ROOT};Parent=53995c3f42cd8ad8;Sampled=1`);
    expect(JSON.parse(message?.Body ?? '')).toMatchObject({ id, detail: { item: 1 } });
  });

  it('of the entry counts before the one of the request, also when it is not valid', async () => {
    const test = await withQueue();
    const request = { request: { traceHeader: `${ROOT};Sampled=0` } };
    await test.put({}, request);
    expect(await header(test)).toBe(`${ROOT};Sampled=0`);
    await test.put({ TraceHeader: 'nonsense' }, request);
    expect(await header(test)).toBeUndefined();
  });
});

describe('what is told of a shaped input', () => {
  it('is told also where the trace of a request goes along', async () => {
    const test = await withQueue();
    await test.queue('items');
    await test.rule('shaped', [{ Id: 'part', Arn: queueArnOf('items'), InputPath: '$.detail' }]);
    test.cell.takeFacts();
    const eventId = await test.put({ TraceHeader: 'Root=1-5759e988-bd862e3fe1be46a994272793' });
    expect(test.factsNamed('EventShaped')).toMatchObject([{ eventId, target: 'part' }]);
    const [message] = await test.messages('items');
    expect(message).toMatchObject({ Body: '{"item":1}', Attributes: { AWSTraceHeader: expect.any(String) } });
  });
});

describe('a target of a rule', () => {
  it('that is a FIFO queue gets the group; the same event is delivered once', async () => {
    const test = await EventsTest.open();
    await test.queue('orders.fifo');
    await test.rule('r', [{ Arn: queueArnOf('orders.fifo'), SqsParameters: { MessageGroupId: 'g' } }]);
    await test.put();
    const [message] = await test.messages('orders.fifo');
    expect(message?.Attributes).toMatchObject({ MessageGroupId: 'g' });
  });

  it('that is a standard queue gets a group, too, and none where it is empty', async () => {
    const test = await EventsTest.open();
    await test.queue('orders');
    const Arn = queueArnOf('orders');
    await test.rule('r', [
      { Arn, SqsParameters: { MessageGroupId: 'g' } },
      { Arn, SqsParameters: { MessageGroupId: '' } },
    ]);
    await test.put();
    const groups = (await test.messages('orders')).map(({ Attributes }) => Attributes?.['MessageGroupId']);
    expect(groups).toEqual(['g', undefined]);
  });

  it('with an input of its own gets that, and its payload alone is another one', async () => {
    const test = await withQueue();
    await test.queue('items');
    await test.rule('shaped', [{ Id: 'part', Arn: queueArnOf('items'), InputPath: '$.detail' }]);
    test.cell.takeFacts();
    const eventId = await test.put();
    expect((await test.messages('items')).map(({ Body }) => Body)).toEqual(['{"item":1}']);
    expect(test.factsNamed('EventShaped')).toEqual([{ eventId, rule: 1, target: 'part', payload: 1 }]);
  });

  it('gets what the rule says when the event is put, not later', async () => {
    const test = await withQueue();
    await test.put();
    await test.call('PutRule', { Name: 'sold', EventPattern: '{"source":["other"]}' });
    await test.put();
    await test.put({ Source: 'other' });
    expect((await test.eventsIn('orders')).map(({ source }) => source)).toEqual(['shop', 'other']);
  });
});

describe('the room after a restart', () => {
  it.each([false, true])('matches as before (orderly stop: %s)', async (isClean) => {
    const test = await withQueue();
    await test.call('CreateEventBus', { Name: 'shop' });
    await test.rule('r', ['orders'], { bus: 'shop' });
    await test.rule('gone', ['orders'], { bus: 'shop' });
    await test.call('RemoveTargets', { EventBusName: 'shop', Rule: 'gone', Ids: ['0'] });
    await test.call('DeleteRule', { EventBusName: 'shop', Name: 'gone' });
    await test.rule('off', ['orders']);
    await test.call('DisableRule', { Name: 'off' });
    await test.put();
    await test.restart(isClean);
    await test.put({ EventBusName: 'shop' });
    await test.put();
    expect(await test.eventsIn('orders')).toHaveLength(3);
    await test.rule('new', []);
    expect(test.state.rules.byNumber.get(4)?.arn).toBe(ruleArnOf('new'));
    await test.put();
    expect(await test.eventsIn('orders')).toHaveLength(1);
  });
});
