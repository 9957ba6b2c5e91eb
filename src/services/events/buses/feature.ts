import type { Feature } from '../feature.ts';
import { busTables } from './apply.ts';
import { createEventBus } from './operations/create-event-bus.ts';
import { deleteEventBus } from './operations/delete-event-bus.ts';
import { describeEventBus } from './operations/describe-event-bus.ts';
import { listEventBuses } from './operations/list-event-buses.ts';
import { putPermission } from './operations/put-permission.ts';
import { removePermission } from './operations/remove-permission.ts';
import { updateEventBus } from './operations/update-event-bus.ts';

export const buses: Feature = {
  operations: {
    CreateEventBus: createEventBus,
    DeleteEventBus: deleteEventBus,
    DescribeEventBus: describeEventBus,
    ListEventBuses: listEventBuses,
    PutPermission: putPermission,
    RemovePermission: removePermission,
    UpdateEventBus: updateEventBus,
  },
  tables: busTables,
  snapshot: {
    // Numbers are for ever: those of deleted buses must not come again.
    write: (state, section) => section('buses').varint(state.buses.nextNumber),
    read: (state, section) => {
      state.buses.nextNumber = Math.max(state.buses.nextNumber, section('buses')?.varint() ?? 0);
    },
  },
};
