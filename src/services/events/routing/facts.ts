// What happens to events. Ids 0x700 to 0x73f are those of buses, rules and routing.

import { factKind, field } from '#cell/fact.ts';

/** An event is on a bus. Its text is stored with the entry, and kept as long as a target or an archive wants it. */
export const EventPut = factKind({
  id: 0x700,
  name: 'EventPut',
  fields: {
    bus: field.count,
    eventId: field.uuid,
    payload: field.count,
    /** Numbers of the rules that matched. */
    rules: field.list(field.count),
  },
});

/** A target's text was made from the event. */
export const EventShaped = factKind({
  id: 0x701,
  name: 'EventShaped',
  fields: { eventId: field.uuid, rule: field.count, target: field.text, payload: field.count },
});

/** A topic made a message of an event: it has an id of its own from there. */
export const EventPublished = factKind({
  id: 0x705,
  name: 'EventPublished',
  fields: { eventId: field.uuid, rule: field.count, topic: field.text, publishedId: field.text },
});

/** An event for a bus that does not exist. As on AWS, whoever put it was told that it arrived. */
export const EventLost = factKind({
  id: 0x702,
  name: 'EventLost',
  fields: { eventId: field.uuid, bus: field.text, payload: field.optional(field.count) },
});

/** An event got a new id on the way to a bus in another region. */
export const EventRenamed = factKind({
  id: 0x703,
  name: 'EventRenamed',
  fields: { eventId: field.uuid, newEventId: field.uuid },
});
