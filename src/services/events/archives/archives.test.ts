import { describe, expect, it } from 'vitest';
import { DAY_MS } from './limits.ts';
import { ARCHIVE_ARN, ArchiveBench, BUS_ARN, itemsOf } from './testing.ts';

const archived = (bench: ArchiveBench) =>
  bench.call<{ EventCount: number; SizeBytes: number }>('DescribeArchive', { ArchiveName: 'sales' });

describe('an archive', () => {
  it('is described as it was made, and updated member by member', async () => {
    const bench = await ArchiveBench.open();
    const createdAtMs = bench.test.clock.nowMs();
    expect(
      await bench.archive({ Description: 'what was sold', EventPattern: '{"detail-type":["sold"]}', RetentionDays: 3 }),
    ).toEqual({
      ArchiveArn: ARCHIVE_ARN,
      State: 'ENABLED',
      CreationTime: createdAtMs,
    });
    const made = {
      ArchiveArn: ARCHIVE_ARN,
      ArchiveName: 'sales',
      EventSourceArn: BUS_ARN,
      Description: 'what was sold',
      EventPattern: '{"detail-type":["sold"]}',
      State: 'ENABLED',
      RetentionDays: 3,
      SizeBytes: 0,
      EventCount: 0,
      CreationTime: createdAtMs,
    };
    expect(await archived(bench)).toEqual(made);
    await bench.call('UpdateArchive', { ArchiveName: 'sales', RetentionDays: 0 });
    expect(await archived(bench)).toEqual({ ...made, RetentionDays: 0 });
    await bench.call('DeleteArchive', { ArchiveName: 'sales' });
    expect(await bench.refusal('DescribeArchive', { ArchiveName: 'sales' })).toBe(
      'ResourceNotFoundException: Archive sales does not exist.',
    );
  });

  it('keeps what its pattern matches, also when the pattern changes', async () => {
    const bench = await ArchiveBench.open();
    await bench.archive({ EventPattern: '{"detail":{"item":[{"numeric":[">",2]}]}}' });
    await bench.put([1, 2, 3, 4]);
    expect(await archived(bench)).toMatchObject({ EventCount: 2 });
    await bench.call('UpdateArchive', { ArchiveName: 'sales', EventPattern: '{"detail":{"item":[1]}}' });
    await bench.put([1, 2, 3, 4]);
    expect(await archived(bench)).toMatchObject({ EventCount: 3 });
  });

  it('counts the bytes of the events as they are on the bus', async () => {
    const bench = await ArchiveBench.open();
    await bench.archive();
    await bench.put([1, 2]);
    const bytes = (await bench.received()).reduce((sum, event) => sum + JSON.stringify(event).length, 0);
    expect(await archived(bench)).toMatchObject({ EventCount: 2, SizeBytes: bytes });
    await bench.test.advance(2 * 3_600_000);
    expect(await archived(bench)).toMatchObject({ EventCount: 2, SizeBytes: bytes });
  });

  it('has a managed rule on the bus, which goes with it', async () => {
    const bench = await ArchiveBench.open();
    await bench.archive({ EventPattern: '{"source":["shop"]}' });
    const rules = bench.test.cell.registry.tables.get('events.rules')?.table;
    expect(rules?.list()).toContainEqual(
      expect.objectContaining({
        name: 'Events-Archive-sales',
        managedBy: 'prod.vhs.events.aws.internal',
        eventPattern: '{"source":["shop"],"replay-name":[{"exists":false}]}',
      }),
    );
    await bench.call('DeleteArchive', { ArchiveName: 'sales' });
    expect(rules?.list()).toHaveLength(1);
  });

  it('gets its rule back with an update when somebody has deleted it', async () => {
    const bench = await ArchiveBench.open();
    await bench.archive();
    await bench.dropRule('Events-Archive-sales');
    await bench.put([1]);
    expect(await archived(bench)).toMatchObject({ EventCount: 0 });
    await bench.call('UpdateArchive', { ArchiveName: 'sales', Description: 'again' });
    await bench.put([2]);
    await bench.restart(true);
    await bench.put([3]);
    expect(await archived(bench)).toMatchObject({ EventCount: 2, Description: 'again' });
  });

  it('moves events out of the journal after an hour, into one block that grows', async () => {
    const bench = await ArchiveBench.open();
    await bench.archive();
    await bench.put([1, 2, 3]);
    await bench.received();
    expect(bench.test.cell.payloads.count).toBe(3);
    await bench.test.advance(3_600_000);
    expect(bench.test.cell.payloads.count).toBe(0);
    expect(await bench.engine.blobs.names()).toEqual(['events-archive/1/0-3']);
    await bench.put([4]);
    await bench.test.advance(3_600_000);
    expect(await bench.engine.blobs.names()).toEqual(['events-archive/1/0-4']);
  });

  it('lets events go when their retention is over, with their blocks', async () => {
    const bench = await ArchiveBench.open();
    await bench.archive({ RetentionDays: 2 });
    await bench.put([1]);
    await bench.test.advance(DAY_MS + 1);
    await bench.put([2]);
    await bench.test.advance(DAY_MS + 3_600_000);
    expect(await archived(bench)).toMatchObject({ EventCount: 1 });
    expect(await bench.engine.blobs.names()).toEqual(['events-archive/1/1-2']);
    await bench.call('UpdateArchive', { ArchiveName: 'sales', RetentionDays: 0 });
    await bench.test.advance(10 * DAY_MS);
    expect(await archived(bench)).toMatchObject({ EventCount: 1 });
    await bench.call('UpdateArchive', { ArchiveName: 'sales', RetentionDays: 1 });
    await bench.test.advance(0);
    expect(await archived(bench)).toMatchObject({ EventCount: 0, SizeBytes: 0 });
    expect(await bench.engine.blobs.names()).toEqual([]);
  });

  it('leaves nothing behind when it is deleted', async () => {
    const bench = await ArchiveBench.open();
    await bench.archive();
    await bench.put([1]);
    await bench.test.advance(3_600_000);
    await bench.put([2]);
    await bench.received();
    await bench.call('DeleteArchive', { ArchiveName: 'sales' });
    await bench.test.settle();
    expect(await bench.engine.blobs.names()).toEqual([]);
    expect(bench.test.cell.payloads.count).toBe(0);
    await bench.archive();
    await bench.put([3]);
    await bench.test.advance(3_600_000);
    expect(await bench.engine.blobs.names()).toEqual(['events-archive/2/0-1']);
  });

  it.each([
    ['kill -9', false],
    ['a clean stop', true],
  ])('is the same after %s', async (_how, isClean) => {
    const bench = await ArchiveBench.open();
    await bench.archive({ RetentionDays: 5 });
    await bench.put([1, 2]);
    await bench.test.advance(3_600_000);
    await bench.put([3]);
    const before = await archived(bench);
    await bench.restart(isClean);
    expect(await archived(bench)).toEqual(before);
    await bench.put([4]);
    await bench.test.advance(3_600_000);
    expect(await bench.engine.blobs.names()).toEqual(['events-archive/1/0-4']);
    await bench.test.advance(6 * DAY_MS);
    expect(await archived(bench)).toMatchObject({ EventCount: 0 });
  });

  it('does not miss a block, nor keep an orphan, when the process ends between writing it and the fact', async () => {
    const bench = await ArchiveBench.open();
    await bench.archive();
    await bench.put([1, 2]);
    // What a crash leaves: a block of a range that no fact speaks of.
    await bench.engine.blobs.put('events-archive/1/0-1', new Uint8Array([1]));
    await bench.restart();
    expect(await bench.engine.blobs.names()).toEqual([]);
    await bench.test.advance(3_600_000);
    expect(await bench.engine.blobs.names()).toEqual(['events-archive/1/0-2']);
  });

  it('has every event once, whenever the process ends while blocks are written', async () => {
    const bench = await ArchiveBench.open();
    await bench.archive();
    let count = 0;
    for (let life = 0; life < 24; life += 1) {
      await bench.put([count, count + 1, count + 2]);
      count += 3;
      // An hour later a block is begun, and some moments later all is over.
      bench.test.clock.moveTo(bench.test.clock.nowMs() + 3_600_000);
      for (let moment = 0; moment < life % 12; moment += 1) await new Promise((resolve) => setImmediate(resolve));
      await bench.crash(life % 3 === 0);
    }
    expect(await archived(bench)).toMatchObject({ EventCount: count });
    await bench.received();
    await bench.replay();
    await bench.test.settle();
    expect(itemsOf(await bench.received())).toEqual(Array.from({ length: count }, (_, item) => item));
    expect(await bench.engine.blobs.names()).toHaveLength(1);
    expect(bench.test.cell.payloads.count).toBe(0);
  });

  it('writes a block later when the disk refuses it now', async () => {
    const bench = await ArchiveBench.open();
    await bench.archive();
    await bench.put([1]);
    const { put } = bench.engine.blobs;
    bench.engine.blobs.put = async () => {
      throw new Error('no space left on device');
    };
    await bench.test.advance(3_600_000 + 60_000);
    expect(bench.test.takeFacts().filter(({ name }) => name === 'ArchiveBlockPostponed')).toHaveLength(3);
    bench.engine.blobs.put = put;
    await bench.test.advance(30_000);
    expect(await bench.engine.blobs.names()).toEqual(['events-archive/1/0-1']);
  });
});

describe('archives', () => {
  it('are listed by name, bus or state, in pages', async () => {
    const bench = await ArchiveBench.open();
    for (const name of ['a', 'ab', 'b']) await bench.archive({ ArchiveName: name });
    const names = async (input: unknown) => {
      const { Archives, NextToken } = await bench.call<{ Archives: { ArchiveName: string }[]; NextToken?: string }>(
        'ListArchives',
        input,
      );
      return { names: Archives.map(({ ArchiveName }) => ArchiveName), NextToken };
    };
    expect(await names({})).toMatchObject({ names: ['a', 'ab', 'b'] });
    expect(await names({ NamePrefix: 'a' })).toMatchObject({ names: ['a', 'ab'] });
    expect(await names({ EventSourceArn: BUS_ARN })).toMatchObject({ names: ['a', 'ab', 'b'] });
    expect(await names({ State: 'DISABLED' })).toMatchObject({ names: [] });
    const first = await names({ Limit: 2 });
    expect(first.names).toEqual(['a', 'ab']);
    expect(await names({ Limit: 2, NextToken: first.NextToken })).toEqual({ names: ['b'], NextToken: undefined });
    expect(await bench.refusal('ListArchives', { NamePrefix: 'a', State: 'ENABLED' })).toBe(
      'ValidationException: At most one filter is allowed for ListArchives. Use either : State, EventSourceArn, or NamePrefix.',
    );
  });

  it.each([
    [
      { ArchiveName: 'a b' },
      "ValidationException: 1 validation error detected: Value 'a b' at 'archiveName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+",
    ],
    [
      { ArchiveName: 'a'.repeat(49) },
      `ValidationException: 1 validation error detected: Value '${'a'.repeat(49)}' at 'archiveName' failed to satisfy constraint: Member must have length less than or equal to 48`,
    ],
    [{ EventSourceArn: BUS_ARN.replace('shop', 'none') }, 'ResourceNotFoundException: Event bus none does not exist.'],
    [
      { EventSourceArn: BUS_ARN.replace('000000000000', '111111111111') },
      'ResourceNotFoundException: Event bus shop does not exist.',
    ],
    [
      { EventSourceArn: ARCHIVE_ARN },
      'ValidationException: Parameter EventSourceArn is not valid. Reason: Must contain an event bus ARN.',
    ],
    [{ ArchiveName: 'taken' }, 'ResourceAlreadyExistsException: Archive taken already exists.'],
    [
      { RetentionDays: -1 },
      "ValidationException: 1 validation error detected: Value '-1' at 'retentionDays' failed to satisfy constraint: Member must have value greater than or equal to 0",
    ],
    [
      { EventPattern: '{' },
      expect.stringMatching(/^InvalidEventPatternException: Event pattern is not valid. Reason: /),
    ],
    [
      { KmsKeyIdentifier: 'alias/mine' },
      'ValidationException: KmsKeyIdentifier (customer managed keys) is not available on this server.',
    ],
  ])('are refused with AWS words: %j', async (change, text) => {
    const bench = await ArchiveBench.open();
    await bench.archive({ ArchiveName: 'taken' });
    const input = { ArchiveName: 'sales', EventSourceArn: BUS_ARN, ...change };
    expect(await bench.refusal('CreateArchive', input)).toEqual(text);
  });
});
