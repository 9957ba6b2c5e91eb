// From stored bytes to memory: the newest snapshot, then every entry behind it, through the same apply as in life.

import { assert } from '#base/assert.ts';
import { StartupProblem } from '#base/startup-problem.ts';
import type { Journal, Position, ReplayedEntry, Snapshot } from '#storage/journal.ts';
import { ENTRY_VERSION, type EncodedFact, readEntry } from './entry.ts';
import type { RegisteredTable } from './fact-registry.ts';
import {
  CallerSeen,
  DocumentDropped,
  DocumentPut,
  PayloadMoved,
  PayloadStored,
  VerdictNoted,
  VerdictSeen,
} from './kernel-facts.ts';
import type { Memory } from './memory.ts';
import type { PayloadId } from './payloads.ts';
import { restoreSnapshot } from './snapshots.ts';

/** Returns the time at which the journal ends; 0 for an empty one. */
export async function replayJournal(memory: Memory, journal: Journal, snapshot: Snapshot | undefined): Promise<number> {
  let nowMs = snapshot === undefined ? 0 : restoreSnapshot(memory, snapshot);
  await journal.replay((snapshot?.position ?? 0) as Position, (entry) => {
    const entryMs = applyEntry(memory, entry);
    if (entryMs > nowMs) nowMs = entryMs;
  });
  return nowMs;
}

function applyEntry(memory: Memory, entry: ReplayedEntry): number {
  const stored: PayloadId[] = [];
  if (entry.facts[0] !== ENTRY_VERSION) throw writtenByAnother(`entries of version ${entry.facts[0]}`);
  const head = readEntry(entry.facts, (fact) => applyFact(memory, fact, entry, stored));
  for (let i = stored.length - 1; i >= 0; i -= 1) {
    memory.payloads.settle(stored[i] as PayloadId, entry.payloads[i] as Position);
  }
  return head.nowMs;
}

function applyFact(memory: Memory, { kindId, body }: EncodedFact, entry: ReplayedEntry, stored: PayloadId[]): void {
  const { registry, payloads } = memory;
  switch (kindId) {
    case PayloadStored.id: {
      const { payload, bytes } = PayloadStored.read(body);
      const taken = payloads.applyStored(bytes);
      assert(taken === payload, `replay takes the same payload slot ${payload} as life did`);
      stored.push(taken);
      return;
    }
    case PayloadMoved.id: {
      // A moved payload's bytes are the entry's payloads, in the order of the facts.
      const { payload } = PayloadMoved.read(body);
      payloads.place(payload as PayloadId, entry.payloads[stored.length] as Position);
      stored.push(payload as PayloadId);
      return;
    }
    case DocumentPut.id: {
      const { table, key, doc } = DocumentPut.read(body);
      tableOf(memory, table).put(key, doc);
      return;
    }
    case DocumentDropped.id: {
      const { table, key } = DocumentDropped.read(body);
      tableOf(memory, table).drop(key);
      return;
    }
    case CallerSeen.id: {
      const { caller, principal, sourceIp, userAgent } = CallerSeen.read(body);
      memory.callers.applySeen(caller, { principal, sourceIp, userAgent });
      return;
    }
    case VerdictSeen.id: {
      const { verdict, ...record } = VerdictSeen.read(body);
      memory.verdicts.applySeen(verdict, record);
      return;
    }
    case VerdictNoted.id:
      return;
    default: {
      const registered = registry.facts.get(kindId);
      if (registered === undefined) {
        throw writtenByAnother(`facts of kind 0x${kindId.toString(16)}`);
      }
      registered.apply(registered.kind.read(body));
    }
  }
}

function tableOf(memory: Memory, name: string): RegisteredTable {
  const table = memory.registry.tables.get(name);
  if (table === undefined) throw writtenByAnother(`documents of ${name}`);
  return table;
}

/** Skipping what is not understood would be a store that silently knows less. */
export function writtenByAnother(what: string): StartupProblem {
  return new StartupProblem('STO-04', `The store has ${what}, which this version of Eddy does not know.`);
}
