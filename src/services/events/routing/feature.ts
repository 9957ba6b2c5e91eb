import { on } from '#cell/service-definition.ts';
import type { Feature } from '../feature.ts';
import { EventPut, EventShaped } from './facts.ts';
import { putEvents } from './operations/put-events.ts';

export const routing: Feature = {
  operations: { PutEvents: putEvents },
  facts: [on(EventPut, () => {}), on(EventShaped, () => {})],
};
