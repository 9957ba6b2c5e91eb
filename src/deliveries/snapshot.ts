// The open deliveries in a snapshot. Their payloads' references and their timers are the kernel's.

import { written } from '#base/bytes.ts';
import type { ServiceDefinition } from '#cell/service-definition.ts';
import type { DeliveriesState, OpenDelivery } from './state.ts';

const SECTION = 'deliveries';

export const snapshot: NonNullable<ServiceDefinition<DeliveriesState>['snapshot']> = {
  write(state, section) {
    const writer = section(SECTION);
    writer.varint(state.nextId);
    writer.varint(state.open.size);
    // They change in place: copies of what is in them now become bytes while the snapshot is written.
    const held = Array.from(state.open.values(), (delivery) => ({ ...delivery }));
    writer.lend(written(held, (each, delivery) => each.text(JSON.stringify(delivery))));
  },
  read(state, section) {
    const reader = section(SECTION);
    if (reader === undefined) return;
    state.nextId = reader.varint();
    for (let left = reader.varint(); left > 0; left -= 1) {
      const delivery = JSON.parse(reader.text()) as OpenDelivery;
      state.open.set(delivery.id, delivery);
    }
  },
};
