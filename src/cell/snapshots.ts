// The whole memory of a cell as named sections, and back. Kernel sections first (payload slots, timers, callers), then
// one section per table, then what each service writes itself. Taken between turns, so it is the state at a position: large
// structures lend what they have, and documents never change, so most of the bytes are made only while they are written.

import { assert } from '#base/assert.ts';
import { ByteReader, ByteWriter, written } from '#base/bytes.ts';
import { StartupProblem } from '#base/startup-problem.ts';
import type { Position, SectionBytes, Snapshot, TakenSnapshot } from '#storage/journal.ts';
import { splitTimerKey } from './fact-registry.ts';
import type { Memory } from './memory.ts';

const KERNEL = 'kernel';
const VERSION = 2;

/** Its sections may be walked once, and stay as they were taken until `release`: then memory may change what it lent. */
export interface HeldSnapshot extends TakenSnapshot {
  release(): void;
}

/** `nowMs` is the time of the last turn. */
export function takeSnapshot(memory: Memory, nowMs: number, position: Position): HeldSnapshot {
  const sections = new Map<string, SectionBytes>();
  const writers: ByteWriter[] = [];
  const open = (name: string): ByteWriter => {
    const writer = ByteWriter.gathering();
    writers.push(writer);
    sections.set(name, writer.pieces());
    return writer;
  };
  const kernel = open(KERNEL);
  kernel.u8(VERSION);
  kernel.f64(nowMs);
  memory.timers.write(kernel);
  memory.callers.write(kernel);
  memory.verdicts.write(kernel);
  memory.payloads.write(kernel);
  for (const { table } of memory.registry.tables.values()) {
    const writer = open(`table/${table.name}`);
    writer.varint(table.size);
    writer.lend(
      written(table.held(), (each, [key, doc]) => {
        each.text(key);
        each.text(JSON.stringify(doc));
      }),
    );
  }
  for (const { definition, state } of memory.registry.services.values()) {
    definition.snapshot?.write(
      state,
      (name) => open(`${definition.name}/${name}`),
      (name, bytes) => sections.set(`${definition.name}/${name}`, bytes.slice()),
    );
  }
  return { position, sections, release: () => writers.forEach((writer) => void writer.release()) };
}

/** Restores into an empty memory; returns the time of the snapshot. */
export function restoreSnapshot(memory: Memory, snapshot: Snapshot): number {
  const kernel = new ByteReader(sectionOf(snapshot, KERNEL));
  const version = kernel.u8();
  if (version !== VERSION)
    throw new StartupProblem(
      'STO-04',
      `The store has a snapshot of version ${version}; this version of Eddy reads ${VERSION}.`,
    );
  const nowMs = kernel.f64();
  // Set last: restoring tables and services sets derived timers, which the written ones replace.
  const timers = readTimers(kernel);
  memory.callers.read(kernel);
  memory.verdicts.read(kernel);
  memory.payloads.read(kernel);
  for (const registered of memory.registry.tables.values()) {
    const bytes = snapshot.sections.get(`table/${registered.table.name}`);
    if (bytes === undefined) continue;
    const reader = new ByteReader(bytes);
    for (let left = reader.varint(); left > 0; left -= 1) registered.put(reader.text(), JSON.parse(reader.text()));
  }
  for (const { definition, state, context } of memory.registry.services.values()) {
    definition.snapshot?.read(
      state,
      (name) => {
        const bytes = snapshot.sections.get(`${definition.name}/${name}`);
        return bytes === undefined ? undefined : new ByteReader(bytes);
      },
      (name) => snapshot.sections.get(`${definition.name}/${name}`),
      context,
    );
  }
  memory.timers.clearAll();
  for (const [key, dueAtMs] of timers) {
    const { service, timer } = splitTimerKey(key);
    // A timer of a service that this version no longer has would fire into nothing.
    if (memory.registry.services.get(service)?.definition.timers?.[timer] !== undefined)
      memory.timers.set(key, dueAtMs);
  }
  return nowMs;
}

function readTimers(reader: ByteReader): [string, number][] {
  return Array.from({ length: reader.varint() }, () => [reader.text(), reader.f64()] as [string, number]);
}

function sectionOf(snapshot: Snapshot, name: string): Uint8Array {
  const bytes = snapshot.sections.get(name);
  assert(bytes !== undefined, `the snapshot has the section ${name}`);
  return bytes;
}
