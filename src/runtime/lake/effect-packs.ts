// The records of an effect: those of the blocks it names, of its payloads, then of the packs in it. See `Records` in `#services/firehose/performing.ts`.

import type { PerformRequest } from '#cell/ports.ts';
import type { Records } from '#services/firehose/performing.ts';
import type { BlockStore } from '../blocks/block-store.ts';

/** Rejects when a block is missing: the room then looks anew. */
export async function packsOf(store: BlockStore, { input, payloads }: PerformRequest): Promise<readonly Uint8Array[]> {
  const { blocks, packs: given = [] } = input as Records;
  const packs: Uint8Array[] = [];
  for (const name of blocks) {
    const records = await store.read(name);
    if (records === undefined) throw new Error(`the block ${name} is not stored`);
    for (const { bytes } of records) packs.push(bytes);
  }
  return [...packs, ...payloads, ...given];
}
