// A replay goes step by step: the next hundred events are read from the archive's blocks outside the cell, come back as a reaction, go through the
// bus in that turn together with the fact how far the replay is, and only when that is durable the next ones are read. So it never holds more
// than a step, others have their turns in between, and after a crash it goes on exactly behind the last event that was handed over.
//
// It reads blocks only: what is fresh when the replay starts is written to a block first. What is archived later is not part of it.

import { blockName } from '#structures/append-log/block.ts';
import { READ_RECORDS, type ReadRecords } from '#structures/append-log/effects.ts';
import { busByArn } from '../../buses/find-bus.ts';
import type { EventsTurn } from '../../state.ts';
import { ReplayEnded, ReplayPaused } from '../facts.ts';
import {
  REPLAY_KEPT_MS,
  REPLAY_OPEN_DELIVERIES_MAX,
  REPLAY_PAUSE_MS,
  REPLAY_STEP_BYTES,
  REPLAY_STEP_EVENTS,
} from '../limits.ts';
import { sealNow } from '../sealing.ts';
import { type ArchiveContent, logName, type ReplayOutcome, type ReplayRun } from '../state.ts';

export const EVENTS_READ = 'replay-events-read';

/** Does what comes next: ends, waits for a block, or reads. Nothing while events are being read already. */
export function pumpReplay(turn: EventsTurn, run: ReplayRun): void {
  const { reading, contents } = turn.state.archives;
  if (run.ended !== undefined || reading.has(run.number)) return;
  if (run.isCancelled) {
    endReplay(turn, run, { outcome: 'CANCELLED' });
    return;
  }
  const content = contents.get(run.doc.archiveNumber);
  const missing = content === undefined ? run.doc.archiveArn : missingBus(turn, run);
  if (content === undefined || missing !== undefined) {
    endReplay(turn, run, { outcome: 'FAILED', reason: `${missing} was deleted during the replay.` });
    return;
  }
  if (content.log.sealedEnd < run.endSequence) sealNow(turn, content);
  else if (!mustPause(turn, run)) readNext(turn, run, content);
}

/** Begins a pause, unless one has just ended: then it is time for a step. */
function mustPause(turn: EventsTurn, { number, pausedUntilMs }: ReplayRun): boolean {
  if (pausedUntilMs !== undefined) return turn.nowMs < pausedUntilMs;
  const openDeliveries = turn.doors.deliveries.openCount(turn);
  if (openDeliveries <= REPLAY_OPEN_DELIVERIES_MAX) return false;
  turn.record(ReplayPaused, { replay: number, openDeliveries, untilMs: turn.nowMs + REPLAY_PAUSE_MS });
  return true;
}

/** The timer. */
export function endPause(turn: EventsTurn, subject: string): void {
  const run = turn.state.archives.runs.get(Number(subject));
  if (run !== undefined) pumpReplay(turn, run);
}

function missingBus(turn: EventsTurn, { doc }: ReplayRun): string | undefined {
  return busByArn(turn.state, doc.busArn) === undefined ? doc.busArn : undefined;
}

function readNext(turn: EventsTurn, run: ReplayRun, { number, log }: ArchiveContent): void {
  const { blocks, beforeTimeMs } = log.nextInTime(run.after, run.doc.toMs);
  if (run.after.timeMs >= run.doc.toMs || (blocks.length === 0 && beforeTimeMs >= run.doc.toMs)) {
    endReplay(turn, run, { outcome: 'COMPLETED' });
    return;
  }
  const input: ReadRecords = {
    range: {
      order: 'time',
      after: run.after,
      beforeTimeMs,
      beforeSequence: run.endSequence,
      sinceAtMs: run.sinceAtMs,
      countMax: REPLAY_STEP_EVENTS,
      bytesMax: REPLAY_STEP_BYTES,
    },
    blocks: blocks.map((block) => ({
      name: blockName(logName(number), block),
      minTimeMs: block.minTimeMs,
      firstSequence: block.firstSequence,
    })),
  };
  turn.state.archives.reading.set(run.number, beforeTimeMs);
  turn.perform({
    performer: READ_RECORDS,
    input,
    then: { reaction: EVENTS_READ, subject: String(run.number) },
  });
}

export function endReplay(
  turn: EventsTurn,
  run: ReplayRun,
  { outcome, reason, detail }: { readonly outcome: ReplayOutcome; readonly reason?: string; readonly detail?: string },
): void {
  turn.record(ReplayEnded, {
    replay: run.number,
    outcome,
    reason,
    detail,
    atMs: turn.nowMs,
    forgottenAtMs: turn.nowMs + REPLAY_KEPT_MS,
  });
}

/** The archive has changed: a block is there, or it is gone. */
export function pumpReplaysOf(turn: EventsTurn, archive: number): void {
  for (const run of turn.state.archives.runs.values()) if (run.doc.archiveNumber === archive) pumpReplay(turn, run);
}

/** The timer: AWS forgets a replay after 90 days. */
export function forgetReplay(turn: EventsTurn, subject: string): void {
  const run = turn.state.archives.runs.get(Number(subject));
  if (run === undefined) return;
  const { account, region, name } = run.doc;
  turn.drop(turn.state.archives.replays, `${account}/${region}/${name}`);
}
