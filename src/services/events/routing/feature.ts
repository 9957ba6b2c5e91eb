import { on } from '#cell/service-definition.ts';
import type { Feature } from '../feature.ts';
import { EventLost, EventPublished, EventPut, EventRenamed, EventShaped } from './facts.ts';
import { putEvents } from './operations/put-events.ts';

/** What happened to events is told; state are only the documents, and what targets and archives keep. */
export const routing: Feature = {
  operations: { PutEvents: putEvents },
  facts: [EventPut, EventShaped, EventPublished, EventLost, EventRenamed].map((kind) =>
    on(kind as typeof EventPut, () => {}),
  ),
};
