import { describe, expect, it } from 'vitest';
import { CUSTOMER, PARTNER, PartnerBench, SOURCE, SOURCE_ARN } from './testing.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const named = { Name: SOURCE };

describe('a partner event source', () => {
  it('is shown to its partner and to its customer, and to nobody else', async () => {
    const bench = await PartnerBench.open();
    expect(await bench.offer()).toEqual({ EventSourceArn: SOURCE_ARN });
    const nowMs = bench.test.clock.nowMs();
    const times = { CreationTime: nowMs, ExpirationTime: nowMs + 14 * DAY_MS };
    const shown = { Arn: SOURCE_ARN, Name: SOURCE, CreatedBy: 'aws.partner/example.com', State: 'PENDING', ...times };
    expect(await bench.call(CUSTOMER, 'DescribeEventSource', named)).toEqual(shown);
    expect(await bench.call(CUSTOMER, 'ListEventSources', { NamePrefix: 'aws.partner/ex' })).toMatchObject({
      EventSources: [shown],
    });
    const offered = { Arn: SOURCE_ARN, Name: SOURCE };
    expect(await bench.call(PARTNER, 'DescribePartnerEventSource', named)).toEqual(offered);
    const prefix = { NamePrefix: 'aws.partner/example.com/' };
    expect(await bench.call(PARTNER, 'ListPartnerEventSources', prefix)).toMatchObject({
      PartnerEventSources: [offered],
    });
    expect(await bench.call(PARTNER, 'ListPartnerEventSourceAccounts', { EventSourceName: SOURCE })).toEqual({
      PartnerEventSourceAccounts: [{ Account: CUSTOMER.account, State: 'PENDING', ...times }],
    });
    expect(await bench.call(PARTNER, 'ListEventSources', {})).toMatchObject({ EventSources: [] });
    expect(await bench.call(CUSTOMER, 'ListPartnerEventSources', prefix)).toMatchObject({ PartnerEventSources: [] });
    expect(await bench.refusal(PARTNER, 'DescribeEventSource', named)).toMatchObject({
      code: 'ResourceNotFoundException',
      message: `Event source ${SOURCE} does not exist.`,
    });
  });

  it('cannot be made twice', async () => {
    const bench = await PartnerBench.open();
    await bench.offer();
    const again = { ...named, Account: CUSTOMER.account };
    expect(await bench.refusal(PARTNER, 'CreatePartnerEventSource', again)).toMatchObject({
      code: 'ResourceAlreadyExistsException',
    });
    expect(await bench.refusal(CUSTOMER, 'CreatePartnerEventSource', again)).toMatchObject({
      code: 'ResourceAlreadyExistsException',
    });
  });

  it('is active with the bus of its name, and pending again for two weeks without it', async () => {
    const bench = await PartnerBench.open();
    await bench.offer();
    await bench.call(CUSTOMER, 'CreateEventBus', { ...named, EventSourceName: SOURCE });
    expect(await bench.call(CUSTOMER, 'DescribeEventSource', named)).toMatchObject({ State: 'ACTIVE' });
    expect(await bench.call(CUSTOMER, 'DescribeEventSource', named)).not.toMatchObject({
      ExpirationTime: expect.anything(),
    });
    await bench.test.advance(20 * DAY_MS);
    expect(await bench.state()).toBe('ACTIVE');
    await bench.call(CUSTOMER, 'DeleteEventBus', named);
    expect(await bench.state()).toBe('PENDING');
    await bench.test.advance(14 * DAY_MS - 1);
    expect(await bench.state()).toBe('PENDING');
    await bench.test.advance(1);
    expect(await bench.refusal(CUSTOMER, 'DescribeEventSource', named)).toMatchObject({
      code: 'ResourceNotFoundException',
    });
    expect(await bench.refusal(PARTNER, 'DescribePartnerEventSource', named)).toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });

  it.each([true, false])('keeps its state and the end of its waiting over a restart (clean: %s)', async (clean) => {
    const bench = await PartnerBench.open();
    await bench.offer();
    await bench.test.advance(DAY_MS);
    const before = await bench.call(CUSTOMER, 'DescribeEventSource', named);
    await bench.restart(clean);
    expect(await bench.call(CUSTOMER, 'DescribeEventSource', named)).toEqual(before);
    await bench.test.advance(13 * DAY_MS);
    expect(await bench.call(CUSTOMER, 'ListEventSources', {})).toMatchObject({ EventSources: [] });
  });

  it('stays as DELETED while its bus is there, and works again when it is made again', async () => {
    const bench = await PartnerBench.open();
    await bench.offer();
    await bench.makeBus();
    await bench.call(PARTNER, 'DeletePartnerEventSource', { ...named, Account: CUSTOMER.account });
    expect(await bench.state()).toBe('DELETED');
    for (const operation of ['ActivateEventSource', 'DeactivateEventSource']) {
      expect(await bench.refusal(CUSTOMER, operation, named)).toMatchObject({ code: 'InvalidStateException' });
    }
    await bench.offer();
    expect(await bench.state()).toBe('ACTIVE');
  });

  it('is gone with its bus when it was deleted before', async () => {
    const bench = await PartnerBench.open();
    await bench.offer();
    await bench.call(CUSTOMER, 'CreateEventBus', { ...named, EventSourceName: SOURCE });
    await bench.call(PARTNER, 'DeletePartnerEventSource', { ...named, Account: CUSTOMER.account });
    await bench.call(CUSTOMER, 'DeleteEventBus', named);
    expect(await bench.call(CUSTOMER, 'ListEventSources', {})).toMatchObject({ EventSources: [] });
  });

  it('that stays deactivated for two weeks is deleted, and its bus stays', async () => {
    const bench = await PartnerBench.open();
    await bench.offer();
    await bench.makeBus();
    await bench.call(CUSTOMER, 'DeactivateEventSource', named);
    expect(await bench.state()).toBe('PENDING');
    await bench.test.advance(14 * DAY_MS);
    expect(await bench.state()).toBe('DELETED');
    expect(await bench.refusal(PARTNER, 'DescribePartnerEventSource', named)).toBeDefined();
  });

  it('is neither activated nor deactivated before it has a bus', async () => {
    const bench = await PartnerBench.open();
    await bench.offer();
    for (const operation of ['ActivateEventSource', 'DeactivateEventSource']) {
      expect(await bench.refusal(CUSTOMER, operation, named)).toMatchObject({ code: 'InvalidStateException' });
    }
  });

  it('that nobody made is deleted already, and so is one of another account', async () => {
    const bench = await PartnerBench.open();
    await bench.offer();
    const other = { ...named, Account: '999999999999' };
    expect(await bench.call(PARTNER, 'DeletePartnerEventSource', other)).toEqual({});
    expect(await bench.state()).toBe('PENDING');
  });

  it.each([
    [{ Name: 'example.com/orders', Account: CUSTOMER.account }, 'name'],
    [{ Name: 'aws.partner/example.com', Account: CUSTOMER.account }, 'name'],
    [{ Name: SOURCE, Account: 'me' }, 'account'],
    [{ Account: CUSTOMER.account }, 'name'],
    [{ Name: SOURCE }, 'account'],
  ])('is not made from %j', async (input, path) => {
    const bench = await PartnerBench.open();
    expect(await bench.refusal(PARTNER, 'CreatePartnerEventSource', input)).toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining(`at '${path}' failed to satisfy constraint`),
    });
  });

  it('is listed in pages', async () => {
    const bench = await PartnerBench.open();
    for (const item of ['a', 'b', 'c']) {
      const input = { Name: `aws.partner/example.com/${item}/x`, Account: CUSTOMER.account };
      await bench.call(PARTNER, 'CreatePartnerEventSource', input);
    }
    type Page = { EventSources: { Name: string }[]; NextToken?: string };
    const first = await bench.call<Page>(CUSTOMER, 'ListEventSources', { Limit: 2 });
    const second = await bench.call<Page>(CUSTOMER, 'ListEventSources', { Limit: 2, NextToken: first.NextToken });
    expect([...first.EventSources, ...second.EventSources].map(({ Name }) => Name.split('/')[2])).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(second.NextToken).toBeUndefined();
  });
});

describe('a partner bus', () => {
  it.each([
    [{ Name: SOURCE, EventSourceName: `${SOURCE}/x` }, 'ValidationException'],
    [{ Name: `${SOURCE}/x`, EventSourceName: `${SOURCE}/x` }, 'ResourceNotFoundException'],
    [{ Name: SOURCE, EventSourceName: 'orders' }, 'ValidationException'],
    [{ Name: SOURCE }, 'ValidationException'],
  ])('is not made from %j', async (input, code) => {
    const bench = await PartnerBench.open();
    await bench.offer();
    expect(await bench.refusal(CUSTOMER, 'CreateEventBus', input)).toMatchObject({ code });
  });

  it('is made by the account that the source is for only, and only while the source is there', async () => {
    const bench = await PartnerBench.open();
    await bench.offer();
    const input = { Name: SOURCE, EventSourceName: SOURCE };
    expect(await bench.refusal(PARTNER, 'CreateEventBus', input)).toMatchObject({ code: 'ResourceNotFoundException' });
    await bench.call(PARTNER, 'DeletePartnerEventSource', { ...named, Account: CUSTOMER.account });
    expect(await bench.refusal(CUSTOMER, 'CreateEventBus', input)).toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });
});
