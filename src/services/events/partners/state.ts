import { Table } from '#structures/table.ts';
import type { EventSourceDoc, OfferedSourceDoc } from './documents.ts';

export class PartnersState {
  readonly offered = new Table<OfferedSourceDoc>({ name: 'events.partner-sources' });
  readonly sources = new Table<EventSourceDoc>({ name: 'events.event-sources' });
}
