import { describe, expect, it } from 'vitest';
import type { FinalReply } from '#cell/command.ts';
import { serverPrincipal } from './internal.ts';
import { CUSTOMER, PartnerBench, SOURCE } from './testing.ts';

const WEBHOOK = { account: CUSTOMER.account, region: CUSTOMER.region, name: SOURCE };
const EVENT = { detailType: 'sold', detail: '{"item":1}' };

function ask(bench: PartnerBench, operation: string, input: object): Promise<FinalReply> {
  return bench.test.reply('events', operation, input, { scope: CUSTOMER, principal: serverPrincipal(CUSTOMER) });
}

const offer = (bench: PartnerBench, ...sources: object[]) => ask(bench, '(offer-webhook-sources)', { sources });
const put = (bench: PartnerBench, ...events: object[]) =>
  ask(bench, '(put-webhook-events)', { source: SOURCE, way: 'webhook stripe', events });

describe('sources of webhooks', () => {
  it('are offered once, and never expire', async () => {
    const bench = await PartnerBench.open();
    await offer(bench, WEBHOOK);
    bench.test.takeFacts();
    await offer(bench, WEBHOOK);
    expect(bench.test.takeFacts()).toEqual([]);
    await bench.test.advance(30 * 24 * 60 * 60 * 1_000);
    expect(await bench.state()).toBe('PENDING');
  });

  it('end when they are no longer offered; those of partners stay', async () => {
    const bench = await PartnerBench.open();
    await bench.offer();
    await offer(bench, { ...WEBHOOK, name: `${SOURCE}/hook` });
    await offer(bench);
    expect(await bench.call(CUSTOMER, 'ListEventSources', {})).toMatchObject({ EventSources: [{ Name: SOURCE }] });
  });

  it.each([true, false])(
    'put all events of a request in one entry, and keep them over a restart (clean: %s)',
    async (clean) => {
      const bench = await PartnerBench.open();
      await offer(bench, WEBHOOK);
      await bench.makeBus();
      const entries = bench.test.engine.entries.length;
      expect(await put(bench, EVENT, { ...EVENT, resources: ['a'] })).toMatchObject({
        output: { eventIds: [expect.any(String), expect.any(String)] },
      });
      expect(bench.test.engine.entries.length - entries).toBe(1);
      await bench.restart(clean);
      expect(await bench.state()).toBe('ACTIVE');
      expect((await bench.seen()).map(({ resources }) => resources)).toEqual([[], ['a']]);
    },
  );

  it('put nothing when one of the events is wrong', async () => {
    const bench = await PartnerBench.open();
    await offer(bench, WEBHOOK);
    await bench.makeBus();
    bench.test.takeFacts();
    expect(await put(bench, EVENT, { ...EVENT, detail: '[]' })).toMatchObject({ refused: { status: 400 } });
    const large = { ...EVENT, detail: `{"a":"${'x'.repeat(600_000)}"}` };
    expect(await put(bench, large, large)).toMatchObject({ refused: { status: 413 } });
    expect(bench.test.takeFacts()).toEqual([]);
  });

  it('are the server’s to offer and to put', async () => {
    const bench = await PartnerBench.open();
    for (const operation of ['(offer-webhook-sources)', '(put-webhook-events)']) {
      expect(await bench.refusal(CUSTOMER, operation, { sources: [], events: [], source: SOURCE })).toMatchObject({
        code: 'UnknownOperationException',
      });
    }
  });
});
