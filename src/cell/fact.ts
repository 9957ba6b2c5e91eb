// Facts and their bytes. A fact kind is declared once, with its fields in order; the declaration gives the TypeScript
// type and the codec. Facts are for ever: a field is only added, at the end, as `optional`; a changed meaning is a new
// kind. On the journal a fact is: kind (varint), length of the body (varint), fields in order. A reader that knows
// fewer fields skips the rest of the body; one that knows more finds the body ended and leaves them undefined.

import { assert } from '#base/assert.ts';
import { type ByteReader, ByteWriter, ByteReader as Reader } from '#base/bytes.ts';
import { formatUuid, parseUuidInto } from '#base/uuid.ts';

export interface Field<T> {
  write(writer: ByteWriter, value: T): void;
  read(reader: ByteReader): T;
  readonly isOptional?: boolean;
}

export type FactOf<F extends Record<string, Field<unknown>>> = {
  readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never;
};

/**
 * - `before-reply`: whoever caused or saw the fact hears of it only once it is durable.
 * - `eventual`: replies do not wait for it; after a crash it may not have happened. Only where the contract allows
 *   (a standard queue's receive: losing it redelivers).
 */
export type Durability = 'before-reply' | 'eventual';

export interface FactKind<T> {
  readonly id: number;
  readonly name: string;
  readonly durability: Durability;
  write(writer: ByteWriter, fact: T): void;
  read(body: Uint8Array): T;
}

/** Whole number from 0 to 2^53, one byte for each seven bits. */
const count: Field<number> = { write: (w, v) => w.varint(v), read: (r) => r.varint() };
/** Four bytes, fixed: for ids that the history is searched for. */
const u32: Field<number> = { write: (w, v) => w.u32(v), read: (r) => r.u32() };
const number: Field<number> = { write: (w, v) => w.f64(v), read: (r) => r.f64() };
const text: Field<string> = { write: (w, v) => w.text(v), read: (r) => r.text() };
/** Bytes; what is read is a view that must be copied to be kept. */
const bytes: Field<Uint8Array> = { write: (w, v) => w.blob(v), read: (r) => r.blob() };
const flag: Field<boolean> = { write: (w, v) => w.u8(v ? 1 : 0), read: (r) => r.u8() === 1 };
const uuidBytes = new Uint8Array(16);
/** A UUID's text, sixteen bytes on the journal. */
const uuid: Field<string> = {
  write: (w, v) => {
    assert(parseUuidInto(v, uuidBytes), `${v} is a UUID`);
    w.raw(uuidBytes);
  },
  read: (r) => formatUuid(r.raw(16)),
};

function json<T>(): Field<T> {
  return { write: (w, v) => w.text(JSON.stringify(v)), read: (r) => JSON.parse(r.text()) as T };
}

function list<T>(item: Field<T>): Field<readonly T[]> {
  return {
    write: (w, values) => {
      w.varint(values.length);
      for (const value of values) item.write(w, value);
    },
    read: (r) => Array.from({ length: r.varint() }, () => item.read(r)),
  };
}

function optional<T>(inner: Field<T>): Field<T | undefined> {
  return {
    isOptional: true,
    write: (w, value) => {
      w.u8(value === undefined ? 0 : 1);
      if (value !== undefined) inner.write(w, value);
    },
    read: (r) => (r.remaining > 0 && r.u8() === 1 ? inner.read(r) : undefined),
  };
}

export const field = { count, u32, number, text, bytes, flag, uuid, json, list, optional };

/**
 * Declares a fact kind. `id` ranges, 256 each: 0x000 kernel, 0x100 sqs, 0x200 sns, 0x300 lambda, 0x400 logs, 0x500
 * deliveries, 0x600 iam and sts; `name` is past tense.
 */
export function factKind<F extends Record<string, Field<unknown>>>(declaration: {
  readonly id: number;
  readonly name: string;
  readonly durability?: Durability;
  readonly fields: F;
}): FactKind<FactOf<F>> {
  // Two lists and indexed loops: facts are written on the way of every message.
  const names = Object.keys(declaration.fields);
  const codecs = Object.values(declaration.fields) as Field<unknown>[];
  return {
    id: declaration.id,
    name: declaration.name,
    durability: declaration.durability ?? 'before-reply',
    write(writer, fact) {
      const values = fact as Record<string, unknown>;
      writer.varint(declaration.id);
      const mark = writer.beginBlob();
      for (let i = 0; i < codecs.length; i += 1)
        (codecs[i] as Field<unknown>).write(writer, values[names[i] as string]);
      writer.endBlob(mark);
    },
    read(body) {
      const reader = new Reader(body);
      const fact: Record<string, unknown> = {};
      for (const [i, codec] of codecs.entries()) {
        const name = names[i] as string;
        assert(reader.remaining > 0 || codec.isOptional === true, `${declaration.name}.${name} was written`);
        fact[name] = codec.read(reader);
      }
      return fact as FactOf<F>;
    },
  };
}

/** A writer for one fact alone: tests and measurements. */
export function factBytes<T>(kind: FactKind<T>, fact: T): Uint8Array {
  const writer = new ByteWriter();
  kind.write(writer, fact);
  return writer.take();
}
