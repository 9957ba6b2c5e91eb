// The tables of vended log delivery: whatever changes in one of them, the routes are looked for anew.

import { bind, type TableBinding } from '#cell/service-definition.ts';
import type { LogsState } from '../state.ts';

export function vendedTables(state: LogsState): readonly TableBinding[] {
  const forget = (): void => {
    state.vendedRoutes = undefined;
  };
  return [
    bind(state.deliverySources, forget),
    bind(state.deliveryDestinations, forget),
    bind(state.deliveries, forget),
  ];
}
