// Next runs of schedules that have run since their document was written, and remembered deletions. Documents and timers are the kernel's.

import type { ServiceDefinition } from '#cell/service-definition.ts';
import type { SchedulerState } from './state.ts';

const SECTION = 'runs';

export const snapshot: NonNullable<ServiceDefinition<SchedulerState>['snapshot']> = {
  write(state, section) {
    const writer = section(SECTION);
    state.deletions.encode(writer);
    writer.varint(state.advanced.size);
    for (const [key, next] of state.advanced) {
      writer.text(key);
      writer.u8(next === undefined ? 0 : 1);
      if (next === undefined) continue;
      writer.f64(next.plannedAtMs);
      writer.f64(next.dueAtMs);
    }
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
