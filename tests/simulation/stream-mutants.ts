// Planted mutants of streams: each breaks one promise the way a plausible defect would, and must be found.

import type { Cell } from '#cell/cell.ts';
import type { ShardDoc } from '#services/kinesis/documents.ts';
import type { KinesisState } from '#services/kinesis/state.ts';
import { brokenApply, type Mutant, mutants } from './mutants.ts';

const stateOf = (cell: Cell): KinesisState => cell.registry.services.get('kinesis')?.state as KinesisState;

/** Replaces what a shard's document says. */
function brokenShards(change: (doc: ShardDoc, cell: Cell) => ShardDoc): Mutant {
  return (cell) => {
    const table = cell.registry.tables.get('kinesis.shards');
    if (table === undefined) throw new Error('the mutant needs a new name of the table of shards');
    const original = table.put.bind(table);
    (table as { put(key: string, doc: unknown): void }).put = (key, doc) =>
      original(key, change(doc as ShardDoc, cell));
  };
}

/** Acts at every n-th call. */
function everyNth(n: number, usual: (fact: unknown) => void, rare: (fact: unknown) => void): (fact: unknown) => void {
  let count = 0;
  return (fact) => {
    count += 1;
    (count % n === 0 ? rare : usual)(fact);
  };
}

export const streamMutants: Readonly<Record<string, Mutant>> = {
  'acknowledge-early': mutants['acknowledge-early'] as Mutant,
  'drop-live-segments': mutants['drop-live-segments'] as Mutant,
  'misplace-payloads': mutants['misplace-payloads'] as Mutant,
  /** Some records are journaled and not remembered. */
  'forget-records': (cell) => {
    let count = 0;
    brokenApply('RecordsPut', (fact, _cell, original) => {
      count += 1;
      if (count % 40 !== 0) original(fact);
    })(cell);
  },
  /** A block replaces one batch more than it holds. */
  'seal-too-much': brokenApply('ShardBlockSealed', (fact, at, original) => {
    const log = stateOf(at).contents.get(Number(fact['stream']))?.shards.get(Number(fact['shard']))?.log;
    const count = Number(fact['count']);
    original({ ...fact, count: Math.min(count + 1, log?.fresh.count ?? count) });
  }),
  /** A block that was joined to the one before is taken for a block of its own. */
  'forget-joins': brokenApply('ShardBlockSealed', (fact, _cell, original) => original({ ...fact, hasJoined: false })),
  /** Records go on into shards that were closed. */
  'keep-routing': (cell) => {
    const table = cell.registry.tables.get('kinesis.streams');
    if (table === undefined) throw new Error('the mutant needs a new name of the table of streams');
    const original = table.put.bind(table);
    (table as { put(key: string, doc: unknown): void }).put = (key, doc) => {
      original(key, doc);
      for (const stream of stateOf(cell).contents.values()) stream.shardsChanged = () => {};
    };
  },
  /** A parent is never at its end. */
  'leave-parents-open': brokenShards((doc) => ({ ...doc, closedAtMs: undefined })),
  /** Children do not know their parents: they are read too early, or never found. */
  'forget-parents': brokenShards((doc) => ({ ...doc, parents: [] })),
  /** A child's numbers are not behind its parent's. */
  'number-from-zero': brokenShards((doc) => (doc.parents.length === 0 ? doc : { ...doc, epochSeconds: 1_000 })),
  /** Some batches are remembered twice. */
  'remember-twice': (cell) => {
    const apply = [...cell.registry.facts.values()].find(({ kind }) => kind.name === 'RecordsPut');
    if (apply === undefined) throw new Error('no fact is called RecordsPut: the mutant needs a new name');
    const original = apply.apply.bind(apply);
    apply.apply = everyNth(60, original, (fact) => {
      original(fact);
      original(fact);
    });
  },
};
