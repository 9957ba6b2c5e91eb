import { describe, expect, it } from 'vitest';
import { FirehoseTest } from './testing.ts';

describe('records that are put', () => {
  it('become one object when the interval is over', async () => {
    const test = await FirehoseTest.open();
    await test.create();
    await test.put('one ', 'two ');
    await test.advance(30);
    await test.put('three');
    expect(await test.objects()).toEqual({});
    await test.advance(30);
    expect(await test.objects()).toEqual({ '2026/01/15/12/orders-1-2026-01-15-12-00-00': 'one two three' });
  });

  it('become an object at once when the buffer is full', async () => {
    const test = await FirehoseTest.open();
    await test.create();
    const kilobyte = 'x'.repeat(1024);
    await test.put(...new Array(500).fill(kilobyte));
    await test.put(...new Array(500).fill(kilobyte));
    await test.advance(0);
    expect(await test.objects()).toEqual({});
    await test.put(...new Array(24).fill(kilobyte));
    await test.advance(0);
    expect((await test.texts()).map(({ length }) => length)).toEqual([1024 * 1024]);
  });

  it('have ids of their own', async () => {
    const test = await FirehoseTest.open();
    await test.create();
    const Records = ['a', 'b'].map((text) => ({ Data: Buffer.from(text) }));
    const output = await test.call('PutRecordBatch', { DeliveryStreamName: 'orders', Records });
    expect(output).toMatchObject({ FailedPutCount: 0, Encrypted: false });
    expect(new Set(output.RequestResponses?.map(({ RecordId }) => RecordId)).size).toBe(2);
  });

  it.each([true, false])('survive a restart (clean: %s) and are delivered once', async (clean) => {
    let test = await FirehoseTest.open();
    await test.create();
    await test.put('one');
    test = await test.restart({ clean });
    await test.put('two');
    test = await test.restart({ clean });
    await test.advance(60);
    expect(await test.texts()).toEqual(['onetwo']);
    test = await test.restart({ clean });
    await test.advance(600);
    expect(await test.texts()).toEqual(['onetwo']);
    expect(test.cell.cell.payloads.count).toBe(0);
  });
});
