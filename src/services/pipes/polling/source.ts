// A pipe with everything that reading its source takes: the queue's door, and a turn that acts as the pipe's role.

import type { PollSource } from '#cell/poll-source.ts';
import { parseArn } from '#model/arn.ts';
import { scopeOf } from '#model/scope.ts';
import { BatchWindow } from '#structures/batch-window.ts';
import type { PipeDoc } from '../documents.ts';
import { BATCHES_START } from '../limits.ts';
import { sessionOf } from '../role.ts';
import type { PipesState, PipesTurn, Poller } from '../state.ts';

export interface OpenSource {
  /** In the source's scope, as the pipe's role. */
  readonly turn: PipesTurn;
  readonly pipe: PipeDoc;
  readonly source: PollSource;
}

/** Undefined when there is no such queue (any more). */
export function openSource(turn: PipesTurn, pipe: PipeDoc): OpenSource | undefined {
  const arn = parseArn(pipe.sourceArn);
  const source = turn.doors.sources.get(arn?.service ?? '');
  if (arn === undefined || source === undefined) return undefined;
  const own = turn.within(scopeOf(arn.account, arn.region), sessionOf(turn, pipe)) as PipesTurn;
  return source.exists(own, pipe.sourceArn) ? { turn: own, pipe, source } : undefined;
}

/** As AWS does for each call: true when the role may. */
export function mayOnSource({ turn, pipe, source }: OpenSource, action: string): boolean {
  const { sourceArn: resource } = pipe;
  const resourceAccount = parseArn(resource)?.account ?? pipe.account;
  const resourcePolicy = source.policy?.(turn, resource);
  return turn.authorize({ action: `sqs:${action}`, resource, resourceAccount, resourcePolicy }).isAllowed;
}

export function pollerOf(state: PipesState, key: string): Poller {
  const { pollers } = state.running;
  const known = pollers.get(key);
  if (known !== undefined) return known;
  const poller: Poller = {
    inFlight: 0,
    limit: BATCHES_START,
    failuresInRow: 0,
    pausedUntilMs: 0,
    window: new BatchWindow(),
    problem: undefined,
    filter: undefined,
  };
  pollers.set(key, poller);
  return poller;
}
