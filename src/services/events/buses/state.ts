import { Table } from '#structures/table.ts';
import type { BusDoc } from './documents.ts';

export class BusesState {
  /** By `account/region/name`. */
  readonly buses = new Table<BusDoc>({ name: 'events.buses' });
  readonly byNumber = new Map<number, BusDoc>();
  nextNumber = 1;
}
