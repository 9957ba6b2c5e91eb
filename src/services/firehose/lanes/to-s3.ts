// A batch becomes objects: one effect shapes all of it, the next ones write what failed as error records, and a turn puts everything. AWS: Firehose
// developer guide, "Handle data delivery failures": S3 is tried until it takes the data (AWS gives up after a day, this server does not).

import type { Outcome } from '#cell/turn.ts';
import type { FailedRecord, FailureReason, Shaped, Shaping } from '../performing.ts';
import { SHAPE_RECORDS } from '../performing.ts';
import type { S3Plan } from '../plan.ts';
import { mayAssumeRole } from '../role.ts';
import { conversionOf } from '../settings/conversion.ts';
import type { FirehoseTurn } from '../state.ts';
import { completeBatch, endBatch, failBatch, putObjects } from './end-batch.ts';
import { type ErrorGroup, type FoundRun, findRun, s3Of } from './running.ts';
import { writeErrors } from './write-errors.ts';

export const SHAPED = 'shaped';

export function startShaping(found: FoundRun, finish: (found: FoundRun) => void): void {
  const { run, content, turn } = found;
  run.finish = finish;
  const s3 = s3Of(content, run.lane);
  const denied = whyNotWritable(found, s3);
  if (denied !== undefined) {
    failBatch(found, denied, {});
    return;
  }
  const conversion = s3.conversion === undefined ? undefined : conversionOf(turn, content.doc, s3.conversion);
  if (conversion !== undefined && 'problem' in conversion) {
    failBatch(found, conversion.problem, {});
    return;
  }
  const input: Shaping = {
    ...s3.shaping,
    blocks: run.blocks,
    fileName: `${content.doc.name}-${run.version}`,
    ...(conversion === undefined ? {} : { conversion }),
  };
  const { payloads, subject } = run;
  turn.perform({ performer: SHAPE_RECORDS, input, payloads, then: { reaction: SHAPED, subject } });
}

/** What would be refused anyway is not shaped; nor is a function asked again for it. */
export function whyNotWritable({ content, turn }: FoundRun, { bucket, roleArn }: S3Plan): FailureReason | undefined {
  if (!mayAssumeRole(turn, content.doc, roleArn)) {
    return {
      code: 'S3.AccessDenied',
      message:
        'Access was denied. Ensure that the trust policy for the provided IAM role allows Firehose to assume the role, and the access policy allows access to the S3 bucket.',
    };
  }
  if (turn.doors.objects?.findBucket(turn, bucket) !== undefined) return undefined;
  return { code: 'S3.NoSuchBucket', message: 'The specified bucket does not exist.' };
}

export function shaped(turn: FirehoseTurn, subject: string, outcome: Outcome): void {
  const made = 'failed' in outcome ? [] : (outcome.result as Shaped).objects.map(({ body }) => body);
  const found = findRun(turn, subject, made);
  if (found === undefined) return;
  if ('failed' in outcome) {
    failBatch(found, { code: 'InternalError', message: outcome.failed }, {});
    return;
  }
  const { run } = found;
  run.shaped = outcome.result as Shaped;
  run.errors.push(...groupsOf(found, run.shaped.failed));
  writeErrors(found);
}

/**
 * API reference, DynamicPartitioningConfiguration.RetryOptions: the retry behaviour when a prefix does not take its object. After its duration the
 * batch goes to the error prefix; without partitions S3 is tried for ever.
 */
export function completePartitions(found: FoundRun): void {
  const { run, content, turn } = found;
  const { trouble } = run.lane;
  const isOver = trouble !== undefined && turn.nowMs >= trouble.firstFailedAtMs + content.plan.retryMs;
  if (!isOver || !s3Of(content, run.lane).isPartitioned) {
    completeBatch(found, 'delivered');
    return;
  }
  const put = putObjects(found);
  if (!('failure' in put)) {
    endBatch(found, 'delivered', put.urls);
    return;
  }
  const { code, message } = put.failure;
  const names = { codeMember: 'errorCode', messageMember: 'errorMessage' } as const;
  const ended = { attemptsMade: run.attempts + 1, attemptEndedAtMs: turn.nowMs, hasSequence: false, members: {} };
  run.shaped = undefined;
  run.errorBodies.length = 0;
  run.errors.push({ type: 'processing-failed', input: { ...names, ...ended, everyRecord: { code, message } } });
  run.finish = (given) => completeBatch(given, 'given up');
  writeErrors(found);
}

function groupsOf({ run, content, turn }: FoundRun, failed: Shaped['failed']): readonly ErrorGroup[] {
  const common = { attemptsMade: run.attempts + 1, attemptEndedAtMs: turn.nowMs };
  const byType = new Map<string, (FailedRecord & { readonly step: string })[]>();
  for (const record of failed) {
    const type = typeOf(record);
    byType.set(type, [...(byType.get(type) ?? []), record]);
  }
  return [...byType].map(([type, records]) => {
    if (type !== CONVERSION_FAILED) {
      const names = { codeMember: 'errorCode', messageMember: 'errorMessage' } as const;
      return { type, input: { ...common, ...names, failed: records, hasSequence: false, members: {} } };
    }
    const names = { codeMember: 'lastErrorCode', messageMember: 'lastErrorMessage' } as const;
    const members = { dataCatalogTable: catalogTable(s3Of(content, run.lane)) };
    return { type, input: { ...common, ...names, failed: records, hasSequence: true, members } };
  });
}

const CONVERSION_FAILED = 'format-conversion-failed';

/**
 * AWS: "activePartitionExceeded" of the guide's page about buffers. The folder of records whose keys cannot be read is in no list of the guide:
 * public projects that test against AWS find them in `metadata-extraction-failed/`.
 */
function typeOf({ step, code }: { readonly step: string; readonly code: string }): string {
  if (step === 'conversion') return CONVERSION_FAILED;
  return code.includes('ActivePartition') ? 'activePartitionExceeded' : 'metadata-extraction-failed';
}

function catalogTable({ conversion }: S3Plan): Record<string, unknown> {
  const { CatalogId, DatabaseName, TableName, Region, VersionId } = conversion?.SchemaConfiguration ?? {};
  return {
    catalogId: CatalogId ?? null,
    databaseName: DatabaseName ?? null,
    tableName: TableName ?? null,
    region: Region ?? null,
    versionId: VersionId ?? 'LATEST',
    catalogArn: null,
  };
}
