// Archives keep the events of a bus that match their pattern; replays put them on the bus again.

import { bind } from '#cell/service-definition.ts';
import type { Feature } from '../feature.ts';
import { archiveChanged, archiveFacts, SEAL_TIMER, TRIM_TIMER } from './apply.ts';
import { cancelReplay } from './operations/cancel-replay.ts';
import { createArchive } from './operations/create-archive.ts';
import { deleteArchive } from './operations/delete-archive.ts';
import { describeArchive } from './operations/describe-archive.ts';
import { describeReplay } from './operations/describe-replay.ts';
import { listArchives } from './operations/list-archives.ts';
import { listReplays } from './operations/list-replays.ts';
import { startReplay } from './operations/start-replay.ts';
import { updateArchive } from './operations/update-archive.ts';
import { FORGET_TIMER, PAUSE_TIMER, replayChanged, replayFacts } from './replaying/apply.ts';
import { EVENTS_READ, endPause, forgetReplay, pumpReplaysOf } from './replaying/pump.ts';
import { eventsRead } from './replaying/step.ts';
import { BLOCKS_SWEPT, blocksSwept, resume } from './resume.ts';
import { BLOCK_WRITTEN, BLOCKS_DELETED, blockWritten, sealAged } from './sealing.ts';
import { readSnapshot, writeSnapshot } from './snapshot.ts';
import { trimArchive } from './trim.ts';

export const archives: Feature = {
  operations: {
    CancelReplay: cancelReplay,
    CreateArchive: createArchive,
    DeleteArchive: deleteArchive,
    DescribeArchive: describeArchive,
    DescribeReplay: describeReplay,
    ListArchives: listArchives,
    ListReplays: listReplays,
    StartReplay: startReplay,
    UpdateArchive: updateArchive,
  },
  tables: (state) => [
    bind(state.archives.archives, archiveChanged(state)),
    bind(state.archives.replays, replayChanged(state)),
  ],
  facts: [...archiveFacts, ...replayFacts],
  timers: { [SEAL_TIMER]: sealAged, [TRIM_TIMER]: trimArchive, [FORGET_TIMER]: forgetReplay, [PAUSE_TIMER]: endPause },
  reactions: {
    [BLOCK_WRITTEN](turn, subject, outcome) {
      blockWritten(turn, subject, outcome);
      // A block that could not be written is tried again by its timer.
      if (!('failed' in outcome)) pumpReplaysOf(turn, Number(subject));
    },
    [BLOCKS_DELETED]() {},
    [BLOCKS_SWEPT]: blocksSwept,
    [EVENTS_READ]: eventsRead,
  },
  snapshot: { write: writeSnapshot, read: readSnapshot },
  resume,
};
