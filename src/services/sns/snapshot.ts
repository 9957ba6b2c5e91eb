// FIFO topics and the next short id in a snapshot; documents are the kernel's, routes follow from them.

import type { ServiceDefinition } from '#cell/service-definition.ts';
import { fifoTopic } from './fifo.ts';
import type { SnsState } from './state.ts';

const SECTION = 'topics';

export const snapshot: NonNullable<ServiceDefinition<SnsState>['snapshot']> = {
  write(state, section) {
    const writer = section(SECTION);
    writer.varint(state.nextId);
    writer.varint(state.fifo.size);
    for (const [id, topic] of state.fifo) {
      writer.varint(id);
      writer.varint(topic.sequence);
      topic.window.encode(writer);
    }
  },
  read(state, section) {
    const reader = section(SECTION);
    if (reader === undefined) return;
    state.nextId = Math.max(state.nextId, reader.varint());
    for (let left = reader.varint(); left > 0; left -= 1) {
      const topic = fifoTopic(state, reader.varint());
      topic.sequence = reader.varint();
      topic.window.restore(reader);
    }
  },
};
