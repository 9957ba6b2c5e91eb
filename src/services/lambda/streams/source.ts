// A mapping with everything that reading its stream takes: the stream's door, a turn that acts as the function's role, and the readers at work.

import type { StreamSource } from '#cell/stream-source.ts';
import type { Turn } from '#cell/turn.ts';
import { parseArn } from '#model/arn.ts';
import { isRefused } from '#model/aws-error.ts';
import { scopeOf } from '#model/scope.ts';
import type { ReadingSettings } from '#structures/shard-reading/records.ts';
import type { StartingPosition } from '#structures/shard-reading/shard-order.ts';
import { StreamRun } from '#structures/shard-reading/stream-run.ts';
import type { MappingDoc, StreamSettings } from '../documents.ts';
import { type FoundVersion, findVersion, type LambdaTurn } from '../find-function.ts';
import { STREAM_BATCH_BYTES_MAX } from '../limits.ts';
import { sessionOf } from '../roles.ts';
import type { LambdaState } from '../state.ts';
import type { FunctionRecord } from './function-record.ts';

export interface StreamMapping extends MappingDoc {
  readonly stream: StreamSettings;
}

export type FunctionRun = StreamRun<FunctionRecord, StreamMapping>;

export interface OpenStream {
  /** In the stream's scope, as the function's role. */
  readonly turn: LambdaTurn;
  readonly key: string;
  readonly mapping: StreamMapping;
  readonly found: FoundVersion;
  readonly source: StreamSource;
  readonly streamArn: string;
}

export function isOfStream(mapping: MappingDoc): mapping is StreamMapping {
  return mapping.stream !== undefined;
}

/** `arn:…:stream/orders/consumer/fast:1616044553` is a consumer of `arn:…:stream/orders`. */
export function streamArnOf(sourceArn: string): string {
  const at = sourceArn.indexOf('/consumer/');
  return at === -1 ? sourceArn : sourceArn.slice(0, at);
}

/** Undefined: the mapping reads nothing (any more), or its function is gone. */
export function openStream(turn: LambdaTurn, key: string): OpenStream | undefined {
  const mapping = turn.state.mappings.get(key);
  if (mapping === undefined || !isOfStream(mapping)) return undefined;
  const arn = parseArn(mapping.sourceArn);
  const source = turn.doors.streams.get(arn?.service ?? '');
  const found = findVersion(turn, mapping.functionArn);
  if (source === undefined || arn === undefined || isRefused(found)) return undefined;
  const scope = scopeOf(arn.account, arn.region);
  const own = turn.within(scope, sessionOf(turn, found.doc, found.settings)) as Turn<LambdaState>;
  return { turn: own, key, mapping, found, source, streamArn: streamArnOf(mapping.sourceArn) };
}

/** Undefined while batches of other settings are under way: they end first. */
export function runOf({ turn, key, mapping }: OpenStream, retentionHours: number): FunctionRun | undefined {
  const { running } = turn.state;
  const run = running.streams.get(key);
  if (run !== undefined && hasSameSettings(run.cause, mapping)) {
    run.cause = mapping;
    return run;
  }
  if (run?.isUnderWay === true) return undefined;
  const fresh: FunctionRun = new StreamRun(running.nextId, mapping, readingSettings(mapping, retentionHours));
  running.nextId += 1;
  running.streams.set(key, fresh);
  return fresh;
}

/** Tags say nothing about reading. */
function hasSameSettings(one: StreamMapping, other: StreamMapping): boolean {
  if (one === other) return true;
  return JSON.stringify({ ...one, tags: {} }) === JSON.stringify({ ...other, tags: {} });
}

function readingSettings({ stream, batchSize, windowSeconds }: StreamMapping, retentionHours: number): ReadingSettings {
  // AWS: "failed records are retried until the record expires".
  const retentionMs = retentionHours * 3_600_000;
  const ageMsMax = stream.ageSecondsMax < 0 ? retentionMs : Math.min(retentionMs, stream.ageSecondsMax * 1000);
  return {
    batchSize,
    batchBytesMax: STREAM_BATCH_BYTES_MAX,
    gatherMs: windowSeconds * 1000,
    laneCount: stream.parallelization,
    isBisecting: stream.isBisecting,
    retriesMax: stream.retriesMax < 0 ? undefined : stream.retriesMax,
    ageMsMax,
    windowMs: stream.tumblingSeconds * 1000,
  };
}

export function positionOf({ position, positionMs }: StreamSettings): StartingPosition {
  if (position === 'LATEST') return { at: 'end' };
  return position === 'TRIM_HORIZON' ? { at: 'oldest' } : { at: 'time', timestampMs: positionMs ?? 0 };
}

/** The place for a time may be before it: what arrived earlier is left out. */
export function sinceOf({ position, positionMs }: StreamSettings): { readonly sinceMs?: number } {
  return position === 'AT_TIMESTAMP' && positionMs !== undefined ? { sinceMs: positionMs } : {};
}
