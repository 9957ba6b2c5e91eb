// The memory of Lambda. Documents and open events come back after a restart; what is only running (environments' work, pollers,
// credentials) ends with the process and is begun anew.

import type { CallRequest } from '#cell/callable.ts';
import type { PayloadId } from '#cell/payloads.ts';
import type { PolledMessage } from '#cell/poll-source.ts';
import type { Ticket } from '#cell/turn.ts';
import { type Scope, scopePrefix } from '#model/scope.ts';
import type { BatchWindow } from '#structures/batch-window.ts';
import type { EventPattern } from '#structures/event-pattern/event-pattern.ts';
import type { Work } from '#structures/shard-reading/records.ts';
import { StreamPlaces } from '#structures/shard-reading/stream-places.ts';
import { Table } from '#structures/table.ts';
import type { Told } from './asynchronous/report.ts';
import type { AliasDoc, FunctionDoc, InvokeConfigDoc, MappingDoc, PolicyDoc, VersionDoc } from './documents.ts';
import type { Credentials } from './invocation.ts';
import type { PendingDiscard } from './streams/discard.ts';
import type { StreamFilter } from './streams/filters.ts';
import type { FunctionRecord } from './streams/function-record.ts';
import type { FunctionRun } from './streams/source.ts';

export interface AsyncEvent {
  readonly id: number;
  readonly functionKey: string;
  readonly invokedArn: string;
  readonly requestId: string;
  readonly payload: PayloadId;
  readonly acceptedAtMs: number;
  readonly expiresAtMs: number;
  readonly retriesMax: number;
  readonly sourceArn: string | undefined;
  readonly traceHeader: string | undefined;
  /** `ready` to run, `waiting` for its next attempt, or `decided`: only its report is missing. */
  phase: 'ready' | 'waiting' | 'decided';
  failedAttempts: number;
  decision: AsyncDecision | undefined;
}

export interface AsyncDecision {
  readonly condition: 'Success' | 'RetriesExhausted' | 'EventAgeExceeded';
  readonly attempts: number;
  readonly errorType: string | undefined;
  readonly version: string | undefined;
  readonly response: PayloadId | undefined;
}

export class LambdaState {
  readonly functions = new Table<FunctionDoc>({ name: 'lambda.functions' });
  readonly versions = new Table<VersionDoc>({ name: 'lambda.versions' });
  readonly aliases = new Table<AliasDoc>({ name: 'lambda.aliases' });
  readonly policies = new Table<PolicyDoc>({ name: 'lambda.policies' });
  readonly invokeConfigs = new Table<InvokeConfigDoc>({ name: 'lambda.invoke-configs' });
  readonly mappings = new Table<MappingDoc>({
    name: 'lambda.mappings',
    indexes: { byFunction: (mapping) => mapping.functionKey, bySource: (mapping) => mapping.sourceArn },
  });
  readonly events = new Map<number, AsyncEvent>();
  /** Numbers of events that may run, in order, by function. */
  readonly ready = new Map<string, Set<number>>();
  nextEvent = 1;
  /** How far mappings have read their streams. */
  readonly streams = new StreamPlaces();
  /** What GetEventSourceMapping shows as the last result, by mappings that have one. */
  readonly streamResults = new Map<string, string>();
  readonly running = new Running();
}

/** Lost with the process, on purpose. */
export class Running {
  nextId = 1;
  readonly invocations = new Map<string, RunningInvocation>();
  readonly batches = new Map<string, ReadBatch>();
  readonly countByFunction = new Map<string, number>();
  /** Numbers of events that have an attempt under way. */
  readonly attempts = new Set<number>();
  readonly pollers = new Map<string, Poller>();
  /** Reports of events whose record is being written as an object. */
  readonly reports = new Map<number, readonly Told[]>();
  /** Discarded batches whose record is being written as an object. */
  readonly discards = new Map<string, PendingDiscard>();
  /** Readers of streams, by mapping. */
  readonly streams = new Map<string, FunctionRun>();
  /** Mappings that found no room for more records, in the order in which they came. */
  readonly crowdedOut = new Set<string>();
  readonly streamFilters = new Map<string, StreamFilter>();
  /** Mappings whose function's role may not read their source, by key: not asked again before. */
  readonly deniedUntilMs = new Map<string, number>();
  readonly credentials = new Map<string, CachedCredentials>();
}

export type RunningInvocation = {
  readonly functionKey: string;
  readonly version: string;
  readonly logGroup: string;
  readonly scope: Scope;
  readonly requestId: string;
} & (
  | { readonly kind: 'synchronous'; readonly ticket: Ticket; readonly wantsTail: boolean }
  | { readonly kind: 'asynchronous'; readonly event: number }
  /** Another service waits for the answer. */
  | { readonly kind: 'call'; readonly asker: CallRequest['asker'] }
  | { readonly kind: 'batch'; readonly batch: InvokedBatch }
  | { readonly kind: 'stream-batch'; readonly batch: InvokedStreamBatch }
);

/** Messages that were taken from a source and are being read. */
export interface ReadBatch {
  readonly mappingKey: string;
  readonly messages: readonly PolledMessage[];
}

export interface InvokedBatch {
  readonly mappingKey: string;
  readonly functionArn: string;
  readonly sourceArn: string;
  readonly reportsItemFailures: boolean;
  readonly messages: readonly PolledMessage[];
}

export interface InvokedStreamBatch {
  readonly mappingKey: string;
  readonly functionArn: string;
  /** Of the mapping's readers: those of other settings are other runs. */
  readonly runId: number;
  readonly shardId: string;
  readonly work: Work<FunctionRecord>;
}

export interface Poller {
  inFlight: number;
  /** Batches at once: grows with a backlog. */
  limit: number;
  readonly window: BatchWindow;
  filters: { readonly texts: readonly string[]; readonly patterns: readonly EventPattern[] } | undefined;
}

export interface CachedCredentials {
  readonly credentials: Credentials;
  readonly expiresAtMs: number;
}

export function functionKeyOf(scope: Scope, name: string): string {
  return scopePrefix(scope) + name;
}

/** Key of what belongs to a version or alias; the colon cannot be in a name. */
export function qualifiedKey(functionKey: string, qualifier: string): string {
  return `${functionKey}:${qualifier}`;
}

/** Versions sort by number. */
export function versionKey(functionKey: string, version: number): string {
  return qualifiedKey(functionKey, String(version).padStart(10, '0'));
}
