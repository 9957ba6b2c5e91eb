// Planted mutants of delivery streams: each breaks one promise the way a plausible defect would, and must be found.

import type { Cell } from '#cell/cell.ts';
import type { ServiceDefinition } from '#cell/service-definition.ts';
import type { Outcome, Turn } from '#cell/turn.ts';
import { BatchEnded } from '#services/firehose/facts.ts';
import { type FirehoseState, type FirehoseTurn, laneBySubject, laneNumber } from '#services/firehose/state.ts';
import { brokenApply, type Mutant, mutants } from './mutants.ts';

const HOUR_MS = 3_600_000;

type Handler = (turn: Turn, subject: string, outcome: Outcome) => void;
type Own = { timers: Record<string, Handler>; reactions: Record<string, Handler> };

/** The simulation gives each process a definition of its own. */
function definitionOf(cell: Cell): ServiceDefinition {
  const definition = cell.registry.services.get('firehose')?.definition;
  if (definition === undefined) throw new Error('the mutant needs the room');
  return definition;
}

const stateOf = (cell: Cell): FirehoseState => cell.registry.services.get('firehose')?.state as FirehoseState;

/** Replaces a timer or a reaction. */
function broken(
  kind: keyof Own,
  name: string,
  act: (original: () => void, given: { turn: FirehoseTurn; subject: string; outcome: Outcome }) => void,
): Mutant {
  return (cell) => {
    const handlers = (definitionOf(cell) as unknown as Own)[kind];
    const original = handlers[name];
    if (original === undefined) throw new Error(`nothing of ${kind} is called ${name}: the mutant needs a new name`);
    handlers[name] = (turn, subject, outcome) =>
      act(() => original(turn, subject, outcome), { turn: turn as FirehoseTurn, subject, outcome });
  };
}

/** Lets the records of a lane go up to a number, delivered or not. */
function letGo(turn: FirehoseTurn, subject: string, end: 'first pack' | 'whole batch'): void {
  const found = laneBySubject(turn.state, subject);
  const run = turn.state.runs.get(subject);
  if (found === undefined || run === undefined || found.lane.log.fresh.count === 0) return;
  const { log, name } = found.lane;
  turn.record(BatchEnded, {
    ...{ stream: found.content.number, lane: laneNumber(name), outcome: 'delivered', objects: [], atMs: turn.nowMs },
    endSequence: end === 'first pack' ? log.firstSequence + 1 : run.endSequence,
    keptBack: undefined,
  });
}

function brokenTimes(change: (dueAtMs: number) => number): Mutant {
  return (cell) => {
    const { timers } = cell.memory;
    const set = timers.set.bind(timers);
    timers.set = (key, dueAtMs) => set(key, JSON.stringify(key).includes('flush') ? change(dueAtMs) : dueAtMs);
  };
}

export const firehoseMutants: Readonly<Record<string, Mutant>> = {
  'acknowledge-early': mutants['acknowledge-early'] as Mutant,
  'drop-live-segments': mutants['drop-live-segments'] as Mutant,
  'misplace-payloads': mutants['misplace-payloads'] as Mutant,
  /** What is oldest leaves the buffer when its delivery begins. */
  'forget-at-start': broken('timers', 'flush', (original, { turn, subject }) => {
    original();
    letGo(turn, subject, 'first pack');
  }),
  /** The batch has ended when its objects are made, and not when the bucket has them. */
  'end-before-upload': broken('reactions', 'shaped', (original, { turn, subject }) => {
    letGo(turn, subject, 'whole batch');
    original();
  }),
  /** Each failure is the first one. */
  'retry-for-ever': brokenApply('BatchFailed', (fact, _cell, original) =>
    original({ ...fact, firstFailedAtMs: fact['retryAtMs'] }),
  ),
  /** The first failure is the last one. */
  'give-up-early': brokenApply('BatchFailed', (fact, _cell, original) => original({ ...fact, isGivenUp: true })),
  /** What the bucket took of a batch is forgotten when it refused the rest. */
  'put-again': brokenApply('BatchFailed', (fact, _cell, original) => original({ ...fact, put: undefined })),
  /** Some retries are planned for a time that never comes. */
  'lose-retries': brokenApply('BatchFailed', (fact, _cell, original) =>
    original({ ...fact, retryAtMs: Number(fact['retryAtMs']) + (Number(fact['attempts']) > 2 ? 1_000 * HOUR_MS : 0) }),
  ),
  /** Error records are made, and put nowhere. */
  'skip-error-output': broken('reactions', 'errors-written', (original, { turn, subject }) => {
    const run = turn.state.runs.get(subject);
    const finish = run?.finish;
    if (run !== undefined && finish !== undefined) {
      run.finish = (found) => {
        found.run.errorBodies.length = 0;
        finish(found);
      };
    }
    original();
  }),
  /** A snapshot does not bring back what waits for the backup. */
  'lose-backup-at-restart': (cell) => {
    const { snapshot } = definitionOf(cell);
    if (snapshot === undefined) throw new Error('the mutant needs the snapshot');
    const { read } = snapshot;
    snapshot.read = (state, ...sections) => {
      read(state, ...sections);
      for (const { lanes } of (state as FirehoseState).contents.values()) lanes.delete('backup');
    };
  },
  /** The source is taken to be read further than it was. */
  'checkpoint-early': brokenApply('SourceRecordsRead', (fact, _cell, original) => {
    const next = Number(fact['next']);
    original(next % 5 === 0 && fact['isEnd'] !== true ? { ...fact, next: next + 1 } : fact);
  }),
  /** The last record that was read is read again. */
  'checkpoint-late': (cell) => {
    const again = new Set<string>();
    brokenApply('SourceRecordsRead', (fact, _cell, original) => {
      const next = Number(fact['next']);
      const place = `${fact['stream']} ${fact['shard']} ${next}`;
      const isLate = next % 7 === 1 && fact['isEnd'] !== true && !again.has(place);
      again.add(place);
      original(isLate ? { ...fact, next: next - 1 } : fact);
    })(cell);
  },
  /** What a destination left over is forgotten. */
  'lose-leftovers': brokenApply('BatchNarrowed', (fact, _cell, original) => original({ ...fact, packs: [] })),
  /** What the function made is remembered twice. */
  'deliver-twice': brokenApply('RecordsTransformed', (fact, _cell, original) => {
    original(fact);
    original(fact);
  }),
  /** An endpoint's answer is not understood. */
  'mishear-answers': broken('reactions', 'http-answered', (original, { outcome }) => {
    const { result } = outcome as { result: { outcome: string } };
    if (result.outcome === 'delivered')
      Object.assign(result, { outcome: 'failed', code: 'unheard', message: 'unheard', isRetryable: true });
    original();
  }),
  'flush-late': brokenTimes((dueAtMs) => dueAtMs + HOUR_MS),
  'flush-early': brokenTimes((dueAtMs) => dueAtMs - 40_000),
  /** Some puts wait for the one behind them. */
  overtake: (cell) => {
    let held: unknown;
    brokenApply('RecordsPut', (fact, _cell, original) => {
      if (held === undefined && Number(fact['payload']) % 9 === 0) {
        held = fact;
        return;
      }
      original(fact);
      if (held !== undefined) original(held);
      held = undefined;
    })(cell);
  },
  /** A block replaces one pack more than it holds. */
  'seal-too-much': brokenApply('BufferBlockSealed', (fact, cell, original) => {
    const subject = `${fact['stream']}/deliver`;
    const count = Number(fact['count']);
    const most = laneBySubject(stateOf(cell), subject)?.lane.log.fresh.count ?? count;
    original({ ...fact, count: Math.min(count + 1, Math.max(most, count)) });
  }),
  /** A changed destination is shown, and the old one is used. */
  'keep-old-plan': (cell) => {
    const table = cell.registry.tables.get('firehose.streams');
    if (table === undefined) throw new Error('the mutant needs a new name of the table of streams');
    const original = table.put.bind(table);
    (table as { put(key: string, doc: { number: number }): void }).put = (key, doc) => {
      const plan = stateOf(cell).contents.get(doc.number)?.plan;
      original(key, doc);
      const content = stateOf(cell).contents.get(doc.number);
      if (plan !== undefined && content !== undefined) content.plan = plan;
    };
  },
  /** Records of a stream that was deleted are still delivered. */
  'deliver-what-was-deleted': (cell) => {
    const { contents } = stateOf(cell);
    contents.delete = () => false;
  },
};
