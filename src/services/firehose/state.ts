// Delivery streams with what waits in them. Records wait in lanes, one behind the other: for processing, for the destination, and beside these
// for the backup of source records. A lane is an append log of packs: payloads in the journal, and blocks when they wait for long.

import type { PayloadId } from '#cell/payloads.ts';
import type { Ticket, Turn } from '#cell/turn.ts';
import type { AwsError } from '#model/aws-error.ts';
import { AppendLog } from '#structures/append-log/append-log.ts';
import { Table } from '#structures/table.ts';
import type { StreamDoc } from './documents.ts';
import type { PutObject } from './facts.ts';
import type { Run } from './lanes/running.ts';
import type { StreamPlan } from './plan.ts';

export type FirehoseTurn = Turn<FirehoseState>;

/** In facts by number: their order stays. */
export const LANES = ['process', 'deliver', 'backup'] as const;
export type LaneName = (typeof LANES)[number];
export const laneNumber = (name: LaneName): number => LANES.indexOf(name);

export interface Lane {
  readonly name: LaneName;
  /** A pack's `bytes` are those of its records' data. */
  readonly log: AppendLog;
  /** What a destination left over of the batch before `log`. */
  held: { readonly packs: readonly PayloadId[]; readonly bytes: number } | undefined;
  trouble: Trouble | undefined;
  splunk: SplunkWait | undefined;
  copy: PlannedCopy | undefined;
}

/** The first batch of a lane could not be delivered, and is to be tried again. */
export interface Trouble {
  readonly endSequence: number;
  readonly requestId: string;
  readonly attempts: number;
  readonly firstFailedAtMs: number;
  readonly retryAtMs: number;
  readonly code: string;
  readonly message: string;
  readonly isGivenUp: boolean;
  readonly put: readonly PutObject[] | undefined;
}

export interface SplunkWait {
  readonly endSequence: number;
  readonly requestId: string;
  readonly ackId: number;
  readonly sentAtMs: number;
  /** When it is asked next. */
  askAtMs: number;
}

export interface PlannedCopy {
  readonly manifestUrl: string;
  readonly objects: readonly { readonly url: string; readonly blob: string; readonly bytes: number }[];
}

/** How far a shard of the source was read. */
export interface ShardProgress {
  readonly next: number;
  readonly isEnd: boolean;
}

export interface StreamContent {
  readonly number: number;
  doc: StreamDoc;
  plan: StreamPlan;
  readonly lanes: Map<LaneName, Lane>;
  /** By shard id; only of streams with a source. */
  readonly shards: Map<string, ShardProgress>;
}

export interface QueryCheck {
  readonly ticket: Ticket;
  readonly within: Pick<FirehoseTurn, 'scope' | 'principal'>;
  readonly decide: (turn: FirehoseTurn) => { readonly output: unknown } | { readonly refused: AwsError };
}

export class FirehoseState {
  readonly streams = new Table<StreamDoc>({ name: 'firehose.streams' });
  readonly contents = new Map<number, StreamContent>();
  nextNumber = 1;

  // What this process is doing; a new one begins without.

  /** Batches under way, by `stream/lane`. */
  readonly runs = new Map<string, Run>();
  /** Blocks that are being written: packs in them, by `stream/lane`. */
  readonly sealing = new Map<string, number>();
  /** Requests that wait for jq's opinion of their expression. */
  readonly checking = new Map<string, QueryCheck>();
  /** Shards that are being read, by `stream/shard`. */
  readonly reading = new Set<string>();
  /** Blocks may be written: those that an earlier process left behind are gone. */
  isSwept = false;
}

export function newLane(name: LaneName): Lane {
  return { name, log: new AppendLog(), held: undefined, trouble: undefined, splunk: undefined, copy: undefined };
}

export function laneOf(content: StreamContent, name: LaneName): Lane {
  const found = content.lanes.get(name);
  if (found !== undefined) return found;
  const lane = newLane(name);
  content.lanes.set(name, lane);
  return lane;
}

export const isEmpty = ({ log, held, copy }: Lane): boolean =>
  log.count === 0 && held === undefined && copy === undefined;

/** Subject of a lane's timers and effects. */
export const subjectOf = (number: number, lane: LaneName): string => `${number}/${lane}`;

export function laneBySubject(
  { contents }: FirehoseState,
  subject: string,
): { readonly content: StreamContent; readonly lane: Lane } | undefined {
  const [number, name] = subject.split('/');
  const content = contents.get(Number(number));
  const lane = content?.lanes.get(name as LaneName);
  return content === undefined || lane === undefined ? undefined : { content, lane };
}

/** Name of a lane's log, which its blobs begin with. */
export const BLOCK_PREFIX = 'firehose/';
export const logName = (number: number, lane: LaneName): string => `${BLOCK_PREFIX}${number}-${lane}`;
