// Next runs of schedules that have run since their document was written, and remembered deletions. Documents and timers are the kernel's.

import { type ByteWriter, written } from '#base/bytes.ts';
import type { ServiceDefinition } from '#cell/service-definition.ts';
import { pairsOf } from '#structures/table.ts';
import type { PlannedRun } from './documents.ts';
import type { SchedulerState } from './state.ts';

const SECTION = 'runs';

export const snapshot: NonNullable<ServiceDefinition<SchedulerState>['snapshot']> = {
  write(state, section) {
    const writer = section(SECTION);
    state.deletions.encode(writer);
    writer.varint(state.advanced.size);
    const held = pairsOf([...state.advanced.keys()], [...state.advanced.values()]);
    // Runs never change: they become bytes while the snapshot is written.
    writer.lend(written(held, writeRun));
  },
  read(state, section) {
    const reader = section(SECTION);
    if (reader === undefined) return;
    state.deletions.restore(reader);
    for (let left = reader.varint(); left > 0; left -= 1) {
      const key = reader.text();
      const hasNext = reader.u8() === 1;
      state.advanced.set(key, hasNext ? { plannedAtMs: reader.f64(), dueAtMs: reader.f64() } : undefined);
    }
  },
};

function writeRun(writer: ByteWriter, [key, next]: readonly [string, PlannedRun | undefined]): void {
  writer.text(key);
  writer.u8(next === undefined ? 0 : 1);
  if (next === undefined) return;
  writer.f64(next.plannedAtMs);
  writer.f64(next.dueAtMs);
}
