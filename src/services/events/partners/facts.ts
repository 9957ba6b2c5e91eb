// What happens to events of partners. Ids 0x780 to 0x79f. The event itself is routing's fact, in the same entry.

import { factKind, field } from '#cell/fact.ts';

/** A partner, a webhook or whoever emits samples gave an event to a bus. */
export const EventTakenIn = factKind({
  id: 0x780,
  name: 'EventTakenIn',
  fields: {
    eventId: field.uuid,
    /** Of the event: `aws.partner/example.com/orders`, `aws.ec2`. */
    source: field.text,
    /** Which way: `partner 111122223333`, `webhook stripe`, `sample`. */
    way: field.text,
  },
});

/** A partner's event was accepted and is nowhere: nobody takes the events of its source at the moment. */
export const PartnerEventDropped = factKind({
  id: 0x781,
  name: 'PartnerEventDropped',
  fields: { eventId: field.uuid, source: field.text, account: field.text },
});
