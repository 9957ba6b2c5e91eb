// What facts do to objects in the making.

import { assertDefined } from '#base/assert.ts';
import type { PayloadId } from '#cell/payloads.ts';
import { type FactBinding, on } from '#cell/service-definition.ts';
import type { LogsState } from '../state.ts';
import * as facts from './facts.ts';
import type { LogObject } from './state.ts';

/** An object is to be written; its subject is the object's number. */
export const OBJECT_TIMER = 'object';

export const objectFacts: readonly FactBinding<LogsState>[] = [
  on(facts.LogObjectBegun, ({ objects }, { object: id, place, begunAtMs, dueAtMs }, { timers }) => {
    objects.add({ id, place, begunAtMs, payloads: [], bytes: 0, isClosed: false });
    timers.set(OBJECT_TIMER, String(id), dueAtMs);
  }),
  on(facts.LogLinesCollected, (state, { object: id, payload, bytes }, { payloads }) => {
    const object = known(state, id);
    payloads.retain(payload as PayloadId);
    object.payloads.push(payload as PayloadId);
    object.bytes += bytes;
  }),
  on(facts.LogObjectClosed, (state, { object }, { timers }) => {
    state.objects.close(known(state, object));
    timers.clear(OBJECT_TIMER, String(object));
  }),
  on(facts.LogObjectDelayed, (_state, { object, retryAtMs }, { timers }) =>
    timers.set(OBJECT_TIMER, String(object), retryAtMs),
  ),
  on(facts.LogObjectEnded, (state, { object }, { payloads, timers }) => {
    for (const payload of known(state, object).payloads) payloads.release(payload);
    state.objects.all.delete(object);
    timers.clear(OBJECT_TIMER, String(object));
  }),
];

function known({ objects }: LogsState, id: number): LogObject {
  return assertDefined(objects.all.get(id), `log object ${id}`);
}
