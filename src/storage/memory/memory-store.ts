// Snapshots and blobs in memory. Copies on the way in, so that a caller's buffer may be used again.

import { HeldNames } from '../held-names.ts';
import type { BlobReader, BlobStore, BlobWriter, Snapshot, SnapshotStore, TakenSnapshot } from '../journal.ts';
import { wholeSnapshot } from '../snapshot-sections.ts';
import { MemoryBlobReader, MemoryBlobWriter } from './memory-blob.ts';

export class MemorySnapshots implements SnapshotStore {
  private newest: Snapshot | undefined;

  latest(): Promise<Snapshot | undefined> {
    return Promise.resolve(this.newest);
  }

  write(snapshot: TakenSnapshot): Promise<void> {
    this.newest = wholeSnapshot(snapshot);
    return Promise.resolve();
  }
}

export class MemoryBlobs implements BlobStore {
  private readonly blobs = new Map<string, Uint8Array>();
  private readonly held = new HeldNames((name) => this.blobs.delete(name));

  put(name: string, bytes: Uint8Array): Promise<void> {
    this.held.stays(name);
    this.blobs.set(name, bytes.slice());
    return Promise.resolve();
  }

  get(name: string): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.blobs.get(name)?.slice());
  }

  delete(name: string): Promise<void> {
    if (!this.held.defers(name)) this.blobs.delete(name);
    return Promise.resolve();
  }

  names(prefix = ''): Promise<readonly string[]> {
    return Promise.resolve([...this.blobs.keys()].filter((name) => name.startsWith(prefix)).sort());
  }

  hold(names: readonly string[]): () => void {
    return this.held.hold(names);
  }

  write(name: string): Promise<BlobWriter> {
    this.held.stays(name);
    return Promise.resolve(
      new MemoryBlobWriter((bytes) => {
        this.blobs.set(name, bytes);
        return Promise.resolve();
      }),
    );
  }

  open(name: string): Promise<BlobReader | undefined> {
    const bytes = this.blobs.get(name);
    return Promise.resolve(bytes === undefined ? undefined : new MemoryBlobReader(bytes));
  }
}
