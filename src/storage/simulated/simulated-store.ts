// Snapshots and blobs on the imagined disk. A write is under way until the simulation steps; a crash before that leaves
// the old content or the new one, never a mixture, and its promise never settles.

import type { SeededRandom } from '#base/random.ts';
import type { BlobReader, BlobStore, BlobWriter, Snapshot, SnapshotStore, TakenSnapshot } from '../journal.ts';
import { MemoryBlobReader, MemoryBlobWriter } from '../memory/memory-blob.ts';
import { wholeSnapshot } from '../snapshot-sections.ts';

interface Change<T> {
  readonly name: string;
  /** What it is to be, looked at when the change is carried out. Undefined: the name goes. */
  readonly content: (() => T) | undefined;
  readonly done: () => void;
}

/** Named contents of which each change is whole or not there. */
class AtomicNames<T> {
  private underWay: Change<T>[] = [];

  constructor(
    private readonly random: SeededRandom,
    readonly durable: ReadonlyMap<string, T> & Map<string, T>,
  ) {}

  change(name: string, content: (() => T) | undefined): Promise<void> {
    return new Promise((resolve) => {
      this.underWay.push({ name, content, done: resolve });
    });
  }

  /** As the running process sees it: changes under way are not visible yet. */
  complete(): boolean {
    const changes = this.underWay;
    this.underWay = [];
    for (const change of changes) {
      this.carryOut(change);
      change.done();
    }
    return changes.length > 0;
  }

  survivor(): AtomicNames<T> {
    const next = new AtomicNames(this.random, new Map(this.durable));
    for (const change of this.underWay) if (this.random.chance(0.5)) next.carryOut(change);
    return next;
  }

  private carryOut({ name, content }: Change<T>): void {
    if (content === undefined) this.durable.delete(name);
    else this.durable.set(name, content());
  }
}

const NEWEST = 'newest';

export class SimulatedSnapshots implements SnapshotStore {
  private constructor(private readonly names: AtomicNames<Snapshot>) {}

  static make(random: SeededRandom): SimulatedSnapshots {
    return new SimulatedSnapshots(new AtomicNames(random, new Map()));
  }

  latest(): Promise<Snapshot | undefined> {
    return Promise.resolve(this.names.durable.get(NEWEST));
  }

  /** As late as a disk would: what the cell lends must hold still until then. */
  write(snapshot: TakenSnapshot): Promise<void> {
    return this.names.change(NEWEST, () => wholeSnapshot(snapshot));
  }

  step(): boolean {
    return this.names.complete();
  }

  survivor(): SimulatedSnapshots {
    return new SimulatedSnapshots(this.names.survivor());
  }
}

export class SimulatedBlobs implements BlobStore {
  private constructor(private readonly blobs: AtomicNames<Uint8Array>) {}

  static make(random: SeededRandom): SimulatedBlobs {
    return new SimulatedBlobs(new AtomicNames(random, new Map()));
  }

  put(name: string, bytes: Uint8Array): Promise<void> {
    const copy = bytes.slice();
    return this.blobs.change(name, () => copy);
  }

  get(name: string): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.blobs.durable.get(name)?.slice());
  }

  delete(name: string): Promise<void> {
    return this.blobs.change(name, undefined);
  }

  names(prefix = ''): Promise<readonly string[]> {
    return Promise.resolve([...this.blobs.durable.keys()].filter((name) => name.startsWith(prefix)).sort());
  }

  write(name: string): Promise<BlobWriter> {
    return Promise.resolve(new MemoryBlobWriter((bytes) => this.blobs.change(name, () => bytes)));
  }

  open(name: string): Promise<BlobReader | undefined> {
    const bytes = this.blobs.durable.get(name);
    return Promise.resolve(bytes === undefined ? undefined : new MemoryBlobReader(bytes));
  }

  step(): boolean {
    return this.blobs.complete();
  }

  survivor(): SimulatedBlobs {
    return new SimulatedBlobs(this.blobs.survivor());
  }
}
