// The facts that are the kernel's own: payloads, documents, callers.

import { factKind, field } from './fact.ts';

/** A payload of the entry takes a slot; payloads of an entry are in the order of these facts. */
export const PayloadStored = factKind({
  id: 0x01,
  name: 'PayloadStored',
  durability: 'eventual',
  fields: { payload: field.count, bytes: field.count },
});

/** A live payload was copied forward, so that its old segment can go. */
export const PayloadMoved = factKind({
  id: 0x02,
  name: 'PayloadMoved',
  fields: { payload: field.count },
});

export const DocumentPut = factKind({
  id: 0x03,
  name: 'DocumentPut',
  fields: { table: field.text, key: field.text, doc: field.json<unknown>() },
});

export const DocumentDropped = factKind({
  id: 0x04,
  name: 'DocumentDropped',
  fields: { table: field.text, key: field.text },
});

/** A caller seen for the first time: entries name it by number. */
export const CallerSeen = factKind({
  id: 0x05,
  name: 'CallerSeen',
  fields: { caller: field.count, principal: field.text, sourceIp: field.text, userAgent: field.text },
});

/**
 * What policies said of this turn: a denial that mode `explain` let pass, or how a hand-over between resources was
 * allowed. Which verdict is told by its number.
 */
export const VerdictNoted = factKind({
  id: 0x06,
  name: 'VerdictNoted',
  durability: 'eventual',
  fields: { verdict: field.count },
});

/** A verdict seen for the first time. Number 0: too many different ones, this one is always written out. */
export const VerdictSeen = factKind({
  id: 0x07,
  name: 'VerdictSeen',
  durability: 'eventual',
  fields: {
    verdict: field.count,
    decision: field.text,
    action: field.text,
    resource: field.text,
    principal: field.text,
    reason: field.text,
  },
});
