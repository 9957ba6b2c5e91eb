// The life of a source, seen from its customer: PENDING until the bus of its name is made, ACTIVE from then on, PENDING again while it is
// deactivated or its bus was deleted. What is PENDING for two weeks is deleted; what was deleted while its bus is there stays to be seen as
// DELETED until the bus goes, too.

import type { ApplyContext } from '#cell/service-definition.ts';
import { type AwsError, isRefused } from '#model/aws-error.ts';
import type { BusDoc } from '../buses/documents.ts';
import { validation } from '../errors.ts';
import type { EventsTurn } from '../state.ts';
import { sourceConstraints } from './constraints.ts';
import type { EventSourceDoc } from './documents.ts';
import { busNameDiffers, sourceIsDeleted } from './errors.ts';
import { busOf, findSource, sourceKey, sourceState } from './find.ts';
import { PENDING_MS_MAX } from './limits.ts';

export const EXPIRE_TIMER = 'expire-event-source';

/** Writes the source, with the end of its waiting when it waits. */
export function putSource(turn: EventsTurn, source: EventSourceDoc): void {
  const { state, nowMs } = turn;
  const isWaiting = source.partner !== undefined && sourceState(state, source) === 'PENDING';
  const expiresAtMs = isWaiting ? (source.expiresAtMs ?? nowMs + PENDING_MS_MAX) : undefined;
  turn.put(state.partners.sources, sourceKey(source, source.name), { ...source, expiresAtMs });
}

/** Deleted by whoever offers it, or expired. */
export function endSource(turn: EventsTurn, source: EventSourceDoc): void {
  const { partners } = turn.state;
  const { partner, region, name } = source;
  const offeredKey = partner === undefined ? undefined : sourceKey({ account: partner, region }, name);
  if (offeredKey !== undefined && partners.offered.has(offeredKey)) turn.drop(partners.offered, offeredKey);
  if (busOf(turn.state, source) === undefined) turn.drop(partners.sources, sourceKey(source, name));
  else putSource(turn, { ...source, isDeleted: true });
}

/** Part of apply. */
export function sourceChanged(
  key: string,
  before: EventSourceDoc | undefined,
  after: EventSourceDoc | undefined,
  { timers }: Pick<ApplyContext, 'timers'>,
): void {
  if (after?.expiresAtMs !== undefined) timers.set(EXPIRE_TIMER, key, after.expiresAtMs);
  else if (before?.expiresAtMs !== undefined) timers.clear(EXPIRE_TIMER, key);
}

export function expireSource(turn: EventsTurn, key: string): void {
  const source = turn.state.partners.sources.get(key);
  if (source !== undefined && sourceState(turn.state, source) === 'PENDING') endSource(turn, source);
}

/** Why CreateEventBus may not make a bus for this source; asked before anything is recorded. */
export function partnerBusProblem(turn: EventsTurn, busName: string, name: string): AwsError | undefined {
  const broken = sourceConstraints('eventSourceName', name).text;
  if (broken !== undefined) return validation(broken);
  if (busName !== name) return busNameDiffers();
  const source = findSource(turn, name);
  if (isRefused(source)) return source.refused;
  return source.isDeleted ? sourceIsDeleted(name) : undefined;
}

/** The bus of a source was made or deleted; called after that. */
export function partnerBusChanged(turn: EventsTurn, { account, region, eventSourceName }: BusDoc): void {
  if (eventSourceName === undefined) return;
  const key = sourceKey({ account, region }, eventSourceName);
  const { sources } = turn.state.partners;
  const source = sources.get(key);
  if (source === undefined) return;
  if (source.isDeleted) turn.drop(sources, key);
  else putSource(turn, { ...source, isDeactivated: false });
}
