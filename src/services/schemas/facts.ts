// The one thing about events that is written down here; everything else are documents.

import { factKind, field } from '#cell/fact.ts';

/** An event that a schema did not allow went to the dead-letter queue instead of its bus. */
export const EventHeldBack = factKind({
  id: 0xa00,
  name: 'EventHeldBack',
  fields: {
    eventId: field.uuid,
    /** Of the message that it is in the dead-letter queue. */
    messageId: field.uuid,
    busArn: field.text,
    deadLetterArn: field.text,
    schema: field.text,
    version: field.text,
    path: field.text,
    message: field.text,
  },
});
