import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LogPlace, LogRecord, RecordHead } from '#structures/append-log/block.ts';
import type { ReadPage } from '#structures/append-log/effects.ts';
import { compareInTime } from '#structures/append-log/page.ts';
import { RecordReader } from './record-reader.ts';

const BLOCKS = 20;
const PER_BLOCK = 10;

/** Blocks whose records have these times, all of them overlapping. */
function overlapping(times: readonly number[]) {
  const records: LogRecord[] = times.map((timeMs, sequence) => ({
    sequence,
    atMs: sequence,
    timeMs,
    bytes: new Uint8Array([sequence % 256]),
  }));
  const blocks = Array.from({ length: BLOCKS }, (_, i) => ({
    name: String(i),
    minTimeMs: Math.min(...times.slice(i * PER_BLOCK, (i + 1) * PER_BLOCK)),
    firstSequence: i * PER_BLOCK,
  })).sort((a, b) => a.minTimeMs - b.minTimeMs);
  const read = async (name: string, isWanted: (head: RecordHead) => boolean = () => true) =>
    records.slice(Number(name) * PER_BLOCK, (Number(name) + 1) * PER_BLOCK).filter(isWanted);
  const get = async (name: string) => (await read(name)).sort(compareInTime);
  return { records, blocks, read, get };
}

const times = fc.array(fc.integer({ min: 0, max: 60 }), {
  minLength: BLOCKS * PER_BLOCK,
  maxLength: BLOCKS * PER_BLOCK,
});

it('gives every reader all records in order, whatever was taken ahead for another one', async () => {
  await fc.assert(
    fc.asyncProperty(
      times,
      fc.integer({ min: 1, max: 40 }),
      fc.infiniteStream(fc.boolean()),
      async (given, ahead, turns) => {
        const { records, blocks, read, get } = overlapping(given);
        const reader = new RecordReader({ read }, { get }, ahead);
        const found: LogRecord[][] = [[], []];
        const isOver = [false, false];
        for (const turn of turns) {
          const who = isOver[0] ? 1 : isOver[1] ? 0 : Number(turn);
          const own = found[who] as LogRecord[];
          const after: LogPlace = own.at(-1) ?? { timeMs: 0, sequence: -1 };
          const range = {
            order: 'time' as const,
            after,
            beforeTimeMs: 50,
            beforeSequence: 190,
            sinceAtMs: 5,
            countMax: 7,
            bytesMax: 1_000,
          };
          const page = (await reader.read({ range, blocks })) as Exclude<ReadPage, { missing: string }>;
          own.push(...page.records);
          if (!page.isCut) isOver[who] = true;
          if (isOver.every(Boolean)) break;
        }
        const wanted = records.filter(({ timeMs, sequence }) => timeMs < 50 && sequence < 190 && sequence >= 5);
        wanted.sort(compareInTime);
        expect(found).toEqual([wanted, wanted]);
      },
    ),
    { numRuns: 60 },
  );
});
