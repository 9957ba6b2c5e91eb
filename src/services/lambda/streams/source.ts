// A mapping with everything that reading its stream takes: the stream's door, a turn that acts as the function's role, and the readers at work.

import { type StreamSource, streamArnOf } from '#cell/stream-source.ts';
import type { Turn } from '#cell/turn.ts';
import { parseArn } from '#model/arn.ts';
import { isRefused } from '#model/aws-error.ts';
import { scopeOf } from '#model/scope.ts';
import { ageMsMax } from '#structures/shard-reading/choices.ts';
import type { ReadingSettings } from '#structures/shard-reading/records.ts';
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
    run.ageMsMax = ageMsMax(mapping.stream, retentionHours);
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
  return {
    batchSize,
    batchBytesMax: STREAM_BATCH_BYTES_MAX,
    gatherMs: windowSeconds * 1000,
    laneCount: stream.parallelization,
    isBisecting: stream.isBisecting,
    retriesMax: stream.retriesMax < 0 ? undefined : stream.retriesMax,
    ageMsMax: ageMsMax(stream, retentionHours),
    windowMs: stream.tumblingSeconds * 1000,
  };
}
