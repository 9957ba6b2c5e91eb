// What happens to archives and replays. Ids 0x740 to 0x77f.

import { factKind, field } from '#cell/fact.ts';

/** An archive keeps an event: its text stays in the journal until a block has it. */
export const EventArchived = factKind({
  id: 0x740,
  name: 'EventArchived',
  fields: { archive: field.count, payload: field.count, atMs: field.number, timeMs: field.number },
});

/** The oldest `count` events are in a block now, and no longer in the journal. */
export const ArchiveBlockSealed = factKind({
  id: 0x741,
  name: 'ArchiveBlockSealed',
  fields: { archive: field.count, count: field.count, hasJoined: field.flag, storedBytes: field.count },
});

export const ArchiveBlockPostponed = factKind({
  id: 0x742,
  name: 'ArchiveBlockPostponed',
  durability: 'eventual',
  fields: { archive: field.count, reason: field.text, retryAtMs: field.number },
});

/** The oldest blocks have expired. */
export const ArchiveTrimmed = factKind({
  id: 0x743,
  name: 'ArchiveTrimmed',
  fields: { archive: field.count, blocks: field.count, events: field.count },
});

/** Replays what the archive holds now: events before `endSequence`, none of them appended before `sinceAtMs`. */
export const ReplayStarted = factKind({
  id: 0x744,
  name: 'ReplayStarted',
  fields: { replay: field.count, endSequence: field.count, sinceAtMs: field.number },
});

/** All events up to this place were handed to the bus, `events` of them in this turn; `refused` ones a schema did not allow. */
export const ReplayAdvanced = factKind({
  id: 0x745,
  name: 'ReplayAdvanced',
  fields: {
    replay: field.count,
    timeMs: field.number,
    sequence: field.number,
    events: field.count,
    refused: field.count,
    lastEventMs: field.optional(field.number),
  },
});

export const ReplayCancelRequested = factKind({
  id: 0x746,
  name: 'ReplayCancelRequested',
  fields: { replay: field.count },
});

/** Targets have not done with what they were handed: the next step waits. */
export const ReplayPaused = factKind({
  id: 0x748,
  name: 'ReplayPaused',
  durability: 'eventual',
  fields: { replay: field.count, openDeliveries: field.count, untilMs: field.number },
});

export const ReplayEnded = factKind({
  id: 0x747,
  name: 'ReplayEnded',
  fields: {
    replay: field.count,
    outcome: field.text,
    reason: field.optional(field.text),
    atMs: field.number,
    /** When its name is free again. */
    forgottenAtMs: field.number,
    /** For the operator: what the client is not told. */
    detail: field.optional(field.text),
  },
});
