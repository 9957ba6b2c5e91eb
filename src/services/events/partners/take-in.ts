// Puts an event of somebody else than an account's own programs on a bus, as an event of that bus's account.

import type { SchemaViolation } from '#cell/schemas-door.ts';
import type { BusDoc } from '../buses/documents.ts';
import type { IncomingEvent } from '../routing/event.ts';
import { route } from '../routing/route.ts';
import type { EventsTurn } from '../state.ts';
import { EventTakenIn } from './facts.ts';

export interface ForeignEvent extends Pick<IncomingEvent, 'id' | 'source' | 'detailType' | 'resources' | 'detail'> {
  readonly timeMs?: number | undefined;
  /** How it came, for explanations. */
  readonly way: string;
}

/** A violation when a schema that the bus enforces refuses it: then nothing was recorded. */
export function takeIn(turn: EventsTurn, bus: BusDoc, foreign: ForeignEvent): SchemaViolation | undefined {
  const { account, region } = bus;
  const { way, timeMs = turn.nowMs, ...event } = foreign;
  const routed = route(turn, { ...event, bus, account, region, timeMs });
  if ('violation' in routed && routed.violation.action === 'refuse') return routed.violation;
  turn.record(EventTakenIn, { eventId: event.id, source: event.source, way });
  return undefined;
}
