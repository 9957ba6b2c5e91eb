// A batch under way: the first of a lane, between two facts. It is memory of this process alone; after a restart it is formed again.

import type { StoredBody } from '#cell/objects-door.ts';
import type { PayloadId } from '#cell/payloads.ts';
import { rootOf } from '#model/principal.ts';
import { scopeOf } from '#model/scope.ts';
import { blockName } from '#structures/append-log/block.ts';
import { DELETE_BLOCKS } from '#structures/append-log/effects.ts';
import type { PutObject } from '../facts.ts';
import type { ErrorObject, FailedRecord, FailureReason, PreparedPack, Shaped } from '../performing.ts';
import type { S3Plan } from '../plan.ts';
import type { FirehoseRecord } from '../record-pack.ts';
import { type FirehoseState, type FirehoseTurn, type Lane, logName, type StreamContent, subjectOf } from '../state.ts';

export const BLOCKS_DELETED = 'blocks-deleted';

export interface Run {
  readonly number: number;
  readonly lane: Lane;
  readonly subject: string;
  /** Of the document when it began: objects are named by it. */
  readonly version: number;
  readonly endSequence: number;
  readonly requestId: string;
  /** The failed ones before this. */
  readonly attempts: number;
  /** What the effects of this batch read. */
  readonly blocks: readonly string[];
  readonly payloads: readonly PayloadId[];
  /** Arrival of the oldest pack; error objects are named by it. */
  readonly atMs: number;
  /** What is to be put when all is ready. */
  shaped: Shaped | undefined;
  /** Objects of error records that are still to be made. */
  readonly errors: ErrorGroup[];
  readonly errorBodies: { readonly type: string; readonly body: StoredBody }[];
  /** Objects that the bucket has taken in this attempt. */
  readonly put: PutObject[];
  /** Packs that processing made, for the destination; or what the destination left over. */
  packs: readonly PreparedPack[];
  /** What a destination that took a part has not taken: when the error bucket refuses, the part is not sent again. */
  untaken: readonly PreparedPack[];
  isGivenUp: boolean;
  /** The destination's last answer: error records are about that, whatever else fails meanwhile. */
  givenUpFor: FailureReason | undefined;
  /** What follows when all objects are made. */
  finish: (found: FoundRun) => void;
  /** The function's calls. */
  transformation: Transformation | undefined;
}

export interface ErrorGroup {
  /** `processing-failed` */
  readonly type: string;
  /** With `packs` of its own when its indexes speak of what processing made, not of the batch's own records. */
  readonly input: Omit<ErrorObject, 'blocks'>;
}

/** Calls of the function, one after another. */
export interface Transformation {
  /** What was prepared: the events are made of these, and error records too. */
  readonly packs: readonly PreparedPack[];
  readonly chunks: readonly Chunk[];
  at: number;
  readonly made: FirehoseRecord[];
  readonly failed: FailedRecord[];
  /** Fingerprints of the first records that the function dropped. */
  readonly dropped: string[];
}

export interface Chunk {
  readonly records: readonly FirehoseRecord[];
  /** Of its first record, among all that were prepared. */
  readonly firstIndex: number;
}

export interface FoundRun {
  readonly run: Run;
  readonly content: StreamContent;
  readonly turn: FirehoseTurn;
}

/** The lane's first batch: what was left over, what is to be tried again, or as much as a buffer holds. */
export function formRun(turn: FirehoseTurn, content: StreamContent, lane: Lane): Run {
  const { log, trouble, held, splunk } = lane;
  const endSequence = trouble?.endSequence ?? splunk?.endSequence ?? endOfBatch(content, lane);
  // Of a copy nothing is read: its records are in the bucket.
  const blocks = held === undefined ? log.blocks.filter(({ firstSequence }) => firstSequence < endSequence) : [];
  const payloads: PayloadId[] = held === undefined ? [] : [...held.packs];
  if (held === undefined) {
    for (let i = 0; i < endSequence - log.sealedEnd; i += 1) payloads.push(log.fresh.at(i).payload as PayloadId);
  }
  return {
    number: content.number,
    lane,
    subject: subjectOf(content.number, lane.name),
    version: content.doc.version,
    endSequence,
    requestId: trouble?.requestId ?? splunk?.requestId ?? turn.uuid(),
    attempts: trouble?.attempts ?? 0,
    blocks: blocks.map((block) => blockName(logName(content.number, lane.name), block)),
    payloads,
    atMs: blocks[0]?.firstAtMs ?? (log.fresh.count > 0 ? log.fresh.at(0).atMs : turn.nowMs),
    shaped: undefined,
    errors: [],
    errorBodies: [],
    put: [],
    packs: [],
    untaken: [],
    isGivenUp: trouble?.isGivenUp ?? false,
    givenUpFor: undefined,
    finish: () => {},
    transformation: undefined,
  };
}

function endOfBatch({ plan }: StreamContent, { log, name, held, copy }: Lane): number {
  if (held !== undefined || copy !== undefined) return log.firstSequence;
  const { sizeBytes } = plan.bufferOf(name);
  let bytes = 0;
  for (const block of log.blocks) {
    bytes += block.bytes;
    if (bytes >= sizeBytes) return block.firstSequence + block.count;
  }
  let count = 0;
  while (count < log.fresh.count && bytes < sizeBytes) {
    bytes += log.fresh.at(count).bytes;
    count += 1;
  }
  return log.sealedEnd + count;
}

/** Undefined: the stream has gone meanwhile; what was made for it (`madeNow`, too) goes as well. */
export function findRun(
  asked: FirehoseTurn,
  subject: string,
  madeNow: readonly StoredBody[] = [],
): FoundRun | undefined {
  const run = asked.state.runs.get(subject);
  const content = run === undefined ? undefined : asked.state.contents.get(run.number);
  if (run === undefined || content === undefined) {
    asked.state.runs.delete(subject);
    const made = [...(run?.shaped?.objects ?? []), ...(run?.errorBodies ?? [])].map(({ body }) => body);
    deleteBlobs(
      asked,
      [...made, ...madeNow].map(({ blob }) => blob),
    );
    return undefined;
  }
  const { account, region } = content.doc;
  return { run, content, turn: asked.within(scopeOf(account, region), rootOf(account)) };
}

export function deleteBlobs(turn: FirehoseTurn, names: readonly string[]): void {
  if (names.length === 0) return;
  turn.perform({ performer: DELETE_BLOCKS, input: names, then: { reaction: BLOCKS_DELETED, subject: '' } });
}

export function endRun({ runs }: FirehoseState, { subject }: Run): void {
  runs.delete(subject);
}

/** Where the run's objects go. */
export function s3Of({ plan }: StreamContent, { name }: Lane): S3Plan {
  return name === 'backup' ? (plan.backup ?? plan.s3) : plan.s3;
}
