import type { RoutedEvent } from './event.ts';

export class RoutingState {
  /** The event that is being handed to another bus, for as long as that takes: the bus needs to know the ways it has come. */
  forwarded: RoutedEvent | undefined;
}
