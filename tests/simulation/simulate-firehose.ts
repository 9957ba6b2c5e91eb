// One simulated run of delivery streams: producers and a stream as source, destinations that fail for a while, crashes that lose what was not synced,
// destinations that are changed meanwhile. At the end every acknowledged record is in its destination or in the error bucket.

import type { Cell } from '#cell/cell.ts';
import type { ServiceDefinition } from '#cell/service-definition.ts';
import { deliveries } from '#deliveries/service.ts';
import { firehose } from '#services/firehose/service.ts';
import { iam } from '#services/iam/service.ts';
import { kinesis } from '#services/kinesis/service.ts';
import { firehoseMutants } from './firehose-mutants.ts';
import { LakeWork, Outside } from './firehose-outside.ts';
import { BUCKET_MOODS, ENDPOINT_MOODS, FUNCTION_MOODS, Places } from './firehose-places.ts';
import { FirehoseProducers } from './firehose-producers.ts';
import { FUNCTION_MS, STREAM_KINDS, type StreamKind } from './firehose-streams.ts';
import type { SimulationOptions, SimulationResult } from './simulate.ts';
import { snapshotDifference } from './snapshot-difference.ts';
import { STREAM } from './stream-writers.ts';
import { promise, Violation } from './violation.ts';
import { World } from './world.ts';

/** Each takes five minutes: the longest retry duration ends in the first few. */
const ROUNDS_MAX = 40;
const ROUND_MS = 300_000;
/** More moments than this in one stretch of time: something is due again and again. */
const MOMENTS_MAX = 20_000;
const NAMES = Object.keys(STREAM_KINDS);

class Run {
  readonly world: World;
  readonly outside: Outside;
  readonly lake: LakeWork;
  readonly places: Places;
  readonly producers: FirehoseProducers;
  step = 0;

  constructor({ seed, mutant, tells }: SimulationOptions) {
    const sabotage = mutant === undefined ? undefined : firehoseMutants[mutant];
    this.world = new World({
      ...{ seed, services: () => this.services() },
      performersOf: (engine) => new Map([...this.lake.performersOf(engine), ...Object.entries(this.places.performers)]),
      ...(sabotage === undefined ? {} : { sabotage }),
      ...(tells === undefined ? {} : { tells }),
    });
    const { random, clock } = this.world;
    this.outside = new Outside(random, () => clock.nowMs());
    this.lake = new LakeWork(this.outside, () => (random.chance(0.5) ? 0 : random.below(1_000)));
    this.producers = new FirehoseProducers(this.world);
    this.places = new Places({
      ...{ world: () => this.world, outside: this.outside, lake: () => this.lake },
      bookOf: (name) => this.producers.bookOf(name),
    });
  }

  /** Mutants change a process's own. */
  private services(): readonly ServiceDefinition[] {
    const { timers, reactions, snapshot } = firehose;
    const own = { ...firehose, timers: { ...timers }, reactions: { ...reactions }, ...copyOf(snapshot) };
    return [deliveries, iam, this.places.s3, this.places.lambda, kinesis, own];
  }

  async play(steps: number): Promise<void> {
    await this.world.open();
    await this.producers.setUp();
    for (this.step = 1; this.step <= steps; this.step += 1) await this.takeStep();
    await this.world.settle();
    await this.checkReplay();
    await this.deliverAll();
    await this.checkObjects();
    await this.deleteAll();
  }

  private async takeStep(): Promise<void> {
    const { world, producers, outside } = this;
    const { random } = world;
    const dice = random.below(1000);
    if (dice < 8) await this.crash();
    else if (dice < 11) await this.restart();
    else if (dice < 150) await this.pass(random.chance(0.9) ? random.below(20_000) : random.below(900_000));
    else if (dice < 200) await this.nudge();
    else if (dice < 400) world.engine.step();
    else if (dice < 560) outside.step();
    else if (dice < 575) producers.change();
    else if (dice < 580) producers.replace();
    else if (dice < 610) this.changeMood();
    else producers.step();
    await world.breathe();
    this.settled();
  }

  private async crash(): Promise<void> {
    this.world.tell('crash');
    this.outside.crashed();
    await this.world.crash(() => this.ended(this.world.survivingEnd));
  }

  private async restart(): Promise<void> {
    this.world.tell('clean restart');
    await this.world.restartCleanly(
      () => this.outside.finish(),
      () => this.ended(Number.POSITIVE_INFINITY),
    );
  }

  /** A process is gone; of its journal is left what ends at `end`. */
  private ended(end: number): void {
    this.producers.crashed();
    for (const book of this.producers.books.values()) {
      book.crashed(end);
      book.calmSinceMs = this.world.clock.nowMs();
    }
  }

  private settled(): void {
    const { end } = this.world.engine.journal;
    for (const book of this.producers.books.values()) book.settled(end);
  }

  /** Time passes in a world where the disk keeps up: whatever is due is done. */
  private async pass(ms: number): Promise<void> {
    const { world, outside } = this;
    const endMs = world.clock.nowMs() + ms;
    await world.settle();
    for (let moments = 0; ; moments += 1) {
      const nextMs = Math.min(world.cell.nextDueAtMs() ?? Number.POSITIVE_INFINITY, outside.nextReadyAtMs);
      if (nextMs > endMs) break;
      promise(moments < MOMENTS_MAX, () => `something is due at ${nextMs} again and again`);
      world.clock.moveTo(Math.max(nextMs, world.clock.nowMs()));
      await world.breathe();
      outside.endReady();
      await world.settle();
      this.settled();
    }
    world.clock.moveTo(endMs);
    await world.breathe();
    this.checkLate();
  }

  /** What is due next begins, and the disk has not heard of it yet. */
  private async nudge(): Promise<void> {
    const { world } = this;
    await world.settle();
    this.settled();
    const dueAtMs = world.cell.nextDueAtMs();
    if (dueAtMs !== undefined && dueAtMs <= this.outside.nextReadyAtMs) {
      world.clock.moveTo(Math.max(dueAtMs, world.clock.nowMs()));
    }
  }

  private checkLate(): void {
    for (const [name, book] of this.producers.books) {
      const { hasFunction } = STREAM_KINDS[name] as StreamKind;
      if (this.places.isWell(name, hasFunction)) book.checkLate(hasFunction ? FUNCTION_MS : 0);
      else book.calmSinceMs = this.world.clock.nowMs();
    }
  }

  private changeMood(): void {
    const { places } = this;
    const { random } = this.world;
    const isMended = random.chance(0.45);
    const name = random.pick(NAMES);
    const kind = random.below(5);
    this.calmBreaks();
    if (kind === 0) places.function = isMended ? 'well' : random.pick(FUNCTION_MOODS);
    else if (kind === 1) places.buckets.set(`backup-${name}`, isMended ? 'well' : random.pick(BUCKET_MOODS));
    else if (kind === 2) places.buckets.set(`lake-${name}`, isMended ? 'well' : random.pick(BUCKET_MOODS));
    else places.endpoints.set(name, isMended ? 'well' : random.pick(ENDPOINT_MOODS));
  }

  private calmBreaks(): void {
    for (const book of this.producers.books.values()) book.calmSinceMs = this.world.clock.nowMs();
  }

  /** Life and replay agree: a second process over the same disk has the same state. */
  private async checkReplay(): Promise<void> {
    const lived = snapshotDifference.take(this.world.cell);
    snapshotDifference.check(lived, snapshotDifference.take(await this.world.replayed()));
    this.outside.crashed();
    this.ended(Number.POSITIVE_INFINITY);
    await this.world.open();
  }

  /** Everything is well again, and nobody puts any more. */
  private async deliverAll(): Promise<void> {
    const books = [...this.producers.books.values()];
    this.places.mend();
    this.calmBreaks();
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      await this.pass(ROUND_MS);
      if (books.every(({ isDone }) => isDone)) return;
    }
    promise(false, () => books.flatMap((book) => (book.isDone ? [] : [book.waiting])).join('; '));
  }

  /** What a crash might have left behind of an object: its document without its bytes. */
  private async checkObjects(): Promise<void> {
    const { world, lake } = this;
    const { blobs } = world.engine;
    for (const name of await blobs.names('s3/')) {
      const bytes = await blobs.get(name);
      const made = lake.objects.get(name)?.bytes;
      const isSame = made !== undefined && Buffer.compare(made, bytes ?? new Uint8Array()) === 0;
      promise(isSame, () => `the blob ${name} has other bytes than were made`);
    }
    for (const bucket of NAMES.flatMap((name) => [`lake-${name}`, `backup-${name}`])) await this.checkBucket(bucket);
  }

  /** Blobs of its objects. */
  private async checkBucket(Bucket: string): Promise<readonly string[]> {
    const { world } = this;
    const used: string[] = [];
    type Page = { Contents?: { Key: string }[]; NextContinuationToken?: string };
    let page: Page = {};
    do {
      const ContinuationToken = page.NextContinuationToken;
      page = await world.ask<Page>('s3', 'ListObjectsV2', { Bucket, ContinuationToken });
      for (const { Key } of page.Contents ?? []) {
        const { Body } = await world.ask<{ Body: { parts: { blob: string }[] } }>('s3', 'GetObject', { Bucket, Key });
        for (const { blob } of Body.parts) {
          const bytes = await world.engine.blobs.get(blob);
          promise(bytes !== undefined, () => `the bytes of ${Bucket}/${Key} are gone`);
          used.push(blob);
        }
      }
    } while (page.NextContinuationToken !== undefined);
    return used;
  }

  /** Nothing is left of streams that are gone, whatever they were about to do. */
  private async deleteAll(): Promise<void> {
    const { world, producers } = this;
    producers.replace();
    await world.settle();
    for (let i = 0; i < 60; i += 1) producers.step();
    await this.pass(this.world.random.below(70_000));
    for (const [name, book] of producers.books) {
      book.abandon();
      await world.ask('firehose', 'DeleteDeliveryStream', { DeliveryStreamName: name });
      book.deleted();
    }
    await world.ask('kinesis', 'DeleteStream', { StreamName: STREAM });
    await this.pass(3_600_000);
    const { count } = world.cell.payloads;
    promise(count === 0, () => `${count} payloads are kept though nothing is there`);
    const blocks = await world.engine.blobs.names('firehose/');
    promise(blocks.length === 0, () => `blocks are left: ${blocks.slice(0, 3)}`);
    await this.checkUnused();
    promise(this.timersLeft(world.cell) === 0, () => 'timers of streams that are gone are left');
  }

  /** Bytes that belong to no object; what a crash left behind goes a while after the start. */
  private async checkUnused(): Promise<void> {
    const used = new Set<string>();
    for (const name of NAMES) {
      for (const blob of await this.checkBucket(`lake-${name}`)) used.add(blob);
      for (const blob of await this.checkBucket(`backup-${name}`)) used.add(blob);
    }
    const unused = (await this.world.engine.blobs.names('s3/')).filter((name) => !used.has(name));
    promise(unused.length === 0, () => `${unused.length} blobs belong to nothing: ${unused.slice(0, 3)}`);
  }

  private timersLeft(cell: Cell): number {
    const dueAtMs = cell.nextDueAtMs();
    return dueAtMs === undefined || dueAtMs > this.world.clock.nowMs() + 86_400_000 ? 0 : 1;
  }
}

function copyOf(snapshot: ServiceDefinition['snapshot']): Pick<ServiceDefinition, 'snapshot'> {
  return snapshot === undefined ? {} : { snapshot: { ...snapshot } };
}

export async function simulateFirehose(options: SimulationOptions): Promise<SimulationResult> {
  const run = new Run(options);
  let violation: string | undefined;
  try {
    await run.play(options.steps);
  } catch (error) {
    violation = error instanceof Violation ? error.message : ((error as Error).stack ?? String(error));
  }
  const { step, world } = run;
  return { step, commands: world.commandCount, crashes: world.crashCount, violation };
}
