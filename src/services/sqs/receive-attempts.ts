// Receives of a FIFO queue by their ReceiveRequestAttemptId, for five minutes: a client that lost the answer asks again with the same id and
// gets the same messages, as long as nothing happened to them.
// AWS: ReceiveMessage, parameter ReceiveRequestAttemptId.

import type { ByteReader, ByteWriter } from '#base/bytes.ts';
import { limits } from './limits.ts';

export interface ReceiveAttempt {
  readonly atMs: number;
  readonly slots: readonly number[];
  readonly sequences: readonly number[];
  /** Of each message when it was given out. */
  readonly generations: readonly number[];
  /** Hidden until then; another instant in the queue means that the visibility was changed. */
  readonly untilMs: number;
}

export class ReceiveAttempts {
  /** In the order of time, because a repeated id is put at the end. */
  private readonly byId = new Map<string, ReceiveAttempt>();

  find(id: string, nowMs: number): ReceiveAttempt | undefined {
    const attempt = this.byId.get(id);
    return attempt === undefined || attempt.atMs + limits.dedupWindowMs <= nowMs ? undefined : attempt;
  }

  set(id: string, attempt: ReceiveAttempt): void {
    this.expire(attempt.atMs);
    this.byId.delete(id);
    this.byId.set(id, attempt);
  }

  expire(nowMs: number): void {
    for (const [id, { atMs }] of this.byId) {
      if (atMs + limits.dedupWindowMs > nowMs) return;
      this.byId.delete(id);
    }
  }

  encode(writer: ByteWriter): void {
    writer.varint(this.byId.size);
    for (const [id, attempt] of this.byId) {
      writer.text(id);
      writer.f64(attempt.atMs);
      writer.f64(attempt.untilMs);
      writer.varint(attempt.slots.length);
      attempt.slots.forEach((slot, i) => {
        writer.varint(slot);
        writer.varint(attempt.sequences[i] as number);
        writer.varint(attempt.generations[i] as number);
      });
    }
  }

  restore(reader: ByteReader): void {
    for (let left = reader.varint(); left > 0; left -= 1) {
      const id = reader.text();
      const atMs = reader.f64();
      const untilMs = reader.f64();
      const slots: number[] = [];
      const sequences: number[] = [];
      const generations: number[] = [];
      for (let count = reader.varint(); count > 0; count -= 1) {
        slots.push(reader.varint());
        sequences.push(reader.varint());
        generations.push(reader.varint());
      }
      this.byId.set(id, { atMs, untilMs, slots, sequences, generations });
    }
  }
}
