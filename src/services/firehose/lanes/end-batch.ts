// The end of an attempt. Objects are put and the records released in one turn: after a crash in between the batch is delivered again, never lost.

import type { StoredBody } from '#cell/objects-door.ts';
import { isRefused } from '#model/aws-error.ts';
import { scopeOf } from '#model/scope.ts';
import { blockName } from '#structures/append-log/block.ts';
import { logError } from '../error-log.ts';
import { BatchEnded, BatchFailed, BatchNarrowed, type KeptBack, type PutObject, RecordsTransformed } from '../facts.ts';
import { HELD_UP_RETRY_MS, RETRY_FIRST_MS, RETRY_MOST_MS } from '../limits.ts';
import type { FailureReason, PreparedPack } from '../performing.ts';
import type { S3Plan } from '../plan.ts';
import { objectKey } from '../prefixes/object-key.ts';
import type { Prefix, PrefixValues } from '../prefixes/prefix.ts';
import { sessionOf } from '../role.ts';
import { laneNumber, logName } from '../state.ts';
import { deleteBlobs, endRun, type FoundRun, s3Of } from './running.ts';

/** Messages may speak of single records. */
const REASONS_TOLD_MAX = 5;

export type PutObjects = { readonly urls: readonly string[] } | { readonly failure: FailureReason };

interface ObjectToPut {
  readonly body: StoredBody;
  readonly prefix: Prefix;
  readonly extension: string;
  readonly contentEncoding: string | undefined;
  readonly values: Omit<PrefixValues, 'randomString' | 'timeZone'>;
  /** Of records; error objects tell of their attempt, and are never the same. */
  readonly id: string | undefined;
}

/** Everything that the run made, put in this turn. What an earlier attempt put is not put again: another object was refused then. */
export function putObjects(found: FoundRun): PutObjects {
  const { run, content, turn } = found;
  const s3 = s3Of(content, run.lane);
  const before = new Map(run.lane.trouble?.put?.map(({ id, url }) => [id, url]));
  const urls: string[] = [];
  const all = objectsToPut(found, s3);
  for (const [i, { body, prefix, extension, contentEncoding, values, id }] of all.entries()) {
    const known = id === undefined ? undefined : before.get(id);
    if (known !== undefined) {
      deleteBlobs(found.turn, [body.blob]);
      urls.push(known);
      continue;
    }
    const named = { deliveryStreamName: content.doc.name, version: run.version, prefix, extension };
    const key = objectKey(turn, { ...named, values: { ...values, timeZone: s3.timeZone } });
    const failure = putObject(found, key, { body, contentEncoding });
    if (failure !== undefined) {
      // The refused one is the bucket's to delete; those behind it are nobody's.
      const unused = all.slice(i + 1).map((one) => one.body.blob);
      deleteBlobs(found.turn, unused);
      return { failure };
    }
    const url = `s3://${s3.bucket}/${key}`;
    urls.push(url);
    if (id !== undefined) run.put.push({ id, url });
  }
  return { urls };
}

function objectsToPut({ run }: FoundRun, s3: S3Plan): readonly ObjectToPut[] {
  const { prefix, extension, contentEncoding, errorPrefix, bucket } = s3;
  const objects = (run.shaped?.objects ?? []).map(({ body, queryKeys, lambdaKeys, arrivedAtMs }) => ({
    ...{ body, prefix, extension, contentEncoding, values: { atMs: arrivedAtMs, queryKeys, lambdaKeys } },
    id: `${bucket} ${body.md5} ${JSON.stringify([queryKeys, lambdaKeys])}`,
  }));
  const plain = { prefix: errorPrefix, extension: '', contentEncoding: undefined, id: undefined };
  const errors = run.errorBodies.map(({ type, body }) => ({
    ...{ body, ...plain, values: { atMs: run.atMs, errorOutputType: type } },
  }));
  return [...objects, ...errors];
}

export function putObject(
  { run, content, turn }: FoundRun,
  key: string,
  { body, contentEncoding }: { readonly body: StoredBody; readonly contentEncoding?: string | undefined },
): FailureReason | undefined {
  const { objects } = turn.doors;
  if (objects === undefined) return { code: 'S3.NotAvailable', message: 'There is no S3 in this cell.' };
  const { bucket, roleArn } = s3Of(content, run.lane);
  const scope = scopeOf(content.doc.account, content.doc.region);
  const put = objects.put(turn, {
    ...{ bucket, key, body, principal: sessionOf(turn, content.doc, roleArn), scope },
    contentType: 'application/octet-stream',
    ...(contentEncoding === undefined ? {} : { contentEncoding }),
  });
  return isRefused(put) ? { code: `S3.${put.refused.code}`, message: put.refused.message } : undefined;
}

export type Outcome = 'delivered' | 'transformed' | 'given up' | 'not backed up any more';

/** Puts what was made and lets the records go; when the bucket refuses, all of it is tried again. */
export function completeBatch(found: FoundRun, outcome: Outcome): void {
  const put = putObjects(found);
  if ('failure' in put) notPut(found, put.failure);
  else endBatch(found, outcome, put.urls);
}

/** The bucket refused: of a batch of which the destination took a part the rest alone is kept. */
function notPut(found: FoundRun, failure: FailureReason): void {
  const { run, turn } = found;
  const { isGivenUp, givenUpFor: told, untaken } = run;
  if (untaken.length > 0) keepOnly(found, untaken, []);
  // Ids of documents are made of the request's id and a record's number, and the numbers begin anew: with the old one they would be taken.
  const requestId = untaken.length > 0 ? turn.uuid() : run.requestId;
  failBatch(found, failure, { isGivenUp, requestId, ...(told === undefined ? {} : { told }) });
}

/** Lets the records go; what processing made of them waits for the destination. */
export function endBatch(found: FoundRun, outcome: Outcome, objects: readonly string[]): void {
  const { run, content, turn } = found;
  const named = { stream: content.number, lane: laneNumber(run.lane.name) };
  for (const { pack, count, bytes } of outcome === 'transformed' ? run.packs : []) {
    const payload = turn.storePayload(pack);
    const sequence = content.lanes.get('deliver')?.log.nextSequence ?? 0;
    const transformed = { payload, records: count, bytes, atMs: turn.nowMs, sequence };
    turn.record(RecordsTransformed, { stream: content.number, ...transformed });
  }
  deleteBlocksOf(found);
  endRun(turn.state, run);
  const { endSequence } = run;
  const keptBack = keptBackOf(run);
  turn.record(BatchEnded, { ...named, endSequence, outcome, objects, atMs: turn.nowMs, keptBack });
}

function keptBackOf({ transformation, shaped }: FoundRun['run']): KeptBack | undefined {
  if (transformation === undefined) {
    const failed = byReason(shaped?.failed ?? []);
    return failed.length === 0 ? undefined : { dropped: 0, failed };
  }
  const { packs, made, failed, dropped: droppedData } = transformation;
  const given = packs.reduce((sum, { count }) => sum + count, 0);
  const dropped = given - made.length - failed.length;
  if (dropped + failed.length === 0) return undefined;
  return { given, dropped, ...(dropped === 0 ? {} : { droppedData }), failed: byReason(failed) };
}

/** The first reasons, each with its records counted. */
function byReason(records: readonly FailureReason[]): KeptBack['failed'] {
  const counts = new Map<string, { code: string; message: string; count: number }>();
  for (const { code, message } of records) {
    const key = `${code}: ${message}`;
    const known = counts.get(key);
    if (known !== undefined) known.count += 1;
    else if (counts.size < REASONS_TOLD_MAX) counts.set(key, { code, message, count: 1 });
  }
  return [...counts.values()];
}

/** A part was taken: the rest stays, as packs of its own, and is tried again as a failed batch is, for the last time at `untilMs`. */
export function narrowBatch(found: FoundRun, left: FailureReason, untilMs: number): void {
  const put = putObjects(found);
  if ('failure' in put) {
    notPut(found, put.failure);
    return;
  }
  keepOnly(found, found.run.packs, put.urls);
  failBatch(found, left, { requestId: found.turn.uuid(), notLaterThanMs: untilMs });
}

function keepOnly(found: FoundRun, rest: readonly PreparedPack[], objects: readonly string[]): void {
  const { run, content, turn } = found;
  const { endSequence } = run;
  const bytes = rest.reduce((sum, pack) => sum + pack.bytes, 0);
  const packs = rest.map(({ pack }) => turn.storePayload(pack));
  deleteBlocksOf(found);
  const named = { stream: content.number, lane: laneNumber(run.lane.name) };
  turn.record(BatchNarrowed, { ...named, endSequence, packs, bytes, objects });
}

export function deleteBlocksOf(found: FoundRun): void {
  deleteBlobs(found.turn, found.run.blocks);
}

export interface HowFailed {
  readonly isGivenUp?: boolean;
  /** The next attempt is not made later. */
  readonly notLaterThanMs?: number;
  readonly processor?: string;
  /** Does not count as time of retries. */
  readonly waitedMs?: number;
  /** The destination was not even asked: the bucket that it reads from refused. Neither an attempt nor time of retries. */
  readonly isHeldUp?: boolean;
  /** What error records will say, when that is not what failed just now. */
  readonly told?: FailureReason;
  /** Of the next attempt, when it is about other records. */
  readonly requestId?: string;
}

export function failBatch(found: FoundRun, reason: FailureReason, how: HowFailed): void {
  const { run, content, turn } = found;
  const { lane, endSequence } = run;
  const { code, message } = reason;
  // Waiting for the error bucket is no attempt at the destination.
  const isHeldUp = how.isHeldUp === true;
  const attempts = run.attempts + (lane.trouble?.isGivenUp === true || isHeldUp ? 0 : 1);
  const waitMs = isHeldUp
    ? HELD_UP_RETRY_MS
    : Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** Math.min(attempts - 1, 20));
  const retryAtMs = Math.min(turn.nowMs + waitMs, Math.max(turn.nowMs, how.notLaterThanMs ?? Number.POSITIVE_INFINITY));
  endRun(turn.state, run);
  const { processor } = how;
  const isOfBucket = lane.name === 'backup' || code.startsWith('S3.');
  const logging = isOfBucket ? s3Of(content, lane).logging : content.plan.logging;
  logError(turn, content, { code, message, ...(processor === undefined ? {} : { processor }) }, logging);
  turn.record(BatchFailed, {
    stream: content.number,
    lane: laneNumber(lane.name),
    endSequence,
    requestId: how.requestId ?? run.requestId,
    attempts,
    firstFailedAtMs: isHeldUp
      ? (firstFailureOf(run) ?? retryAtMs) + retryAtMs - (lane.trouble?.retryAtMs ?? retryAtMs)
      : (firstFailureOf(run) ?? turn.nowMs) + (how.waitedMs ?? 0),
    retryAtMs,
    ...(how.told ?? { code, message }),
    isGivenUp: how.isGivenUp ?? false,
    put: putSoFar(run),
  });
}

/** Undefined: no attempt at the destination has failed yet. */
export function firstFailureOf({ lane, attempts }: Pick<FoundRun['run'], 'lane' | 'attempts'>): number | undefined {
  return attempts === 0 ? undefined : lane.trouble?.firstFailedAtMs;
}

function putSoFar({ lane, put }: FoundRun['run']): readonly PutObject[] | undefined {
  const all = [...(lane.trouble?.put ?? []), ...put];
  return all.length === 0 ? undefined : all;
}

export const blockNamesOf = (number: number, lane: FoundRun['run']['lane']): readonly string[] =>
  lane.log.blocks.map((block) => blockName(logName(number, lane.name), block));
