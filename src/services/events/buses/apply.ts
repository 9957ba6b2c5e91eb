import { bind, type TableBinding } from '#cell/service-definition.ts';
import type { EventsState } from '../state.ts';
import type { BusDoc } from './documents.ts';

export function busTables({ buses }: EventsState): readonly TableBinding[] {
  return [
    bind<BusDoc>(buses.buses, (_key, before, after) => {
      if (after === undefined) {
        if (before !== undefined) buses.byNumber.delete(before.number);
        return;
      }
      buses.byNumber.set(after.number, after);
      buses.nextNumber = Math.max(buses.nextNumber, after.number + 1);
    }),
  ];
}
