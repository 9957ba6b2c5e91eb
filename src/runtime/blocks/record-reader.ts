// Pages of records across blocks. As a rule few blocks can hold what comes next, and those are cached. Records whose times have nothing to do with
// when they came lie in all blocks: then a pass over the blocks takes far more than was asked for, and the next pages are cut from that.

import { assertDefined } from '#base/assert.ts';
import type { LogPlace } from '#structures/append-log/block.ts';
import type { ReadPage, ReadRecords } from '#structures/append-log/effects.ts';
import { compareIn, type LogOrder, type PageRange, RecordPage } from '#structures/append-log/page.ts';
import { type BlockCache, CACHED_BLOCKS_MAX } from './block-cache.ts';
import type { BlockStore } from './block-store.ts';

/** What a pass over many blocks takes. */
const AHEAD_COUNT = 20_000;
const AHEAD_BYTES = 8 * 1024 * 1024;
/** Readers that are served from what was taken ahead. */
const READERS_MAX = 10;

type FoundPage = Exclude<ReadPage, { readonly missing: string }>;

interface TakenAhead extends FoundPage {
  /** What was asked, but for the place to begin. */
  readonly question: string;
  readonly range: PageRange;
}

export class RecordReader {
  /** Least recently taken first. */
  private ahead: TakenAhead[] = [];

  constructor(
    private readonly store: Pick<BlockStore, 'read'>,
    private readonly cache: Pick<BlockCache, 'get'>,
    private readonly aheadCount = AHEAD_COUNT,
  ) {}

  async read(request: ReadRecords): Promise<ReadPage> {
    const { range, blocks } = request;
    if (blocks.length <= CACHED_BLOCKS_MAX) return this.pass(request);
    const question = questionOf(request);
    for (const taken of this.ahead) {
      const cut = taken.question === question ? cutFrom(taken, range) : undefined;
      if (cut !== undefined) return cut;
    }
    const wide = { ...range, countMax: Math.max(range.countMax, this.aheadCount), bytesMax: AHEAD_BYTES };
    const page = await this.widePass({ range: wide, blocks });
    if ('missing' in page || page.records.length === 0) return page;
    const taken = { ...page, question, range: wide };
    const others = this.ahead.filter((known) => known.question !== question || !isReadUp(known, range));
    this.ahead = [...others.slice(1 - READERS_MAX), taken];
    return assertDefined(cutFrom(taken, range), 'the beginning of what was taken');
  }

  private async pass({ range, blocks }: ReadRecords): Promise<ReadPage> {
    const page = new RecordPage(range);
    for (const block of blocks) {
      if (page.isCompleteBefore(beginOf(block, range.order))) break;
      const records = await this.cache.get(block.name, range.order);
      if (records === undefined) return { missing: block.name };
      page.add(records);
    }
    return page.take();
  }

  /** Past the cache: of each block little is wanted, and never again for this page. */
  private async widePass({ range, blocks }: ReadRecords): Promise<ReadPage> {
    const page = new RecordPage(range);
    for (const block of blocks) {
      if (page.isCompleteBefore(beginOf(block, range.order))) break;
      const records = await this.store.read(block.name, (head) => page.wants(head));
      if (records === undefined) return { missing: block.name };
      page.addUnordered(records);
    }
    return page.take();
  }
}

/** A place that none of the block's records comes before. */
function beginOf({ minTimeMs, firstSequence }: ReadRecords['blocks'][number], order: LogOrder): LogPlace {
  return order === 'time' ? { timeMs: minTimeMs, sequence: -1 } : { timeMs: 0, sequence: firstSequence };
}

/** The part of it that is asked for now; undefined when it begins behind that place or ends before it. */
function cutFrom({ records, isCut, range: whole }: TakenAhead, range: PageRange): FoundPage | undefined {
  if (compareIn(range.order)(range.after, whole.after) < 0) return undefined;
  const page = new RecordPage(range);
  page.add(records);
  const cut = page.take();
  return cut.records.length === 0 ? undefined : { records: cut.records, isCut: cut.isCut || isCut };
}

function questionOf({ range, blocks }: ReadRecords): string {
  const { order, beforeTimeMs, beforeSequence, sinceAtMs } = range;
  return JSON.stringify([order, beforeTimeMs, beforeSequence, sinceAtMs, blocks.map(({ name }) => name)]);
}

/** Whoever asks for what comes behind its last record has had all of it. */
function isReadUp({ records }: TakenAhead, { order, after }: PageRange): boolean {
  const last = records[records.length - 1];
  return last === undefined || compareIn(order)(last, after) === 0;
}
