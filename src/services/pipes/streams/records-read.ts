// Records of a shard were read: those that a filter wants wait for their batch.

import type { ShardPage, StreamReader } from '#cell/stream-source.ts';
import { readerOf } from '#structures/shard-reading/stream-run.ts';
import { PipePaused, PipeStreamAdvanced } from '../facts.ts';
import { makeRoom } from '../polling/batch.ts';
import { poll } from '../polling/poll.ts';
import type { PipesTurn } from '../state.ts';
import { StreamFilter } from './filter.ts';
import { spanOf } from './give-up.ts';
import { pipeRecord } from './record-event.ts';
import type { PipeRun } from './source.ts';

/** A disk that could not be read is asked again. */
const READ_AGAIN_MS = 1_000;

export const pipeStreamReader: StreamReader = {
  recordsRead: (turn, subject, page) => recordsRead(turn as PipesTurn, subject, page),
};

function recordsRead(turn: PipesTurn, subject: string, page: ShardPage | undefined): void {
  const found = readerOf(turn.state.running.streams, subject);
  if (found === undefined) return;
  const { key, shardId, run, reader } = found;
  if (page === undefined) {
    reader.notRead();
    turn.record(PipePaused, { pipe: key, untilMs: turn.nowMs + READ_AGAIN_MS, reason: 'The stream was not read.' });
    return;
  }
  const filter = filterOf(turn, run, key);
  const records = page.records.map(pipeRecord).filter((record) => !reader.isDone(record));
  const wanted = records.filter((record) => filter.wants(record));
  reader.took({ wanted, next: page.next, isEnd: page.isEnd });
  // What is passed over is a checkpoint of its own only when nothing follows that will make one.
  if (records.length > 0 && wanted.length === 0) {
    turn.record(PipeStreamAdvanced, {
      ...{ pipe: key, shard: shardId, execution: undefined, outcome: 'filtered' },
      ...spanOf({ records, lane: 0, failures: 0, dueAtMs: 0 }),
      lanes: reader.progress.lanes,
      ...{ code: undefined, detail: undefined, retryAtMs: undefined, deadLetterArn: undefined, lane: undefined },
    });
  }
  poll(turn, key);
  makeRoom(turn);
}

/** Compiled once for as long as the pipe names the same patterns. */
function filterOf(turn: PipesTurn, run: PipeRun, key: string): StreamFilter {
  const { streamFilters } = turn.state.running;
  const texts = run.cause.source.filters ?? NONE;
  const known = streamFilters.get(key);
  if (known?.texts === texts) return known;
  const filter = new StreamFilter(texts);
  streamFilters.set(key, filter);
  return filter;
}

const NONE: readonly string[] = [];
