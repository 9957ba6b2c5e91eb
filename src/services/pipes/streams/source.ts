// A pipe with everything that reading its stream takes: the stream's door, a turn that acts as the pipe's role, and the readers at work.

import { type StreamRecord, type StreamSource, streamArnOf } from '#cell/stream-source.ts';
import type { Turn } from '#cell/turn.ts';
import { parseArn } from '#model/arn.ts';
import { scopeOf } from '#model/scope.ts';
import { ageMsMax } from '#structures/shard-reading/choices.ts';
import type { ReadingSettings, ReadRecord } from '#structures/shard-reading/records.ts';
import { StreamRun } from '#structures/shard-reading/stream-run.ts';
import type { PipeDoc, SourceSettings, StreamSettings } from '../documents.ts';
import type { SourceProblem } from '../errors.ts';
import { BATCH_BYTES_MAX } from '../limits.ts';
import { sessionOf } from '../role.ts';
import type { PipesTurn } from '../state.ts';

export interface PipeRecord extends ReadRecord, StreamRecord {}
export type PipeRun = StreamRun<PipeRecord, PipeDoc>;

export interface OpenStream {
  /** In the stream's scope, as the pipe's role. */
  readonly turn: PipesTurn;
  readonly key: string;
  readonly pipe: PipeDoc;
  readonly stream: StreamSettings;
  readonly source: StreamSource;
  readonly streamArn: string;
}

/** AWS: EventBridge user guide, "Amazon Kinesis stream as a source", "Execution role permissions"; ListStreams asks about no stream. */
const STREAM_ACTIONS = ['DescribeStream', 'DescribeStreamSummary', 'GetRecords', 'GetShardIterator', 'ListShards'];

export function openStream(turn: PipesTurn, key: string, pipe: PipeDoc): OpenStream | undefined {
  const { stream } = pipe.source;
  const arn = parseArn(pipe.sourceArn);
  const source = turn.doors.streams.get(arn?.service ?? '');
  if (arn === undefined || source === undefined || stream === undefined) return undefined;
  const own = turn.within(scopeOf(arn.account, arn.region), sessionOf(turn, pipe)) as PipesTurn;
  return { turn: own, key, pipe, stream, source, streamArn: streamArnOf(pipe.sourceArn) };
}

/** `turn`: as the pipe's role. */
export function streamProblem(turn: Turn, { sourceArn, account }: PipeDoc): SourceProblem | undefined {
  const resource = streamArnOf(sourceArn);
  const source = turn.doors.streams.get('kinesis');
  if (source?.describe(turn, resource) === undefined) return { kind: 'stream-gone' };
  const resourceAccount = parseArn(resource)?.account ?? account;
  const asked = { resource, resourceAccount, resourcePolicy: source.policy(turn, resource) };
  const action = STREAM_ACTIONS.find((name) => !turn.authorize({ ...asked, action: `kinesis:${name}` }).isAllowed);
  return action === undefined ? undefined : { kind: 'stream-denied', action };
}

/** Undefined while executions with other settings are under way: they end first. */
export function runOf({ turn, key, pipe, stream }: OpenStream, retentionHours: number): PipeRun | undefined {
  const { running } = turn.state;
  const run = running.streams.get(key);
  if (run !== undefined && hasSameSource(run.cause, pipe)) {
    run.cause = pipe;
    run.ageMsMax = ageMsMax(stream, retentionHours);
    return run;
  }
  if (run?.isUnderWay === true) return undefined;
  const fresh: PipeRun = new StreamRun(running.nextRun, pipe, readingSettings(pipe.source, stream, retentionHours));
  running.nextRun += 1;
  running.streams.set(key, fresh);
  return fresh;
}

function hasSameSource(one: PipeDoc, other: PipeDoc): boolean {
  return one === other || JSON.stringify(one.source) === JSON.stringify(other.source);
}

function readingSettings(
  { batchSize, windowSeconds = 0 }: SourceSettings,
  stream: StreamSettings,
  retentionHours: number,
): ReadingSettings {
  const { parallelization = 1, retriesMax = -1, isBisecting = false } = stream;
  return {
    batchSize,
    batchBytesMax: BATCH_BYTES_MAX,
    gatherMs: windowSeconds * 1000,
    laneCount: parallelization,
    isBisecting,
    retriesMax: retriesMax < 0 ? undefined : retriesMax,
    ageMsMax: ageMsMax(stream, retentionHours),
    windowMs: 0,
  };
}
