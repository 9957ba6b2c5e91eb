// One step of a replay: events that were read go through the bus, as new events that carry the replay's name.

import type { Outcome } from '#cell/turn.ts';
import { rootOf } from '#model/principal.ts';
import { scopeOf } from '#model/scope.ts';
import type { LogPlace, LogRecord } from '#structures/append-log/block.ts';
import { blockName } from '#structures/append-log/block.ts';
import type { ReadPage } from '#structures/append-log/effects.ts';
import type { BusDoc } from '../../buses/documents.ts';
import { busByArn } from '../../buses/find-bus.ts';
import { route } from '../../routing/route.ts';
import type { EventsTurn } from '../../state.ts';
import { ReplayAdvanced } from '../facts.ts';
import { logName, type ReplayRun } from '../state.ts';
import { endReplay, pumpReplay } from './pump.ts';
import { replayedEvent } from './replayed-event.ts';

/** Which file and place is the operator's business: the story tells. */
const UNREADABLE = 'Stored events could not be read; where is told to the operator.';

export function eventsRead(turn: EventsTurn, subject: string, outcome: Outcome): void {
  const { runs, reading } = turn.state.archives;
  const run = runs.get(Number(subject));
  const beforeTimeMs = reading.get(Number(subject));
  reading.delete(Number(subject));
  if (run === undefined || run.ended !== undefined || beforeTimeMs === undefined) return;
  const bus = busByArn(turn.state, run.doc.busArn);
  // Cancelled, or something is gone: pumping ends it.
  if (run.isCancelled || bus === undefined || !turn.state.archives.contents.has(run.doc.archiveNumber)) {
    pumpReplay(turn, run);
    return;
  }
  const problem = 'failed' in outcome ? outcome.failed : missingBlock(turn, run, outcome.result as ReadPage);
  if (problem !== undefined) {
    endReplay(turn, run, { outcome: 'FAILED', reason: UNREADABLE, detail: problem });
    return;
  }
  const page = (outcome as { readonly result: ReadPage }).result;
  if ('records' in page) advance(turn, run, { bus, ...page, beforeTimeMs });
  pumpReplay(turn, run);
}

/** A block may have been joined or expired while it was read: then the next plan knows better. */
function missingBlock(turn: EventsTurn, run: ReplayRun, page: ReadPage): string | undefined {
  if (!('missing' in page)) return undefined;
  const content = turn.state.archives.contents.get(run.doc.archiveNumber);
  const log = logName(run.doc.archiveNumber);
  const isKnown = content?.log.blocks.some((block) => blockName(log, block) === page.missing) ?? false;
  return isKnown ? `the block ${page.missing} is not in the store` : undefined;
}

interface Step {
  readonly bus: BusDoc;
  readonly records: readonly LogRecord[];
  readonly isCut: boolean;
  readonly beforeTimeMs: number;
}

function advance(turn: EventsTurn, run: ReplayRun, { bus, records, isCut, beforeTimeMs }: Step): void {
  const { account, region } = run.doc;
  const own = turn.within(scopeOf(account, region), rootOf(account));
  let refused = 0;
  for (const record of records) {
    const event = replayedEvent(record, run, { id: turn.uuid(), bus });
    if ('violation' in route(own, event)) refused += 1;
  }
  const last = records[records.length - 1];
  const place: LogPlace = isCut && last !== undefined ? last : { timeMs: beforeTimeMs, sequence: -1 };
  turn.record(ReplayAdvanced, {
    replay: run.number,
    timeMs: place.timeMs,
    sequence: place.sequence,
    events: records.length,
    refused,
    lastEventMs: last?.timeMs,
  });
}
