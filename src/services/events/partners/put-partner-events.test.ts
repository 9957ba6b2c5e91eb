import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CUSTOMER, PARTNER, PartnerBench, SOURCE } from './testing.ts';

async function activeBench(): Promise<PartnerBench> {
  const bench = await PartnerBench.open();
  await bench.offer();
  await bench.makeBus();
  return bench;
}

describe('PutPartnerEvents', () => {
  it('puts events on the bus of the customer, as the customer’s', async () => {
    const bench = await activeBench();
    const { Entries } = await bench.put({ Resources: ['order 1'], Time: Date.UTC(2025, 0, 1) });
    expect(await bench.seen()).toEqual([
      {
        version: '0',
        id: Entries[0]?.['EventId'],
        'detail-type': 'sold',
        source: SOURCE,
        account: CUSTOMER.account,
        time: '2025-01-01T00:00:00Z',
        region: 'us-east-1',
        resources: ['order 1'],
        detail: { item: 1 },
      },
    ]);
  });

  it.each([false, true])('accepts events that nobody wants, and keeps none of them (bus: %s)', async (hasBus) => {
    const bench = await PartnerBench.open();
    await bench.offer();
    if (hasBus) await bench.makeBus();
    if (hasBus) await bench.call(CUSTOMER, 'DeactivateEventSource', { Name: SOURCE });
    bench.test.takeFacts();
    expect(await bench.put({})).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] });
    expect(bench.test.takeFacts().map(({ name }) => name)).toEqual(['PartnerEventDropped']);
    if (!hasBus) return;
    await bench.call(CUSTOMER, 'ActivateEventSource', { Name: SOURCE });
    expect(await bench.seen()).toEqual([]);
    await bench.put({});
    expect(await bench.seen()).toHaveLength(1);
  });

  it('fails events of a source that was deleted', async () => {
    const bench = await activeBench();
    await bench.call(PARTNER, 'DeletePartnerEventSource', { Name: SOURCE, Account: CUSTOMER.account });
    expect((await bench.put({})).Entries).toEqual([
      { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' },
    ]);
  });

  it('fails the entries that are wrong, and puts the others', async () => {
    const bench = await activeBench();
    const put = await bench.put(
      {},
      { Detail: 'none' },
      { Detail: '[1]' },
      { DetailType: undefined },
      { Source: 'aws.partner/other.com/shop/orders' },
      { DetailType: 'x'.repeat(129) },
    );
    expect(put.FailedEntryCount).toBe(5);
    expect(put.Entries.map((entry) => entry['ErrorCode'])).toEqual([
      undefined,
      'MalformedDetail',
      'MalformedDetail',
      'InvalidArgument',
      'NotAuthorizedForSourceException',
      'InvalidArgument',
    ]);
    expect(await bench.seen()).toHaveLength(1);
  });

  it('refuses a source that is none of a partner, too many entries, none, and too much', async () => {
    const bench = await activeBench();
    const entry = { Source: SOURCE, DetailType: 'a', Detail: '{}' };
    const refusal = (Entries: object[] | undefined) => bench.refusal(PARTNER, 'PutPartnerEvents', { Entries });
    expect((await refusal([{ ...entry, Source: 'shop' }])).message).toContain(
      "Value 'shop' at 'entries.1.member.source'",
    );
    expect((await refusal(Array.from({ length: 21 }, () => entry))).message).toContain('less than or equal to 20');
    expect((await refusal([])).code).toBe('ValidationException');
    expect((await refusal(undefined)).code).toBe('ValidationException');
    const half = { ...entry, Detail: `{"a":"${'x'.repeat(600_000)}"}` };
    expect((await refusal([half, half])).message).toContain('over the limit');
    expect(await bench.seen()).toEqual([]);
  });

  it('is not stopped by anything that an entry may be', async () => {
    const bench = await activeBench();
    const text = fc.option(fc.string(), { nil: undefined });
    const entry = fc.record(
      {
        Source: fc.constantFrom(SOURCE, undefined, 'aws.partner/a/b'),
        DetailType: text,
        Detail: fc.oneof(text, fc.json()),
        Resources: fc.option(fc.array(fc.string(), { maxLength: 3 }), { nil: undefined }),
      },
      { noNullPrototype: true },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 20 }), async (Entries) => {
        const reply = await bench.test.reply('events', 'PutPartnerEvents', { Entries }, { scope: PARTNER });
        if ('refused' in reply) expect(reply.refused.code).toBe('ValidationException');
        else expect((reply.output as { Entries: unknown[] }).Entries).toHaveLength(Entries.length);
      }),
      { numRuns: 50 },
    );
    expect(bench.test.diagnostics).toEqual([]);
  });
});
