// Events of our own services onto the default bus of their account, as AWS's services put theirs: `aws.` sources are theirs to use.

import type { ServiceEvent } from '#cell/doors.ts';
import { DEFAULT_BUS, lookUpBus } from '../buses/find-bus.ts';
import type { EventsTurn } from '../state.ts';
import { route } from './route.ts';

export function emit(turn: EventsTurn, { scope, source, detailType, resources, detail }: ServiceEvent): void {
  const bus = lookUpBus(turn.state, { scope, name: DEFAULT_BUS });
  if (bus === undefined) return;
  const { account, region } = scope;
  const id = turn.uuid();
  route(turn, { id, bus, source, detailType, account, region, timeMs: turn.nowMs, resources, detail });
}
