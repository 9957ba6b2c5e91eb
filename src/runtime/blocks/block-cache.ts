// The blocks that were read last, so that a reader who takes a hundred records at a time does not unpack each block forty times.

import type { LogRecord } from '#structures/append-log/block.ts';
import { compareInTime, type LogOrder } from '#structures/append-log/page.ts';

export interface CachedBlock {
  /** In that order. */
  readonly sequence: readonly LogRecord[];
  readonly time: readonly LogRecord[];
}

/** As many replays as AWS lets run at once, and some whose blocks overlap. A block has one or two mebibytes. */
export const CACHED_BLOCKS_MAX = 16;

export class BlockCache {
  /** Least recently used first. */
  private readonly blocks = new Map<string, CachedBlock>();

  constructor(private readonly load: (name: string) => Promise<readonly LogRecord[] | undefined>) {}

  async get(name: string, order: LogOrder): Promise<readonly LogRecord[] | undefined> {
    const known = this.blocks.get(name);
    if (known !== undefined) {
      this.blocks.delete(name);
      this.blocks.set(name, known);
      return known[order];
    }
    const records = await this.load(name);
    if (records === undefined) return undefined;
    const block: CachedBlock = { sequence: records, time: [...records].sort(compareInTime) };
    this.blocks.set(name, block);
    for (const oldest of this.blocks.keys()) {
      if (this.blocks.size <= CACHED_BLOCKS_MAX) break;
      this.blocks.delete(oldest);
    }
    return block[order];
  }

  forget(names: readonly string[]): void {
    for (const name of names) this.blocks.delete(name);
  }
}
