import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter } from '#base/bytes.ts';
import { NONE } from './columns.ts';
import { VisibilityQueue } from './visibility-queue.ts';

const ID = new Uint8Array(16).map((_, i) => i * 7);

function arrival(
  sequence: number,
  nowMs: number,
  options: { delayMs?: number; group?: string; sentAtMs?: number } = {},
) {
  const sentAtMs = options.sentAtMs ?? nowMs;
  return {
    sequence,
    payloadId: sequence % 1000,
    messageId: ID,
    sentAtMs,
    dueAtMs: sentAtMs + (options.delayMs ?? 0),
    group: options.group ?? '',
    envelopeId: 0,
    originId: 0,
    receiveCount: 0,
    firstReceivedAtMs: 0,
  };
}

function snapshotOf(queue: VisibilityQueue): Uint8Array {
  const writer = new ByteWriter();
  queue.encode(writer);
  return writer.take();
}

/** The obvious queue: a list in the order in which messages became visible, and a list of hidden ones. */
class ModelQueue {
  ready: { sequence: number; slot: number }[] = [];
  hidden: { sequence: number; slot: number; dueAtMs: number; isInFlight: boolean }[] = [];
  ages: { sequence: number; slot: number; sentAtMs: number }[] = [];

  promote(nowMs: number): void {
    const due = this.hidden.filter((one) => one.dueAtMs <= nowMs);
    due.sort((a, b) => a.dueAtMs - b.dueAtMs || a.sequence - b.sequence);
    this.hidden = this.hidden.filter((one) => one.dueAtMs > nowMs);
    this.ready.push(...due.map(({ sequence, slot }) => ({ sequence, slot })));
  }

  remove(slot: number): void {
    this.ready = this.ready.filter((one) => one.slot !== slot);
    this.hidden = this.hidden.filter((one) => one.slot !== slot);
    this.ages = this.ages.filter((one) => one.slot !== slot);
  }
}

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('send' as const),
      delayMs: fc.constantFrom(0, 0, 0, 3, 20),
      ageMs: fc.constantFrom(0, 0, 0, 9),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('receive' as const),
      count: fc.integer({ min: 1, max: 4 }),
      hideMs: fc.constantFrom(0, 2, 10),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('delete' as const), pick: fc.nat(30) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('change' as const), pick: fc.nat(30), hideMs: fc.constantFrom(0, 1, 15) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 12 }) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'expire' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
);

describe('the visibility queue', () => {
  it('behaves as an obvious list does, also after a restart from its snapshot', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        let queue = new VisibilityQueue();
        const model = new ModelQueue();
        let nowMs = 100;
        let sequence = 0;
        for (const one of steps) {
          if (one.kind === 'send') {
            sequence += 1;
            const sentAtMs = nowMs - one.ageMs;
            const slot = queue.enqueue(arrival(sequence, nowMs, { delayMs: one.delayMs, sentAtMs }));
            model.ages.push({ sequence, slot, sentAtMs });
            if (one.delayMs > 0)
              model.hidden.push({ sequence, slot, dueAtMs: sentAtMs + one.delayMs, isInFlight: false });
            else model.ready.push({ sequence, slot });
          } else if (one.kind === 'receive') {
            queue.promoteDue(nowMs, 1000);
            model.promote(nowMs);
            const slots = queue.choose(one.count);
            const expected = model.ready.slice(0, one.count);
            expect(slots).toEqual(expected.map(({ slot }) => slot));
            for (const { slot, sequence: number } of expected) {
              queue.receive(slot, { atMs: nowMs, untilMs: nowMs + one.hideMs });
              model.ready = model.ready.filter((other) => other.slot !== slot);
              if (one.hideMs > 0)
                model.hidden.push({ sequence: number, slot, dueAtMs: nowMs + one.hideMs, isInFlight: true });
              else model.ready.push({ sequence: number, slot });
            }
          } else if (one.kind === 'delete') {
            const message = model.ages[one.pick];
            if (message === undefined) continue;
            expect(queue.slots.has(message.slot, message.sequence)).toBe(true);
            queue.remove(message.slot);
            model.remove(message.slot);
            expect(queue.slots.has(message.slot, message.sequence)).toBe(false);
          } else if (one.kind === 'change') {
            const message = model.ages[one.pick];
            if (message === undefined) continue;
            const { slot, sequence: number } = message;
            const hidden = model.hidden.find((other) => other.slot === slot);
            queue.changeVisibility(slot, { atMs: nowMs, untilMs: nowMs + one.hideMs });
            model.hidden = model.hidden.filter((other) => other !== hidden);
            if (one.hideMs > 0) {
              model.ready = model.ready.filter((other) => other.slot !== slot);
              model.hidden.push({ sequence: number, slot, dueAtMs: nowMs + one.hideMs, isInFlight: true });
            } else if (hidden !== undefined) model.ready.push({ sequence: number, slot });
          } else if (one.kind === 'wait') nowMs += one.ms;
          else if (one.kind === 'expire') {
            const oldest = [...model.ages].sort((a, b) => a.sentAtMs - b.sentAtMs)[0];
            const slot = queue.oldest();
            expect(slot === NONE).toBe(oldest === undefined);
            if (oldest === undefined) continue;
            expect(queue.slots.sentAtMs.get(slot)).toBe(oldest.sentAtMs);
            queue.remove(slot);
            model.remove(slot);
          } else {
            const bytes = snapshotOf(queue);
            queue = new VisibilityQueue();
            queue.restore(new ByteReader(bytes));
            expect(snapshotOf(queue)).toEqual(bytes);
          }
          expect(queue.readyCount).toBe(model.ready.length);
          expect(queue.inFlightCount).toBe(model.hidden.filter((other) => other.isInFlight).length);
          expect(queue.delayedCount).toBe(model.hidden.filter((other) => !other.isInFlight).length);
          expect(queue.nextDueAtMs() ?? null).toBe(
            model.hidden.length === 0 ? null : Math.min(...model.hidden.map((other) => other.dueAtMs)),
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  it('keeps the message id, counts receives and remembers the first one', () => {
    const queue = new VisibilityQueue();
    const slot = queue.enqueue(arrival(1, 5));
    expect(queue.slots.messageId(slot)).toEqual(ID);
    queue.receive(slot, { atMs: 10, untilMs: 20 });
    queue.promoteDue(20, 10);
    queue.receive(slot, { atMs: 25, untilMs: 30 });
    expect(queue.slots.receiveCount.get(slot)).toBe(2);
    expect(queue.slots.firstReceivedAtMs.get(slot)).toBe(10);
    expect(queue.slots.receivedAtMs.get(slot)).toBe(25);
  });

  it('promotes no more than it is told to', () => {
    const queue = new VisibilityQueue();
    for (let i = 1; i <= 50; i += 1) queue.enqueue(arrival(i, 0, { delayMs: 5 }));
    expect(queue.promoteDue(5, 20)).toBe(20);
    expect(queue.readyCount).toBe(20);
    expect(queue.delayedCount).toBe(30);
  });

  it('gives slots of a deep queue back when it is empty, and starts again', () => {
    const queue = new VisibilityQueue();
    for (let i = 1; i <= 20_000; i += 1) queue.enqueue(arrival(i, i));
    for (let i = 0; i < 20_000; i += 1) queue.remove(queue.oldest());
    expect(queue.slots.limit).toBe(0);
    expect(queue.oldest()).toBe(NONE);
    expect(queue.choose(10)).toEqual([]);
    expect(queue.enqueue(arrival(20_001, 1))).toBe(0);
    expect(queue.choose(10)).toEqual([0]);
  });
});

it('a waiting message is 104 bytes of columns', () => {
  const queue = new VisibilityQueue();
  for (let i = 1; i <= 10_000; i += 1) queue.enqueue(arrival(i, i));
  const { length } = snapshotOf(queue);
  expect(length).toBeGreaterThan(10_000 * 104);
  expect(length).toBeLessThan(10_000 * 104 + 200);
});

describe('the fair queue', () => {
  let sequence = 0;
  const nextSequence = (): number => {
    sequence += 1;
    return sequence;
  };
  const take = (queue: VisibilityQueue, count: number, nowMs: number): string[] =>
    queue.choose(count).map((slot) => {
      queue.receive(slot, { atMs: nowMs, untilMs: nowMs + 1000 });
      return queue.groupOf(slot);
    });

  it('lets tenants take turns', () => {
    const queue = new VisibilityQueue();
    for (let i = 0; i < 100; i += 1) queue.enqueue(arrival(nextSequence(), 0, { group: 'loud' }));
    queue.enqueue(arrival(nextSequence(), 0, { group: 'calm' }));
    queue.enqueue(arrival(nextSequence(), 0, { group: 'shy' }));
    expect(take(queue, 4, 1)).toEqual(['loud', 'calm', 'shy', 'loud']);
  });

  it('lets a tenant with most of what is in flight wait until the others have none ready', () => {
    const queue = new VisibilityQueue();
    for (let i = 0; i < 100; i += 1) queue.enqueue(arrival(nextSequence(), 0, { group: 'loud' }));
    queue.enqueue(arrival(nextSequence(), 0, { group: 'calm' }));
    take(queue, 30, 1);
    for (let i = 0; i < 3; i += 1) queue.enqueue(arrival(nextSequence(), 0, { group: 'calm' }));
    expect(take(queue, 5, 1)).toEqual(['calm', 'calm', 'calm', 'loud', 'loud']);
  });

  it('hands out every message of every tenant exactly once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('', 'a', 'b', 'c', 'd'), { maxLength: 200 }),
        fc.integer({ min: 1, max: 10 }),
        (groups, count) => {
          const queue = new VisibilityQueue();
          groups.forEach((group, i) => void queue.enqueue(arrival(i + 1, 0, { group })));
          const seen = new Set<number>();
          while (queue.hasChoice) {
            const slots = queue.choose(count);
            expect(slots.length).toBe(Math.min(count, queue.readyCount));
            for (const slot of slots) {
              queue.receive(slot, { atMs: 1, untilMs: 100 });
              expect(seen.has(slot)).toBe(false);
              seen.add(slot);
            }
          }
          expect(seen.size).toBe(groups.length);
          queue.promoteDue(100, 1000);
          expect(queue.readyCount).toBe(groups.length);
          while (queue.hasChoice) for (const slot of queue.choose(count)) queue.remove(slot);
          expect(queue.groupCount).toBe(0);
        },
      ),
    );
  });
});
