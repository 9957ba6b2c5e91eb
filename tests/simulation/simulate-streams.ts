// One simulated run of a stream: writers with keys of their own, splits and merges, blocks written in between, crashes that lose what was not
// synced, and three consumers that must each see all that was acknowledged, in order.

import type { ServiceDefinition } from '#cell/service-definition.ts';
import { deliveries } from '#deliveries/service.ts';
import { blockPerformers } from '#runtime/blocks/performers.ts';
import { iam } from '#services/iam/service.ts';
import { kinesis } from '#services/kinesis/service.ts';
import type { SimulationOptions, SimulationResult } from './simulate.ts';
import { snapshotDifference } from './snapshot-difference.ts';
import { PollingConsumer, SubscribingConsumer } from './stream-consumers.ts';
import { StreamModel } from './stream-model.ts';
import { streamMutants } from './stream-mutants.ts';
import { ReaderTarget, readerService } from './stream-reader.ts';
import { StreamWriters } from './stream-writers.ts';
import { promise, Violation } from './violation.ts';
import { World } from './world.ts';

/** Reading to the end takes some hundred steps of each consumer. */
const ROUNDS_MAX = 1_000;

class Run {
  readonly model = new StreamModel();
  readonly target = new ReaderTarget(this.model, (look) => this.world.noting(look));
  readonly world: World;
  readonly writers: StreamWriters;
  readonly consumers: readonly (PollingConsumer | SubscribingConsumer)[];
  behind = 0;
  step = 0;

  constructor({ seed, mutant, tells }: SimulationOptions) {
    const sabotage = mutant === undefined ? undefined : streamMutants[mutant];
    const services = (): readonly ServiceDefinition[] => [deliveries, iam, kinesis, readerService()];
    this.world = new World({
      ...{ seed, services, performers: this.target.performers },
      performersOf: (engine) => blockPerformers(engine.blobs),
      ...(sabotage === undefined ? {} : { sabotage }),
      ...(tells === undefined ? {} : { tells }),
    });
    this.writers = new StreamWriters(this.world, this.model);
    this.consumers = [
      new PollingConsumer(this.world, this.model, 'poller'),
      new SubscribingConsumer(this.world, this.model, 'subscriber'),
    ];
  }

  async play(steps: number): Promise<void> {
    await this.world.open();
    await this.writers.setUp();
    for (const consumer of this.consumers) await consumer.setUp();
    for (this.step = 1; this.step <= steps; this.step += 1) await this.takeStep();
    await this.world.settle();
    await this.checkReplay();
    await this.readAll();
    this.model.checkEnd([...this.consumers.map(({ name }) => name), this.target.name]);
  }

  private async takeStep(): Promise<void> {
    const { world, writers } = this;
    const { random } = world;
    const dice = random.below(1000);
    if (dice < 6) {
      world.tell('crash');
      this.crashed();
      await world.crash();
    } else if (dice < 9) {
      world.tell('clean restart');
      await world.restartCleanly(() => {});
      this.crashed();
    } else if (dice < 140) await world.advance(random.chance(0.9) ? random.below(4_000) : random.below(900_000));
    else if (dice < 420) world.engine.step();
    else if (dice < 440) writers.reshard();
    else if (dice < 620) writers.step();
    else if (dice < 660) this.pump();
    else random.pick(this.consumers).step();
    await world.breathe();
  }

  private crashed(): void {
    this.writers.crashed();
    for (const consumer of this.consumers) consumer.crashed();
  }

  private pump(): void {
    this.world.call('reader', 'Pump', {}, (reply) => {
      if ('output' in reply) this.behind = (reply.output as { behind: number }).behind;
    });
  }

  /** Life and replay agree: a second process over the same disk has the same state. */
  private async checkReplay(): Promise<void> {
    const lived = snapshotDifference.take(this.world.cell);
    snapshotDifference.check(lived, snapshotDifference.take(await this.world.replayed()));
    this.crashed();
    await this.world.open();
  }

  /** Nobody writes any more: every consumer comes to the tip, in a world where the disk keeps up. */
  private async readAll(): Promise<void> {
    const { world, consumers } = this;
    for (const consumer of consumers) consumer.expectMore();
    this.behind = 1;
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      this.pump();
      for (const consumer of consumers) for (let i = 0; i < 4; i += 1) consumer.step();
      await world.settle();
      await world.advance(1_000);
      if (this.behind === 0 && consumers.every(({ isAtTip }) => isAtTip)) return;
    }
    promise(false, () => `somebody never came to the end: reader behind ${this.behind}`);
  }
}

export async function simulateStreams(options: SimulationOptions): Promise<SimulationResult> {
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
