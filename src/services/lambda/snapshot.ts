// Open asynchronous events, and places in streams, as snapshot bytes. Documents and timers are the kernel's.

import type { ByteReader, ByteWriter } from '#base/bytes.ts';
import type { PayloadId } from '#cell/payloads.ts';
import { addEvent } from './apply.ts';
import type { AsyncDecision, AsyncEvent, LambdaState } from './state.ts';

export function writeSnapshot(state: LambdaState, section: (name: string) => ByteWriter): void {
  writeEvents(state, section('events'));
  const streams = section('streams');
  state.streams.encode(streams);
  streams.text(JSON.stringify([...state.streamResults]));
}

function writeEvents(state: LambdaState, writer: ByteWriter): void {
  writer.varint(state.nextEvent);
  writer.varint(state.events.size);
  for (const event of state.events.values()) {
    const { payload, decision, ...rest } = event;
    writer.varint(payload);
    writer.text(JSON.stringify({ ...rest, decision: decision ?? null }));
  }
}

export function readSnapshot(state: LambdaState, section: (name: string) => ByteReader | undefined): void {
  const events = section('events');
  if (events !== undefined) readEvents(state, events);
  const streams = section('streams');
  if (streams === undefined) return;
  state.streams.restore(streams);
  for (const [key, result] of JSON.parse(streams.text()) as [string, string][]) state.streamResults.set(key, result);
}

function readEvents(state: LambdaState, reader: ByteReader): void {
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
