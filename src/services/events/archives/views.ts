// Archives and replays as clients see them. Recorded: a member without a value is left out.

import type { Archive, Replay } from '#wire/generated/events.ts';
import type { ArchiveContent, ReplayRun } from './state.ts';

/** An archive works from the moment it is made; AWS's other states never last here. */
export const ARCHIVE_STATE = 'ENABLED';
/** API reference, in its order. */
export const ARCHIVE_STATES = ['ENABLED', 'DISABLED', 'CREATING', 'UPDATING', 'CREATE_FAILED', 'UPDATE_FAILED'];
export const REPLAY_STATES = ['STARTING', 'RUNNING', 'CANCELLING', 'COMPLETED', 'CANCELLED', 'FAILED'];

export function shownArchive({ doc, log }: ArchiveContent): Archive {
  return {
    ArchiveName: doc.name,
    EventSourceArn: doc.busArn,
    State: ARCHIVE_STATE,
    RetentionDays: doc.retentionDays,
    SizeBytes: log.bytes,
    EventCount: log.count,
    CreationTime: doc.createdAtMs,
  };
}

export function replayState({ ended, isCancelled, hasAdvanced }: ReplayRun): string {
  if (ended !== undefined) return ended.outcome;
  if (isCancelled) return 'CANCELLING';
  return hasAdvanced ? 'RUNNING' : 'STARTING';
}

export function shownReplay(run: ReplayRun): Replay {
  const { doc, ended, lastEventMs } = run;
  return {
    ReplayName: doc.name,
    EventSourceArn: doc.archiveArn,
    State: replayState(run),
    StateReason: ended?.reason,
    EventStartTime: doc.fromMs,
    EventEndTime: doc.toMs,
    EventLastReplayedTime: lastEventMs,
    ReplayStartTime: doc.startedAtMs,
    ReplayEndTime: ended?.atMs,
  };
}
