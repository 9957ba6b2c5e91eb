// Settings of an account in a region.

import { type Scope, scopePrefix } from '#model/scope.ts';
import type { MinimumThroughputBillingCommitmentOutput } from '#wire/generated/kinesis.ts';
import type { KinesisTurn } from './state.ts';

export interface AccountDoc {
  readonly isCommitted: boolean;
  readonly startedAtMs?: number | undefined;
  readonly endedAtMs?: number | undefined;
}

/** AWS: developer guide, "On-demand Advantage": at least 24 hours. */
const COMMITMENT_MS = 86_400_000;

function accountOf({ state, scope }: Pick<KinesisTurn, 'state' | 'scope'>): AccountDoc | undefined {
  return state.accounts.get(scopePrefix(scope));
}

/** The caller's account, or the one of a stream that others reach by its ARN. */
export function isCommitted({ state, scope: ofCaller }: KinesisTurn, scope: Scope = ofCaller): boolean {
  return accountOf({ state, scope })?.isCommitted === true;
}

/** When a commitment may end at the earliest; undefined when none is under way. */
export function earliestEndMs(turn: KinesisTurn): number | undefined {
  const account = accountOf(turn);
  return account?.isCommitted === true ? (account.startedAtMs ?? 0) + COMMITMENT_MS : undefined;
}

export function commitmentView(turn: KinesisTurn): MinimumThroughputBillingCommitmentOutput {
  const account = accountOf(turn);
  const earliestMs = earliestEndMs(turn);
  return {
    Status: account?.isCommitted === true ? 'ENABLED' : 'DISABLED',
    ...(account?.startedAtMs === undefined ? {} : { StartedAt: account.startedAtMs }),
    ...(account?.endedAtMs === undefined ? {} : { EndedAt: account.endedAtMs }),
    ...(earliestMs === undefined ? {} : { EarliestAllowedEndAt: earliestMs }),
  };
}

export function setCommitment(turn: KinesisTurn, isWanted: boolean): void {
  if (isWanted === isCommitted(turn)) return;
  const before = accountOf(turn);
  const after = isWanted
    ? { isCommitted: true, startedAtMs: turn.nowMs }
    : { ...before, isCommitted: false, endedAtMs: turn.nowMs };
  turn.put(turn.state.accounts, scopePrefix(turn.scope), after);
}
