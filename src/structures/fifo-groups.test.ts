import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter } from '#base/bytes.ts';
import { FifoGroups } from './fifo-groups.ts';

const ID = new Uint8Array(16);

function arrival(sequence: number, group: string, nowMs: number, delayMs = 0) {
  return {
    sequence,
    payloadId: 1,
    messageId: ID,
    sentAtMs: nowMs,
    dueAtMs: nowMs + delayMs,
    group,
    envelopeId: 0,
    originId: 0,
    receiveCount: 0,
    firstReceivedAtMs: 0,
  };
}

interface ModelMessage {
  readonly slot: number;
  readonly sequence: number;
  readonly group: string;
  state: 'ready' | 'delayed' | 'in flight';
  dueAtMs: number;
}

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('send' as const), group: fc.constantFrom('a', 'b', 'c', 'd') }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('receive' as const),
      count: fc.integer({ min: 1, max: 5 }),
      hideMs: fc.constantFrom(0, 3, 12),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('delete' as const), pick: fc.nat(20) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('change' as const), pick: fc.nat(10), hideMs: fc.constantFrom(0, 1, 15) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 9 }) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
);

describe('FIFO groups', () => {
  it('give each group in order and nothing behind a message in flight, also after a restart', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), fc.constantFrom(0, 0, 4), (steps, delayMs) => {
        let queue = new FifoGroups();
        let model: ModelMessage[] = [];
        let nowMs = 100;
        let sequence = 0;
        const promote = (): void => {
          queue.promoteDue(nowMs, 1000);
          for (const one of model) if (one.state !== 'ready' && one.dueAtMs <= nowMs) one.state = 'ready';
        };
        const available = (): ModelMessage[] => {
          const open: ModelMessage[] = [];
          for (const group of new Set(model.map((one) => one.group))) {
            const line = model.filter((one) => one.group === group);
            if (line.some((one) => one.state === 'in flight')) continue;
            const end = line.findIndex((one) => one.state !== 'ready');
            open.push(...(end < 0 ? line : line.slice(0, end)));
          }
          return open;
        };
        for (const one of steps) {
          if (one.kind === 'send') {
            sequence += 1;
            const slot = queue.enqueue(arrival(sequence, one.group, nowMs, delayMs));
            model.push({
              slot,
              sequence,
              group: one.group,
              state: delayMs > 0 ? 'delayed' : 'ready',
              dueAtMs: nowMs + delayMs,
            });
          } else if (one.kind === 'receive') {
            promote();
            const open = available();
            const chosen = queue
              .choose(one.count)
              .map((slot) => model.find((other) => other.slot === slot) as ModelMessage);
            expect(chosen.length).toBe(Math.min(one.count, open.length));
            for (const group of new Set(chosen.map((other) => other.group))) {
              const given = chosen.filter((other) => other.group === group).map((other) => other.sequence);
              const line = open.filter((other) => other.group === group).map((other) => other.sequence);
              expect(given).toEqual(line.slice(0, given.length));
              if (chosen[chosen.length - 1]?.group !== group) expect(given).toEqual(line);
            }
            for (const message of chosen) queue.receive(message.slot, { atMs: nowMs, untilMs: nowMs + one.hideMs });
            for (const message of chosen) {
              message.state = one.hideMs > 0 ? 'in flight' : 'ready';
              message.dueAtMs = nowMs + one.hideMs;
            }
          } else if (one.kind === 'delete') {
            const message = model[one.pick];
            if (message === undefined) continue;
            queue.remove(message.slot);
            model = model.filter((other) => other !== message);
          } else if (one.kind === 'change') {
            const message = model.filter((other) => other.state === 'in flight')[one.pick];
            if (message === undefined) continue;
            queue.changeVisibility(message.slot, { atMs: nowMs, untilMs: nowMs + one.hideMs });
            message.dueAtMs = nowMs + one.hideMs;
            if (one.hideMs === 0) message.state = 'ready';
          } else if (one.kind === 'wait') nowMs += one.ms;
          else {
            const writer = new ByteWriter();
            queue.encode(writer);
            queue = new FifoGroups();
            queue.restore(new ByteReader(writer.bytes));
          }
          expect(queue.readyCount).toBe(model.filter((other) => other.state === 'ready').length);
          expect(queue.inFlightCount).toBe(model.filter((other) => other.state === 'in flight').length);
          expect(queue.delayedCount).toBe(model.filter((other) => other.state === 'delayed').length);
          expect(queue.hasChoice).toBe(available().length > 0);
          expect(queue.groupCount).toBe(new Set(model.map((other) => other.group)).size);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('apply a changed delay to what waits already', () => {
    const queue = new FifoGroups();
    queue.enqueue(arrival(1, 'a', 0, 900));
    queue.changeDelay(10);
    expect(queue.nextDueAtMs()).toBe(10);
    expect(queue.promoteDue(10, 5)).toBe(1);
  });

  it('keep a returned message in its place before younger ones', () => {
    const queue = new FifoGroups();
    const first = queue.enqueue(arrival(1, 'a', 0));
    const second = queue.enqueue(arrival(2, 'a', 0));
    const third = queue.enqueue(arrival(3, 'a', 0));
    for (const slot of queue.choose(2)) queue.receive(slot, { atMs: 1, untilMs: 10 });
    queue.remove(second);
    expect(queue.hasChoice).toBe(false);
    queue.promoteDue(10, 5);
    expect(queue.choose(10)).toEqual([first, third]);
  });
});
