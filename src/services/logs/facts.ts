// Facts of log streams and their events. Groups are documents. Events lie in blocks: one payload for all events of one
// append, so that memory holds one small record for each append and none for a line.

import { factKind, field } from '#cell/fact.ts';

export const LogStreamCreated = factKind({
  id: 0x401,
  name: 'LogStreamCreated',
  fields: { group: field.u32, stream: field.u32, streamName: field.text, createdAtMs: field.number },
});

export const LogStreamDeleted = factKind({ id: 0x402, name: 'LogStreamDeleted', fields: { stream: field.u32 } });

const appended = {
  stream: field.u32,
  payload: field.count,
  count: field.count,
  bytes: field.count,
  minMs: field.number,
  maxMs: field.number,
  ingestedAtMs: field.number,
};

/** By PutLogEvents: acknowledged, so durable first. */
export const LogEventsAppended = factKind({ id: 0x403, name: 'LogEventsAppended', fields: appended });

/** A service wrote its own log: nobody was promised the lines, so nobody waits for them. */
export const LogEventsWritten = factKind({
  id: 0x404,
  name: 'LogEventsWritten',
  durability: 'eventual',
  fields: appended,
});

/** What was handed over became a line: says which payload it was. */
export const LogLineTaken = factKind({
  id: 0x406,
  name: 'LogLineTaken',
  fields: { stream: field.u32, payload: field.count },
});

/** Blocks whose newest event is older than this are gone; when the group is looked at next. */
export const LogEventsTrimmed = factKind({
  id: 0x405,
  name: 'LogEventsTrimmed',
  fields: { group: field.u32, beforeMs: field.number, nextTrimAtMs: field.optional(field.number) },
});
