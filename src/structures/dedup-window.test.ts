import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter } from '#base/bytes.ts';
import { DedupWindow } from './dedup-window.ts';

/** Keys that collide on purpose: few different hashes, told apart by the last byte. */
const keyOf = (n: number): Uint8Array => {
  const key = new Uint8Array(16);
  key[3] = n % 5;
  key[15] = n;
  return key;
};

/** Spread as the words of a digest are. */
function spreadKey(n: number): Uint8Array {
  const key = new Uint8Array(16);
  const view = new DataView(key.buffer);
  view.setUint32(0, Math.imul(n, 2654435761) >>> 0);
  view.setUint32(8, n);
  return key;
}

/** A window beside a map with instants. */
class Life {
  private window = new DedupWindow(100);
  private readonly model = new Map<number, { sequence: number; atMs: number }>();
  private nowMs = 1;
  private nextKey = 0;
  private sequence = 0;
  private readonly lent: { writer: ByteWriter; expected: Uint8Array }[] = [];

  add(count: number): void {
    for (let left = count; left > 0; left -= 1) this.send(this.nextKey++);
  }

  /** Keys from before: some inside the window, some over, some of them not forgotten yet. */
  repeat(count: number): void {
    for (let i = 0; i < count; i += 1) this.send(Math.imul(i, 7919) % Math.max(1, this.nextKey));
  }

  wait(ms: number): void {
    this.nowMs += ms;
  }

  restart(): void {
    const bytes = this.encoded();
    this.window = new DedupWindow(100);
    this.window.restore(new ByteReader(bytes));
  }

  lend(): void {
    const expected = this.encoded();
    const writer = ByteWriter.gathering();
    this.window.encode(writer);
    this.lent.push({ writer, expected });
  }

  check(): void {
    for (const { writer, expected } of this.lent) {
      expect(Buffer.compare(Buffer.concat([...writer.pieces()]), expected)).toBe(0);
      writer.release();
    }
    for (let n = 0; n < this.nextKey; n += 1) {
      if (this.window.find(spreadKey(n), this.nowMs)?.sequence !== this.expected(n)) expect.fail(`key ${n}`);
    }
  }

  private send(n: number): void {
    const expected = this.expected(n);
    if (this.window.find(spreadKey(n), this.nowMs)?.sequence !== expected) expect.fail(`key ${n}`);
    if (expected !== undefined) return;
    this.sequence += 1;
    this.window.add(spreadKey(n), { sequence: this.sequence, messageId: spreadKey(this.sequence) }, this.nowMs);
    this.model.set(n, { sequence: this.sequence, atMs: this.nowMs });
  }

  private expected(n: number): number | undefined {
    const known = this.model.get(n);
    return known !== undefined && known.atMs + 100 > this.nowMs ? known.sequence : undefined;
  }

  private encoded(): Uint8Array {
    const writer = new ByteWriter();
    this.window.encode(writer);
    return writer.take();
  }
}

describe('the deduplication window', () => {
  it('remembers exactly what was added inside the window, as a map with instants does', () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('add' as const), n: fc.nat(60) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 40 }) }) },
      { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        let window = new DedupWindow(100);
        const model = new Map<number, { sequence: number; atMs: number }>();
        let nowMs = 1;
        let sequence = 0;
        for (const one of steps) {
          if (one.kind === 'wait') nowMs += one.ms;
          else if (one.kind === 'restart') {
            const writer = new ByteWriter();
            window.encode(writer);
            window = new DedupWindow(100);
            window.restore(new ByteReader(writer.bytes));
          } else {
            const known = model.get(one.n);
            const expected = known !== undefined && known.atMs + 100 > nowMs ? known.sequence : undefined;
            expect(window.find(keyOf(one.n), nowMs)?.sequence).toBe(expected);
            if (expected !== undefined) continue;
            sequence += 1;
            window.add(keyOf(one.n), { sequence, messageId: keyOf(sequence % 256) }, nowMs);
            model.set(one.n, { sequence, atMs: nowMs });
            expect(window.find(keyOf(one.n), nowMs)?.messageId).toEqual(keyOf(sequence % 256));
          }
        }
        window.expire(nowMs);
        expect(window.size).toBe([...model.values()].filter(({ atMs }) => atMs + 100 > nowMs).length);
      }),
      { numRuns: 300 },
    );
  });

  it('remembers the same when it grows over many pages, shrinks, is lent and starts anew', () => {
    const step = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({ kind: fc.constant('add' as const), count: fc.integer({ min: 1, max: 9000 }) }),
      },
      {
        weight: 3,
        arbitrary: fc.record({ kind: fc.constant('repeat' as const), count: fc.integer({ min: 1, max: 900 }) }),
      },
      {
        weight: 4,
        arbitrary: fc.record({ kind: fc.constant('wait' as const), count: fc.integer({ min: 1, max: 60 }) }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), count: fc.constant(0) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('lend' as const), count: fc.constant(0) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25, size: 'max' }), (steps) => {
        const life = new Life();
        for (const { kind, count } of steps) life[kind](count);
        life.check();
      }),
      { numRuns: 25 },
    );
  });

  it('has in a snapshot what it always had: four words of key, four of id, two doubles', () => {
    const window = new DedupWindow(100);
    window.add(keyOf(3), { sequence: 17, messageId: keyOf(200) }, 5);
    const expected = new ByteWriter();
    expected.varint(1);
    for (const word of [3, 0, 0, 3, 0, 0, 0, 200]) expected.u32(word);
    expected.f64(17);
    expected.f64(5);
    const writer = new ByteWriter();
    window.encode(writer);
    expect(writer.take()).toEqual(expected.take());
  });

  it('holds no more than what was added inside the window', () => {
    const window = new DedupWindow(300);
    const key = new Uint8Array(16);
    const view = new DataView(key.buffer);
    for (let i = 0; i < 20_000; i += 1) {
      view.setUint32(0, Math.imul(i, 2654435761) >>> 0);
      view.setUint32(8, i);
      window.add(key, { sequence: i, messageId: key }, i);
      expect(window.size).toBeLessThanOrEqual(300);
    }
  });
});
