// Open asynchronous events as snapshot bytes. Documents and timers are the kernel's.

import type { ByteReader, ByteWriter } from '#base/bytes.ts';
import type { PayloadId } from '#cell/payloads.ts';
import { addEvent } from './apply.ts';
import type { AsyncDecision, AsyncEvent, LambdaState } from './state.ts';

export function writeSnapshot(state: LambdaState, section: (name: string) => ByteWriter): void {
  const writer = section('events');
  writer.varint(state.nextEvent);
  writer.varint(state.events.size);
  for (const event of state.events.values()) {
    const { payload, decision, ...rest } = event;
    writer.varint(payload);
    writer.text(JSON.stringify({ ...rest, decision: decision ?? null }));
  }
}

export function readSnapshot(state: LambdaState, section: (name: string) => ByteReader | undefined): void {
  const reader = section('events');
  if (reader === undefined) return;
  state.nextEvent = reader.varint();
  for (let left = reader.varint(); left > 0; left -= 1) {
    const payload = reader.varint() as PayloadId;
    const rest = JSON.parse(reader.text()) as Omit<AsyncEvent, 'payload' | 'decision'> & {
      readonly decision: AsyncDecision | null;
    };
    addEvent(state, {
      ...rest,
      payload,
      sourceArn: rest.sourceArn,
      traceHeader: rest.traceHeader,
      decision: rest.decision ?? undefined,
    });
  }
}
