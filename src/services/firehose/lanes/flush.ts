// A lane's timer: its first batch goes to where the lane leads. One batch of a lane is under way at a time, so that records keep their order.

import type { Turn } from '#cell/turn.ts';
import { rootOf } from '#model/principal.ts';
import { scopeOf } from '#model/scope.ts';
import { dueOf } from '../apply.ts';
import {
  type FirehoseState,
  type FirehoseTurn,
  isEmpty,
  type Lane,
  laneBySubject,
  type StreamContent,
} from '../state.ts';
import { completeBatch } from './end-batch.ts';
import { startProcessing } from './processing.ts';
import { type FoundRun, formRun } from './running.ts';
import { startHttp } from './to-http.ts';
import { startOpenSearch } from './to-opensearch.ts';
import { planCopy, startCopy } from './to-redshift.ts';
import { completePartitions, startShaping } from './to-s3.ts';
import { startSplunk } from './to-splunk.ts';

export function flush(asked: Turn<FirehoseState>, subject: string): void {
  const found = laneBySubject(asked.state, subject);
  if (found === undefined || asked.state.runs.has(subject)) return;
  startLane(asked, found.content, found.lane);
}

/** At start: the timers of batches that were under way have fired already. */
export function flushDue(turn: FirehoseTurn): void {
  for (const content of turn.state.contents.values()) {
    for (const lane of content.lanes.values()) {
      const dueAtMs = dueOf(content, lane);
      if (dueAtMs !== undefined && dueAtMs <= turn.nowMs) startLane(turn, content, lane);
    }
  }
}

function startLane(asked: FirehoseTurn, content: StreamContent, lane: Lane): void {
  if (isEmpty(lane)) return;
  const { account, region } = content.doc;
  const turn = asked.within(scopeOf(account, region), rootOf(account));
  const run = formRun(turn, content, lane);
  turn.state.runs.set(run.subject, run);
  const found: FoundRun = { run, content, turn };
  if (lane.name === 'process') startProcessing(found, content.plan.process?.preparation ?? UNPROCESSED);
  else if (lane.name === 'deliver') deliver(found);
  else if (content.plan.backup !== undefined) startShaping(found, (ended) => completeBatch(ended, 'delivered'));
  else completeBatch(found, 'not backed up any more');
}

/** Of a stream whose processing was taken away while records waited for it: they go on as they are. */
const UNPROCESSED = { decompression: false, messageExtraction: false };

function deliver(found: FoundRun): void {
  const { destination } = found.content.doc;
  if (found.run.lane.copy !== undefined) {
    startCopy(found);
    return;
  }
  switch (destination.kind) {
    case 's3':
      startShaping(found, completePartitions);
      break;
    case 'redshift':
      startShaping(found, planCopy);
      break;
    case 'http':
      startHttp(found, destination.description);
      break;
    case 'splunk':
      startSplunk(found, destination.description);
      break;
    case 'opensearch':
    case 'elasticsearch':
      startOpenSearch(found, destination);
      break;
  }
}
