// What archives take from an event that passed through their bus. Called once per event, in the event's own turn.

import type { RoutedEvent } from '../routing/event.ts';
import type { EventsTurn } from '../state.ts';

export function collect(_turn: EventsTurn, _routed: RoutedEvent): void {}
