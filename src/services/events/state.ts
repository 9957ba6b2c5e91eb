// What EventBridge keeps in memory: each feature's part.

import type { Turn } from '#cell/turn.ts';
import { ApiDestinationsState } from './api-destinations/state.ts';
import { ArchivesState } from './archives/state.ts';
import { BusesState } from './buses/state.ts';
import { ConnectionsState } from './connections/state.ts';
import { ObservingState } from './observing/state.ts';
import { PartnersState } from './partners/state.ts';
import { RoutingState } from './routing/state.ts';
import { RulesState } from './rules/state.ts';

export class EventsState {
  readonly buses = new BusesState();
  readonly rules = new RulesState();
  readonly routing = new RoutingState();
  readonly archives = new ArchivesState();
  readonly connections = new ConnectionsState();
  readonly apiDestinations = new ApiDestinationsState();
  readonly partners = new PartnersState();
  readonly observing = new ObservingState();
}

export type EventsTurn = Turn<EventsState>;
