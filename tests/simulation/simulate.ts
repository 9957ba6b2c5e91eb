// One simulated run: a seed, a number of steps, an end at which everything acknowledged must be accounted for.

import { mutants } from './mutants.ts';
import { QueueClients } from './queue-clients.ts';
import { simulatedServices } from './services.ts';
import { snapshotDifference } from './snapshot-difference.ts';
import { TopicClients } from './topic-clients.ts';
import { World } from './world.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly steps: number;
  readonly mutant?: string;
  readonly tells?: boolean;
}

export interface SimulationResult {
  readonly step: number;
  readonly commands: number;
  readonly crashes: number;
  readonly violation: string | undefined;
}

export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const sabotage = options.mutant === undefined ? undefined : mutants[options.mutant];
  const world = new World({
    seed: options.seed,
    services: simulatedServices,
    ...(sabotage === undefined ? {} : { sabotage }),
    ...(options.tells === undefined ? {} : { tells: options.tells }),
  });
  let step = 0;
  let violation: string | undefined;
  try {
    await world.open();
    const queues = new QueueClients(world);
    await queues.setUp();
    const topics = new TopicClients(world, queues);
    await topics.setUp();
    for (step = 1; step <= options.steps; step += 1) await takeStep(world, queues, topics);
    await world.settle();
    await checkReplay(world, queues);
    queues.model.checkEnd(await queues.drain());
  } catch (error) {
    violation = error instanceof Error ? describe(error) : String(error);
  }
  return { step, commands: world.commandCount, crashes: world.crashCount, violation };
}

function describe(error: Error): string {
  return error.name === 'Violation' ? error.message : (error.stack ?? error.message);
}

async function takeStep(world: World, queues: QueueClients, topics: TopicClients): Promise<void> {
  const { random } = world;
  const dice = random.below(1000);
  if (dice < 4) {
    world.tell('crash');
    await world.crash();
    queues.crashed();
  } else if (dice < 6) {
    world.tell('clean restart');
    await world.restartCleanly();
    queues.crashed();
  } else if (dice < 160) {
    await world.advance(random.chance(0.9) ? random.below(5_000) : random.below(120_000));
  } else if (dice < 400) {
    world.engine.step();
  } else if (dice < 470) {
    topics.step();
  } else {
    queues.step();
  }
  await world.breathe();
}

/** Life and replay agree: a second process over the same disk has the same state. */
async function checkReplay(world: World, queues: QueueClients): Promise<void> {
  const before = world.cell;
  const lived = snapshotDifference.take(before);
  await world.crash();
  queues.crashed();
  snapshotDifference.check(lived, snapshotDifference.take(world.cell));
}
