// What goes on outside the cell takes time: work that was begun ends when its time has come and a step says so. In between the process may die;
// nobody hears the end of it then. Beside it, the heavy work on records as the runtime does it, on the simulated disk.

import type { SeededRandom } from '#base/random.ts';
import type { StoredBody } from '#cell/objects-door.ts';
import type { Performer, PerformRequest } from '#cell/ports.ts';
import { BlockStore } from '#runtime/blocks/block-store.ts';
import { blockPerformers } from '#runtime/blocks/performers.ts';
import { packsOf } from '#runtime/lake/effect-packs.ts';
import { errorObject } from '#runtime/lake/work/error-object.ts';
import type { MadeBytes } from '#runtime/lake/work/job.ts';
import { prepareRecords } from '#runtime/lake/work/prepare.ts';
import { made } from '#runtime/lake/work/records.ts';
import { shapeRecords } from '#runtime/lake/work/shape.ts';
import { objectPerformers } from '#runtime/objects/performers.ts';
import * as performing from '#services/firehose/performing.ts';
import { decodePack } from '#services/firehose/record-pack.ts';
import type { SimulatedEngine } from '#storage/simulated/simulated-engine.ts';
import { encodeBlock } from '#structures/append-log/block.ts';
import { WRITE_BLOCK, type WriteBlock, type WrittenBlock } from '#structures/append-log/effects.ts';

/** How a block says that it is not compressed. */
const PLAIN = 0;

interface Work {
  readonly readyAtMs: number;
  readonly end: () => void;
}

export class Outside {
  private works: Work[] = [];

  constructor(
    private readonly random: SeededRandom,
    private readonly nowMs: () => number,
  ) {}

  after(delayMs: number): Promise<void> {
    return new Promise((end) => this.works.push({ readyAtMs: this.nowMs() + delayMs, end }));
  }

  get nextReadyAtMs(): number {
    return this.works.reduce((least, { readyAtMs }) => Math.min(least, readyAtMs), Number.POSITIVE_INFINITY);
  }

  /** One of those whose time has come. */
  step(): void {
    const ready = this.works.filter(({ readyAtMs }) => readyAtMs <= this.nowMs());
    if (ready.length > 0) this.end(this.random.pick(ready));
  }

  endReady(): void {
    for (const work of this.works.filter(({ readyAtMs }) => readyAtMs <= this.nowMs())) this.end(work);
  }

  /** A process that ends waits for what it has begun. */
  finish(): void {
    for (const work of [...this.works]) this.end(work);
  }

  crashed(): void {
    this.works = [];
  }

  private end(work: Work): void {
    this.works.splice(this.works.indexOf(work), 1);
    work.end();
  }
}

/** What an object was made of, and what must be in it. */
export interface MadeObject {
  readonly texts: readonly string[];
  /** Of the records' data. */
  readonly recordBytes: number;
  readonly bytes: Uint8Array;
}

/** Performers of the room that work on the disk; each takes some time first. */
export class LakeWork {
  /** By blob. */
  readonly objects = new Map<string, MadeObject>();
  private blobs = 0;
  private blocks: BlockStore | undefined;

  constructor(
    private readonly outside: Outside,
    private readonly delayMs: () => number,
  ) {}

  performersOf(engine: SimulatedEngine): ReadonlyMap<string, Performer> {
    this.blocks = new BlockStore(engine.blobs);
    const work =
      <I>(task: (input: I, packs: readonly Uint8Array[]) => unknown): Performer =>
      async (request: PerformRequest) => {
        await this.outside.after(this.delayMs());
        return task(request.input as I, await this.packs(request));
      };
    return new Map<string, Performer>([
      ...blockPerformers(engine.blobs),
      ...objectPerformers(engine.blobs),
      [WRITE_BLOCK, (request) => this.writeBlock(engine, request)],
      [performing.PREPARE_RECORDS, work(prepareRecords)],
      [performing.SHAPE_RECORDS, work<performing.Shaping>((input, packs) => this.shape(engine, { input, packs }))],
      [performing.WRITE_ERRORS, work<performing.ErrorObject>((input, packs) => this.errors(engine, { input, packs }))],
      [performing.WRITE_TEXT, work<performing.TextObject>(({ text }) => this.text(engine, text))],
    ]);
  }

  /** Not compressed: that takes real time, and here time is imagined. */
  private async writeBlock({ blobs }: SimulatedEngine, { input, payloads }: PerformRequest): Promise<WrittenBlock> {
    await this.outside.after(this.delayMs());
    const { name, firstSequence, records } = input as WriteBlock;
    const fresh = payloads.map((bytes, i) => {
      const { atMs, timeMs } = records[i] as WriteBlock['records'][number];
      return { sequence: firstSequence + i, atMs, timeMs, bytes };
    });
    const block = Buffer.concat([Uint8Array.of(PLAIN), encodeBlock(fresh)]);
    await blobs.put(name, block);
    return { storedBytes: block.length };
  }

  /** The records of an effect of the process that lives now. */
  packs({ input, payloads }: PerformRequest): Promise<readonly Uint8Array[]> {
    if (this.blocks === undefined) throw new Error('a process is there');
    return packsOf(this.blocks, { input: { blocks: [], ...(input as object) }, payloads });
  }

  private async shape(
    engine: SimulatedEngine,
    { input, packs }: { input: performing.Shaping; packs: readonly Uint8Array[] },
  ): Promise<performing.Shaped> {
    const { objects, failed } = await shapeRecords(input, packs, { history: { hung: [] }, guarded: () => {} });
    const failedAt = new Set(failed.map(({ index }) => index));
    const records = textsOf(packs).filter((_text, i) => !failedAt.has(i));
    const shaped: performing.ShapedObject[] = [];
    for (const { bytes, md5, ...rest } of objects) {
      const key = rest.lambdaKeys['k'];
      const texts = key === undefined ? records : records.filter((text) => partitionOf(text) === key);
      shaped.push({ body: await this.store(engine, { bytes, md5 }, texts), ...rest });
    }
    return { objects: shaped, failed };
  }

  private errors(
    engine: SimulatedEngine,
    { input, packs }: { input: performing.ErrorObject; packs: readonly Uint8Array[] },
  ): Promise<StoredBody> {
    const object = errorObject(input, packs);
    const lines = Buffer.from(object.bytes).toString().trim().split('\n');
    const texts = lines.map((line) =>
      Buffer.from((JSON.parse(line) as { rawData: string }).rawData, 'base64').toString(),
    );
    return this.store(engine, object, texts);
  }

  private text(engine: SimulatedEngine, text: string): Promise<StoredBody> {
    return this.store(engine, made(Buffer.from(text)), []);
  }

  private async store(
    { blobs }: SimulatedEngine,
    { bytes, md5 }: MadeBytes,
    texts: readonly string[],
  ): Promise<StoredBody> {
    this.blobs += 1;
    const blob = `s3/${this.blobs}`;
    const recordBytes = texts.reduce((sum, { length }) => sum + length, 0);
    this.objects.set(blob, { texts, recordBytes, bytes });
    await blobs.put(blob, bytes);
    return { blob, bytes: bytes.length, md5, checksums: {} };
  }
}

export function textsOf(packs: readonly Uint8Array[]): readonly string[] {
  return packs.flatMap((pack) => decodePack(pack).map(({ data }) => Buffer.from(data).toString()));
}

/** The key that the function gives to a record; some get none. */
export function partitionOf(text: string): string | undefined {
  const serial = Number.parseInt(text, 10);
  return serial % 23 === 0 ? undefined : String(serial % 3);
}
