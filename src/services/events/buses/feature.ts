import type { Feature } from '../feature.ts';
import { busTables } from './apply.ts';
import { createEventBus } from './operations/create-event-bus.ts';

export const buses: Feature = {
  operations: { CreateEventBus: createEventBus },
  tables: busTables,
};
