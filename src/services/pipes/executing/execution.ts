// An execution: a piece of a batch on its way through enrichment and target. It lives in memory only; its messages are hidden in their queue meanwhile.

import type { TargetParameters } from '#cell/target.ts';
import type { PipeDoc } from '../documents.ts';
import type { HandedOn } from '../facts.ts';
import { EXECUTION_MS_MAX } from '../limits.ts';
import { ExecutionLog } from '../logging/execution-log.ts';
import type { Item, SourceEvent } from '../shaping/item.ts';
import type { Batch, PipesTurn, StreamBatch } from '../state.ts';

export interface Execution {
  readonly id: string;
  readonly key: string;
  /** As it was when the execution began: an update or the pipe's end does not change it. */
  readonly pipe: PipeDoc;
  readonly batch: Batch | StreamBatch;
  readonly events: readonly SourceEvent[];
  readonly endsAtMs: number;
  readonly log: ExecutionLog;
  /** What goes to the target: the events, or what the enrichment made of them. */
  items: readonly Item[];
  /** Items that are one event by themselves, not an array of one. */
  isSingle: boolean;
  /** What is being asked, or was last. */
  question: Question | undefined;
}

/** For the enrichment, or for a target that answers. */
export interface Question {
  readonly stage: 'Enrichment' | 'Target';
  readonly arn: string;
  readonly text: string;
  readonly parameters?: TargetParameters | undefined;
  /** Times it was asked: an answer to an earlier time is none. */
  attempt: number;
}

export interface Failure {
  readonly stage: 'Enrichment' | 'Target';
  readonly arn: string;
  readonly code: string;
  readonly detail: string;
}

/** How an execution ended. Functions of a step give `undefined` while it goes on elsewhere. */
export interface ExecutionEnd {
  /** Messages that are not done with; all of them when an earlier step failed, or when it cannot be told which. */
  readonly failedIds: ReadonlySet<string> | 'all';
  readonly failure?: Failure | undefined;
  readonly handedOn?: readonly HandedOn[];
  /** What the target calls all events, when it took them as one. */
  readonly together?: string | undefined;
}

export function newExecution(
  turn: PipesTurn,
  {
    pipe,
    batch,
    events,
  }: { readonly pipe: PipeDoc; readonly batch: Execution['batch']; readonly events: readonly SourceEvent[] },
): Execution {
  const id = turn.uuid();
  return {
    id,
    key: batch.key,
    pipe,
    batch,
    events,
    endsAtMs: turn.nowMs + EXECUTION_MS_MAX,
    log: new ExecutionLog(pipe, id),
    items: events,
    isSingle: false,
    question: undefined,
  };
}

export function failed(failure: Failure): ExecutionEnd {
  return { failedIds: 'all', failure };
}

export const NONE_FAILED: ReadonlySet<string> = new Set();

/** Of messages of a queue; records of a stream have no UUIDs. */
export function messageIdsOf({ events }: Pick<Execution, 'events'>): readonly string[] {
  return events.flatMap(({ messageId, message }) => (message === undefined ? [] : [messageId]));
}
