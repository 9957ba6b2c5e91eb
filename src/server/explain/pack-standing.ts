// Where records of delivery streams are now: what they wait for in their buffer, or in which object their bytes are found.

import { gunzipSync } from 'node:zlib';
import type { Cell } from '#cell/cell.ts';
import { nodeDigest } from '#runtime/digest.ts';
import { dueOf } from '#services/firehose/apply.ts';
import { fingerprintOf } from '#services/firehose/fingerprint.ts';
import { type FirehoseState, LANES, type Lane, type StreamContent } from '#services/firehose/state.ts';
import { orderedKey } from '#services/s3/key-order.ts';
import type { S3State } from '#services/s3/state.ts';
import { isMarker, newestOf, piecesOf } from '#services/s3/versions.ts';
import { stateOf } from './followed-entry.ts';
import type { FollowedPack, PackTrail } from './pack-trail.ts';
import { iso, type Standing, section } from './standing.ts';

/** Objects are read to find the record in: some of them, and not more than a buffer has. */
const OBJECTS_READ_MAX = 10;
const BYTES_READ_MAX = 8 * 1024 * 1024;
const WAITS_FOR: Readonly<Record<string, string>> = {
  process: 'to be processed',
  deliver: 'for the destination',
  backup: 'for the backup of what was put',
};

export async function packStanding(cell: Cell, trail: PackTrail): Promise<Standing> {
  const waiting = trail.packs.filter(({ isEnded }) => !isEnded).map((pack) => waitingSentence(cell, pack));
  const lines = await whereFound(cell, trail);
  return { sentences: waiting, sections: section('Where the record is', lines) };
}

function waitingSentence(cell: Cell, { stream, lane: number, sequence, atMs }: FollowedPack): string {
  const content = stateOf<FirehoseState>(cell, 'firehose')?.contents.get(stream);
  if (content === undefined) return 'Its delivery stream was deleted before it was delivered.';
  const name = LANES[number] ?? 'deliver';
  const lane = content.lanes.get(name);
  const isThere = lane !== undefined && (sequence >= lane.log.firstSequence || lane.held !== undefined || lane.copy);
  if (lane === undefined || !isThere) return `It has left the buffer of ${content.doc.arn}.`;
  return `It waits in ${content.doc.arn} ${WAITS_FOR[name]}, since ${iso(atMs)}: ${reasonOf(content, lane, cell.nowMs)}.`;
}

function reasonOf(content: StreamContent, lane: Lane, nowMs: number): string {
  const { trouble, log } = lane;
  const dueAtMs = dueOf(content, lane) ?? nowMs;
  if (trouble !== undefined) {
    const next = trouble.isGivenUp ? 'it goes to the error bucket' : 'the next one comes';
    return `attempt ${trouble.attempts} failed (${trouble.code}: ${trouble.message}), ${next} at ${iso(trouble.retryAtMs)}`;
  }
  if (lane.splunk !== undefined) return `Splunk has it and is asked at ${iso(dueAtMs)} whether it is indexed`;
  const { sizeBytes, intervalMs } = content.plan.bufferOf(lane.name);
  const size = `the buffer holds ${log.bytes} of ${sizeBytes} bytes`;
  const when = dueAtMs <= nowMs ? 'it is being worked on' : `it goes at ${iso(dueAtMs)} at the latest`;
  return `${size}, and ${when} (interval ${intervalMs / 1000} s)`;
}

async function whereFound(cell: Cell, { urls, data, keptBack, packs }: PackTrail): Promise<readonly string[]> {
  const isOver = packs.some(({ isEnded }) => isEnded);
  if (data === undefined || data.length === 0 || !isOver) return [];
  const base64 = Buffer.from(data).toString('base64');
  const lines: string[] = [];
  let left = BYTES_READ_MAX;
  for (const url of [...urls].slice(0, OBJECTS_READ_MAX)) {
    const bytes = await readObject(cell, url, left);
    if (bytes === undefined) continue;
    left -= bytes.length;
    const shown = unpacked(bytes);
    const failed = errorLine(shown, base64);
    const at = shown.indexOf(data);
    if (failed !== undefined) lines.push(`${url} has it as a failed record: ${failed}`);
    else if (at !== -1) lines.push(`${url} has its bytes, at ${at}`);
  }
  if (lines.length > 0) return lines;
  return [notFound({ keptBack, data, packs })];
}

function notFound({ keptBack, data, packs }: Pick<PackTrail, 'keptBack' | 'data' | 'packs'>): string {
  const { given = 0, dropped = 0, droppedData = [] } = keptBack ?? {};
  const isDropped = data !== undefined && droppedData.includes(fingerprintOf(nodeDigest, data));
  if (isDropped) return 'in no object: the function dropped it';
  if (packs.some(({ isEnded }) => !isEnded)) return 'in no object yet';
  const isPossible = dropped > droppedData.length;
  const lost = isPossible ? `, or it is among the ${dropped} of ${given} that the function dropped` : '';
  return `its bytes as they were put are in no object: they were changed or converted on their way${lost}`;
}

/** What an error record says of why it is there. */
function errorLine(bytes: Buffer, base64: string): string | undefined {
  const at = bytes.indexOf(`"${base64}"`);
  if (at === -1) return undefined;
  const end = bytes.indexOf('\n', at);
  const line = bytes.subarray(bytes.lastIndexOf('\n', at) + 1, end === -1 ? bytes.length : end).toString('utf8');
  try {
    const record = JSON.parse(line) as Readonly<Record<string, unknown>>;
    if (record['rawData'] !== base64) return undefined;
    const code = record['errorCode'] ?? record['lastErrorCode'];
    return `${code}: ${record['errorMessage'] ?? record['lastErrorMessage']}`;
  } catch {
    // Somebody's own data that has this text in it.
    return undefined;
  }
}

function unpacked(bytes: Buffer): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: BYTES_READ_MAX * 4 });
  } catch {
    // Begins as gzip does, or holds more than is looked through.
    return bytes;
  }
}

/** Undefined: it is gone, or larger than what is left to be read. */
async function readObject(cell: Cell, url: string, bytesMax: number): Promise<Buffer | undefined> {
  const slash = url.indexOf('/', 's3://'.length);
  const state = stateOf<S3State>(cell, 's3');
  const bucket = state?.buckets.get(url.slice('s3://'.length, slash));
  const entry = bucket === undefined ? undefined : state?.contents.get(bucket.id);
  const versions = entry?.objects.get(orderedKey(url.slice(slash + 1)));
  const version = versions === undefined ? undefined : newestOf(versions);
  if (version === undefined || isMarker(version) || version.bytes > bytesMax) return undefined;
  const pieces: Uint8Array[] = [];
  for (const { blob, from, to } of piecesOf(version)) {
    const reader = await cell.engine.blobs.open(blob);
    if (reader === undefined) return undefined;
    try {
      pieces.push(await reader.read(from, to));
    } finally {
      await reader.close();
    }
  }
  return Buffer.concat(pieces);
}
