// What other services may ask of the room.

import type { DeliveryObserver } from '#cell/deliveries-door.ts';
import type { EventsDoor } from '#cell/doors.ts';
import type { BusesDoor } from '#cell/schemas-door.ts';
import type { ServiceDoors } from '#cell/service-definition.ts';
import { callApiDestination } from './api-destinations/target.ts';
import { describeBus } from './buses/describe-bus.ts';
import { observeDelivery } from './observing/observe.ts';
import { emit } from './routing/emit.ts';
import type { EventsTurn } from './state.ts';
import { acceptHandOver } from './target.ts';

const events: EventsDoor = { emit: (turn, event) => emit(turn as EventsTurn, event) };
const buses: BusesDoor = { find: (turn, arn) => describeBus(turn as EventsTurn, arn) };
const observer: DeliveryObserver = { noted: (turn, report) => observeDelivery(turn as EventsTurn, report) };

export function doors(): ServiceDoors {
  return {
    target: { accept: (turn, handOver) => acceptHandOver(turn as EventsTurn, handOver) },
    callable: { call: (turn, request) => callApiDestination(turn as EventsTurn, request) },
    events,
    buses,
    observer,
  };
}
