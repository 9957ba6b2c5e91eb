// Records of a shard were read: those that a filter wants wait for their batch.

import type { ShardPage, StreamReader } from '#cell/stream-source.ts';
import { readerOf } from '#structures/shard-reading/stream-run.ts';
import type { LambdaTurn } from '../find-function.ts';
import { StreamNotRead, StreamRecordsFilteredOut } from './facts.ts';
import { StreamFilter } from './filters.ts';
import { functionRecord } from './function-record.ts';
import { pollCrowdedOut, pollStream } from './poll.ts';
import type { FunctionRun } from './source.ts';

/** A disk that could not be read is asked again. */
const READ_AGAIN_MS = 1_000;
/** Plausible: AWS's own text of an error that is not the customer's. */
const NOT_READ = 'PROBLEM: internal Lambda error. Please contact Lambda customer support.';

export const functionStreamReader: StreamReader = {
  recordsRead: (turn, subject, page) => recordsRead(turn as LambdaTurn, subject, page),
};

function recordsRead(turn: LambdaTurn, subject: string, page: ShardPage | undefined): void {
  const found = readerOf(turn.state.running.streams, subject);
  if (found === undefined) return;
  const { key, shardId, run, reader } = found;
  if (page === undefined) {
    reader.notRead();
    turn.record(StreamNotRead, { mapping: key, problem: NOT_READ, untilMs: turn.nowMs + READ_AGAIN_MS });
    return;
  }
  const filter = filterOf(turn, run, key);
  const records = page.records.map(functionRecord).filter((record) => !reader.isDone(record));
  const wanted = records.filter((record) => filter.wants(record));
  reader.took({ wanted, next: page.next, isEnd: page.isEnd });
  const filtered = records.length - wanted.length;
  // What is passed over is a checkpoint of its own only when nothing follows that will make one.
  if (filtered > 0 && wanted.length === 0) {
    const { lanes } = reader.progress;
    const span = { first: records[0]?.sequenceNumber, last: records[records.length - 1]?.sequenceNumber };
    turn.record(StreamRecordsFilteredOut, { mapping: key, shard: shardId, count: filtered, lanes, ...span });
  }
  pollStream(turn, key);
  pollCrowdedOut(turn);
}

/** Compiled once for as long as the mapping names the same ones. */
function filterOf(turn: LambdaTurn, run: FunctionRun, key: string): StreamFilter {
  const { streamFilters } = turn.state.running;
  const { filters } = run.cause;
  const known = streamFilters.get(key);
  if (known?.texts === filters) return known;
  const filter = new StreamFilter(filters);
  streamFilters.set(key, filter);
  return filter;
}
