// A batch becomes objects in the intermediate bucket, then rows by COPY. Once the objects are there the records are released: what is to come is
// the COPY of a manifest. AWS: Firehose developer guide, "Understand data delivery" and "Handle data delivery failures", Redshift: objects whose
// COPY fails for the retry duration are skipped, and their manifest is put into `errors/`.

import type { StoredBody } from '#cell/objects-door.ts';
import type { Outcome } from '#cell/turn.ts';
import { BatchEnded, CopyPlanned } from '../facts.ts';
import { COPY_TO_REDSHIFT, type DeliveryResult, type RedshiftCopy, WRITE_TEXT } from '../performing.ts';
import { formatPattern, parsePattern } from '../prefixes/date-pattern.ts';
import { secretsOf } from '../secrets.ts';
import { type FirehoseTurn, laneNumber, type PlannedCopy } from '../state.ts';
import { completeBatch, deleteBlocksOf, failBatch, firstFailureOf, putObject, putObjects } from './end-batch.ts';
import { endRun, type FoundRun, findRun, s3Of } from './running.ts';

export const COPIED = 'copied';
export const MANIFEST_WRITTEN = 'manifest-written';

const TIME = parsePattern('yyyy/MM/dd/HH/') ?? [];

/** The shaped objects are put, with the manifest that names them; the manifest's text is written first. */
export function planCopy(found: FoundRun): void {
  const { run } = found;
  if ((run.shaped?.objects.length ?? 0) === 0) {
    completeBatch(found, 'delivered');
    return;
  }
  const put = putObjects(found);
  if ('failure' in put) {
    failBatch(found, put.failure, {});
    return;
  }
  const { content, turn } = found;
  const { prefix, name } = manifestPlace(found);
  const objects = (run.shaped?.objects ?? []).map(({ body }, i) => ({
    url: put.urls[i] as string,
    blob: body.blob,
    bytes: body.bytes,
  }));
  deleteBlocksOf(found);
  endRun(turn.state, run);
  turn.record(CopyPlanned, {
    stream: content.number,
    lane: laneNumber(run.lane.name),
    endSequence: run.endSequence,
    manifestUrl: `s3://${s3Of(content, run.lane).bucket}/manifests/${prefix}${name}`,
    objects,
    errorObjects: put.urls.slice(objects.length),
    atMs: turn.nowMs,
  });
}

function manifestPlace({ run, content, turn }: FoundRun): { readonly prefix: string; readonly name: string } {
  const prefix = formatPattern(TIME, turn.nowMs, 'UTC');
  return { prefix, name: `${content.doc.name}-${run.version}-${turn.uuid()}` };
}

/** The objects are there. First the manifest is written, then it is copied; all of it may be repeated. */
export function startCopy(found: FoundRun): void {
  const { run, turn } = found;
  const { copy } = run.lane;
  if (copy === undefined) return;
  const then = { reaction: MANIFEST_WRITTEN, subject: run.subject };
  turn.perform({ performer: WRITE_TEXT, input: { text: manifestText(copy) }, then });
}

/** AWS: Redshift database developer guide, "Using a manifest to specify data files". */
function manifestText({ objects }: PlannedCopy): string {
  return JSON.stringify({
    entries: objects.map(({ url, bytes }) => ({ url, mandatory: true, meta: { content_length: bytes } })),
  });
}

export function manifestWritten(turn: FirehoseTurn, subject: string, outcome: Outcome): void {
  const found = findRun(turn, subject, 'failed' in outcome ? [] : [outcome.result as StoredBody]);
  const copy = found?.run.lane.copy;
  if (found === undefined || copy === undefined) return;
  if ('failed' in outcome) {
    failBatch(found, { code: 'InternalError', message: outcome.failed }, {});
    return;
  }
  // A stream that has another destination now copies no more: the manifest tells what is missing.
  const isGivenUp = found.run.lane.trouble?.isGivenUp === true || found.content.doc.destination.kind !== 'redshift';
  const key = keyOf(isGivenUp ? copy.manifestUrl.replace('/manifests/', '/errors/manifests/') : copy.manifestUrl);
  const failure = putObject(found, key, { body: outcome.result as StoredBody });
  if (failure !== undefined) failBatch(found, failure, { isGivenUp, isHeldUp: true });
  else if (isGivenUp) endCopy(found, 'given up', [`s3://${s3Of(found.content, found.run.lane).bucket}/${key}`]);
  else askForCopy(found, copy);
}

/** The bucket may be another one now. */
const keyOf = (url: string): string => url.replace(/^s3:\/\/[^/]*\//, '');

function askForCopy({ run, content, turn }: FoundRun, copy: PlannedCopy): void {
  const { destination } = content.doc;
  if (destination.kind !== 'redshift') return;
  const { ClusterJDBCURL = '', Username = '', RoleARN = '', CopyCommand } = destination.description;
  const { DataTableName = '', DataTableColumns, CopyOptions } = CopyCommand ?? {};
  const input: RedshiftCopy = {
    jdbcUrl: ClusterJDBCURL,
    username: Username,
    password: secretsOf(turn, content.doc).password ?? '',
    table: DataTableName,
    ...(DataTableColumns === undefined || DataTableColumns === '' ? {} : { columns: DataTableColumns }),
    ...(CopyOptions === undefined || CopyOptions === '' ? {} : { copyOptions: CopyOptions }),
    roleArn: RoleARN,
    manifestUrl: copy.manifestUrl,
    objects: copy.objects.map(({ url, blob }) => ({ url, blob })),
  };
  turn.perform({ performer: COPY_TO_REDSHIFT, input, then: { reaction: COPIED, subject: run.subject } });
}

export function copied(turn: FirehoseTurn, subject: string, outcome: Outcome): void {
  const found = findRun(turn, subject);
  if (found === undefined) return;
  if ('failed' in outcome) {
    failBatch(found, { code: 'InternalError', message: outcome.failed }, {});
    return;
  }
  const result = outcome.result as DeliveryResult;
  if (result.outcome === 'delivered') {
    endCopy(found, 'delivered', []);
    return;
  }
  const { code, message, isRetryable } = result;
  const untilMs = (firstFailureOf(found.run) ?? turn.nowMs) + found.content.plan.retryMs;
  const isGivenUp = !isRetryable || turn.nowMs >= untilMs;
  failBatch(found, { code, message }, { isGivenUp, notLaterThanMs: isGivenUp ? turn.nowMs : untilMs });
}

function endCopy({ run, content, turn }: FoundRun, outcome: string, objects: readonly string[]): void {
  endRun(turn.state, run);
  turn.record(BatchEnded, {
    stream: content.number,
    lane: laneNumber(run.lane.name),
    endSequence: run.endSequence,
    outcome,
    objects,
    atMs: turn.nowMs,
    keptBack: undefined,
  });
}
