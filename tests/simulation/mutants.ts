// Planted mutants: each breaks one promise the way a plausible defect would. The simulation must find every one of them;
// a mutant it misses is a hole in the net.

import type { Cell } from '#cell/cell.ts';

export type Mutant = (cell: Cell) => void;

interface Innards {
  committer: { whenDurable(action: () => void): void };
}

type Facts = Readonly<Record<string, unknown>>;

interface Applied {
  readonly kind: { readonly name: string };
  apply(fact: unknown): void;
}

function appliedOf(cell: Cell, name: string): Applied {
  for (const registered of cell.registry.facts.values()) if (registered.kind.name === name) return registered;
  throw new Error(`no fact is called ${name}: the mutant needs a new name`);
}

/** Replaces one fact's apply; the fact is journaled all the same. */
export function brokenApply(
  name: string,
  apply: (fact: Facts, cell: Cell, original: (fact: unknown) => void) => void,
): Mutant {
  return (cell) => {
    const registered = appliedOf(cell, name);
    const original = registered.apply.bind(registered);
    registered.apply = (fact) => apply(fact as Facts, cell, original);
  };
}

export const mutants: Readonly<Record<string, Mutant>> = {
  /** Replies before the disk has it. */
  'acknowledge-early': (cell) => {
    (cell as unknown as Innards).committer.whenDurable = (action) => action();
  },
  /** Every third timer is not set. */
  'forget-timers': (cell) => {
    const set = cell.memory.timers.set.bind(cell.memory.timers);
    let count = 0;
    cell.memory.timers.set = (key, dueAtMs) => {
      count += 1;
      if (count % 3 !== 0) set(key, dueAtMs);
    };
  },
  /** Segments go although payloads in them live. */
  'drop-live-segments': (cell) => {
    cell.payloads.liveBytesPer = (starts) => starts.map(() => 0);
  },
  /** Every fiftieth payload is looked for in the wrong place. */
  'misplace-payloads': (cell) => {
    const { settle } = cell.payloads;
    let count = 0;
    cell.payloads.settle = (id, position) => {
      count += 1;
      settle.call(cell.payloads, id, (count % 50 === 0 ? position + 8 : position) as typeof position);
    };
  },
  /** Deletes are journaled and not carried out. */
  'forget-deletes': brokenApply('MessagesDeleted', () => {}),
  /** A dead letter leaves its queue and arrives nowhere. */
  'drop-dead-letters': brokenApply('MessageDeadLettered', (fact, cell) =>
    appliedOf(cell, 'MessagesDeleted').apply({ queue: fact.queue, slots: [fact.slot], sequences: [fact.sequence] }),
  ),
  /** A receive hides messages for no time. */
  'hide-nothing': brokenApply('MessagesReceived', (fact, _cell, original) => original({ ...fact, hiddenMs: 0 })),
  /** A FIFO queue's receive is forgotten by memory: its group stays open. */
  'open-groups': brokenApply('GroupMessagesReceived', (fact, _cell, original) => original({ ...fact, hiddenMs: 0 })),
  /** The deduplication key is journaled and not remembered. */
  'forget-deduplication': brokenApply('MessageSent', (fact, _cell, original) =>
    original({ ...fact, deduplicationKey: undefined }),
  ),
  /** A retry is planned for a time that never comes. */
  'lose-retries': brokenApply('DeliveryRetryPlanned', (fact, _cell, original) =>
    original({ ...fact, dueAtMs: Number(fact.dueAtMs) + 365 * 86_400_000 }),
  ),
  /** A delivery that was given up ends without its dead letter. */
  'give-up-silently': brokenApply('DeliveryGivenUp', (fact, cell) =>
    appliedOf(cell, 'DeliveryEnded').apply({ delivery: fact.delivery, outcome: 'dead-lettered' }),
  ),
};
