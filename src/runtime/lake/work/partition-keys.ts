// Partition keys by inline parsing. AWS: Firehose developer guide, "Understand partitioning keys" (jq 1.6); that values must not be empty and
// that a record is one JSON value are seen in error records of AWS.

import type { CheckedQuery, QueryToCheck } from '#services/firehose/performing.ts';
import type { Reporter } from './job.ts';
import { askJq, checkExpression, type JqResult, JqSyntaxError, loadJq } from './jq-runner.ts';
import { emptyKeys, extractionFailed, notJson, type PartitionProblem } from './partition-problem.ts';
import type { NumberedRecord } from './records.ts';

type Keys = Readonly<Record<string, string>>;

/** Records that one call of jq is asked about. */
const CHUNK_RECORDS = 500;
const CHUNK_BYTES = 4 * 1024 * 1024;
/** After so many ranges that did not end in time, the rest is not tried any more. */
const HUNG_RANGES_MAX = 2;
/** Of all ranges of a job: 128 MiB take some seconds; the thread works for all delivery streams. */
const JOB_MS_MAX = 120_000;

/** By the record's index. */
export async function queryKeysOf(
  query: string,
  records: readonly NumberedRecord[],
  reporter: Reporter,
): Promise<readonly (Keys | PartitionProblem)[]> {
  const { hung } = reporter.history;
  const wrong = hung.some(({ from, to }) => from === to)
    ? tooSlow()
    : brokenQuery(await syntaxProblem(query, reporter));
  if (wrong !== undefined) return records.map(() => wrong);
  const found: (Keys | PartitionProblem)[] = [];
  const untilMs = Date.now() + JOB_MS_MAX;
  for (const chunk of chunksOf(records)) {
    const range = { from: found.length, to: found.length + chunk.length };
    const isLate = hung.length >= HUNG_RANGES_MAX || Date.now() > untilMs;
    const isHopeless = isLate || hung.some(({ from }) => from === range.from);
    if (isHopeless) found.push(...chunk.map(tooSlow));
    else {
      await loadJq();
      reporter.guarded(range);
      found.push(...(await keysOfChunk(query, chunk)));
      reporter.guarded(undefined);
    }
  }
  return found;
}

/** The task of its own: an expression that a destination is to have. */
export async function checkQuery(
  { query }: QueryToCheck,
  _packs: readonly Uint8Array[],
  reporter: Reporter,
): Promise<CheckedQuery> {
  const isHung = reporter.history.hung.length > 0;
  const problem = isHung ? 'The jq expression did not end in time.' : await syntaxProblem(query, reporter);
  return problem === undefined ? {} : { problem };
}

async function syntaxProblem(query: string, reporter: Reporter): Promise<string | undefined> {
  await loadJq();
  reporter.guarded({ from: 0, to: 0 });
  try {
    await checkExpression(query);
    return undefined;
  } catch (error) {
    if (error instanceof JqSyntaxError) return error.message;
    throw error;
  } finally {
    reporter.guarded(undefined);
  }
}

function brokenQuery(problem: string | undefined): PartitionProblem | undefined {
  return problem === undefined ? undefined : extractionFailed(`The jq expression is not valid: ${problem}`);
}

function* chunksOf(records: readonly NumberedRecord[]): Generator<readonly NumberedRecord[]> {
  let chunk: NumberedRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    chunk.push(record);
    bytes += record.data.length;
    if (chunk.length < CHUNK_RECORDS && bytes < CHUNK_BYTES) continue;
    yield chunk;
    chunk = [];
    bytes = 0;
  }
  if (chunk.length > 0) yield chunk;
}

const decoder = new TextDecoder('utf-8', { fatal: true });

async function keysOfChunk(
  query: string,
  records: readonly NumberedRecord[],
): Promise<readonly (Keys | PartitionProblem)[]> {
  const texts = records.map(jsonTextOf);
  const answers = await askJq(
    query,
    texts.filter((text) => text !== undefined),
  );
  let next = 0;
  return texts.map((text) => {
    if (text === undefined) return notJson();
    next += 1;
    return keysFrom(answers[next - 1] as JqResult);
  });
}

/** Undefined when it is not exactly one JSON value. */
function jsonTextOf({ data }: NumberedRecord): string | undefined {
  try {
    const text = decoder.decode(data);
    JSON.parse(text);
    return text;
  } catch {
    return undefined;
  }
}

function keysFrom(answer: JqResult): Keys | PartitionProblem {
  if ('error' in answer) return extractionFailed(answer.error);
  if ('isNothing' in answer) return emptyKeys();
  const { value } = answer;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return extractionFailed('The jq expression must give an object of partition keys.');
  }
  const keys: Record<string, string> = Object.create(null);
  for (const [name, one] of Object.entries(value)) {
    if (one === null || one === '' || typeof one === 'object') return emptyKeys();
    keys[name] = String(one);
  }
  return keys;
}

function tooSlow(): PartitionProblem {
  return extractionFailed('The jq expression did not end in time.');
}
