// Lines on their way into objects of a bucket: gathered for five minutes or up to a size, then written as delivery.logs.amazonaws.com. AWS: CloudWatch Logs user
// guide, "Logs sent to Amazon S3": "One or more log files are created every five minutes in the specified bucket". What the bucket refuses is dropped, as by a
// log group that lets nobody in; the fact says why.

import { utf8Encode } from '#base/bytes.ts';
import { STORE_COMPRESSED, type StoredBody } from '#cell/objects-door.ts';
import type { Outcome } from '#cell/turn.ts';
import { isRefused } from '#model/aws-error.ts';
import { scopeOf } from '#model/scope.ts';
import type { LogsTurn } from '../find-group.ts';
import { DELIVERY_SERVICE } from '../vended/delivery-service.ts';
import {
  LogLinesCollected,
  LogObjectBegun,
  LogObjectClosed,
  LogObjectDelayed,
  LogObjectEnded,
  type ObjectPlace,
} from './facts.ts';
import { objectKey } from './key.ts';
import type { LogObject } from './state.ts';

export const OBJECT_MADE = 'object-made';
const INTERVAL_MS = 300_000;
/** Of text. AWS's are up to 75 MB (VPC user guide, "Flow log files"); here all of an object is in memory while it is compressed. */
const OBJECT_BYTES_MAX = 16 * 1024 * 1024;
const RETRY_MS = 60_000;

export function collectLines(turn: LogsTurn, place: ObjectPlace, lines: readonly string[]): void {
  if (lines.length === 0) return;
  const text = utf8Encode(`${lines.join('\n')}\n`);
  const known = turn.state.objects.findOpen(place);
  const isFull = known !== undefined && known.bytes + text.length > OBJECT_BYTES_MAX;
  if (isFull) close(turn, known);
  const object = known === undefined || isFull ? begin(turn, place) : known.id;
  turn.record(LogLinesCollected, { object, payload: turn.storePayload(text), bytes: text.length });
}

function begin(turn: LogsTurn, place: ObjectPlace): number {
  const object = turn.state.objects.nextId;
  turn.record(LogObjectBegun, { object, place, begunAtMs: turn.nowMs, dueAtMs: turn.nowMs + INTERVAL_MS });
  return object;
}

/** The timer. */
export function objectDue(turn: LogsTurn, subject: string): void {
  const object = turn.state.objects.all.get(Number(subject));
  if (object === undefined) return;
  if (object.isClosed) make(turn, object);
  else close(turn, object);
}

function close(turn: LogsTurn, object: LogObject): void {
  turn.record(LogObjectClosed, { object: object.id });
  make(turn, object);
}

/** What would be refused anyway is not made. */
function make(turn: LogsTurn, { id, place, payloads }: LogObject): void {
  const { writing } = turn.state.objects;
  if (writing.has(id)) return;
  const { bucket, owner } = place.destination;
  if (turn.doors.objects?.findBucket(turn, bucket)?.account !== owner) {
    const problem = `The bucket ${bucket} of the account ${owner} does not exist.`;
    turn.record(LogObjectEnded, { object: id, bucket, key: undefined, problem });
    return;
  }
  writing.add(id);
  const then = { reaction: OBJECT_MADE, subject: String(id) };
  turn.perform({ performer: STORE_COMPRESSED, input: null, payloads, then });
}

/** After a restart: what was being made is made again. Those that still take lines have their timers. */
export function resumeObjects(turn: LogsTurn): void {
  for (const object of turn.state.objects.all.values()) if (object.isClosed) make(turn, object);
}

export function objectMade(turn: LogsTurn, subject: string, outcome: Outcome): void {
  const id = Number(subject);
  turn.state.objects.writing.delete(id);
  const object = turn.state.objects.all.get(id);
  if (object === undefined) return;
  if ('failed' in outcome) {
    turn.record(LogObjectDelayed, { object: id, retryAtMs: turn.nowMs + RETRY_MS, reason: outcome.failed });
    return;
  }
  const key = objectKey(object.place, object.begunAtMs, turn.uuid().replaceAll('-', '').slice(0, 16));
  const problem = put(turn, object.place, { key, body: outcome.result as StoredBody });
  turn.record(LogObjectEnded, { object: id, bucket: object.place.destination.bucket, key, problem });
}

/** Why the bucket did not take it. */
function put(
  turn: LogsTurn,
  { source, destination: { bucket } }: ObjectPlace,
  { key, body }: { readonly key: string; readonly body: StoredBody },
): string | undefined {
  const { arn: sourceArn, account, region } = source;
  const result = turn.doors.objects?.put(turn, {
    ...{ bucket, key, body },
    contentType: 'application/json',
    contentEncoding: 'gzip',
    acl: 'bucket-owner-full-control',
    principal: { kind: 'service', service: DELIVERY_SERVICE, sourceArn, account },
    scope: scopeOf(account, region),
  });
  return result !== undefined && isRefused(result) ? `${result.refused.code}: ${result.refused.message}` : undefined;
}
