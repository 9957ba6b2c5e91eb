// The room of EventBridge: its features, and what others may ask of it.

import { defineService } from '#cell/service-definition.ts';
import { apiDestinations } from './api-destinations/feature.ts';
import { archives } from './archives/feature.ts';
import { buses } from './buses/feature.ts';
import { connections } from './connections/feature.ts';
import { doors } from './doors.ts';
import { composeFeatures } from './feature.ts';
import { observing } from './observing/feature.ts';
import { partners } from './partners/feature.ts';
import { routing } from './routing/feature.ts';
import { rules } from './rules/feature.ts';
import { EventsState } from './state.ts';
import { tagging } from './tagging/feature.ts';

const FEATURES = [buses, rules, tagging, routing, archives, connections, apiDestinations, partners, observing];

export const events = defineService<EventsState>({
  name: 'events',
  createState: () => new EventsState(),
  ...composeFeatures(FEATURES),
  doors,
});
