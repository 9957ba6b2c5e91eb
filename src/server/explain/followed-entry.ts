// An entry of the journal as the trails read it.

import { ByteWriter } from '#base/bytes.ts';
import type { Cell } from '#cell/cell.ts';
import type { TrailEntry, TrailFact } from './trail.ts';

export interface ReadFact extends TrailFact {
  readonly service: string;
}

export interface FollowedEntry extends TrailEntry {
  readonly nowMs: number;
  readonly facts: readonly ReadFact[];
  /** The bytes of a payload that was stored in this entry; valid during the visit. */
  readonly bytesOf: (slot: unknown) => Uint8Array | undefined;
}

/** What one trail asks of the others. */
export interface Learned {
  /** Names by which everything is found. */
  readonly ids: Set<string>;
}

export function isOwnRequest({ requestId }: FollowedEntry, { ids }: Learned): boolean {
  return requestId !== undefined && ids.has(requestId);
}

export function isFact({ service, name }: ReadFact, kind: `${string}.${string}`): boolean {
  return `${service}.${name}` === kind;
}

/** A fact begins with the number of its kind: what entries are searched for when facts name nothing that is rare. */
export function kindNeedles(cell: Cell, kinds: ReadonlySet<string>): readonly Buffer[] {
  const found = [...cell.registry.facts.values()].filter(({ kind, service }) =>
    kinds.has(`${service.definition.name}.${kind.name}`),
  );
  return found.map(({ kind }) => {
    const writer = new ByteWriter(8);
    writer.varint(kind.id);
    return Buffer.from(writer.take());
  });
}

/** A text as a field of a fact has it. */
export function textNeedle(text: string): Buffer {
  const writer = new ByteWriter(64);
  writer.text(text);
  return Buffer.from(writer.take());
}

/** The state of a room; undefined in a cell without it. */
export function stateOf<S>(cell: Cell, service: string): S | undefined {
  return cell.registry.services.get(service)?.state as S | undefined;
}
