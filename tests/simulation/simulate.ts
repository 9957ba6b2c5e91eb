// One simulated run: a seed, a number of steps, an end at which everything acknowledged must be accounted for.

import { BusClients } from './bus-clients.ts';
import { FunctionClients } from './function-clients.ts';
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
  const functions = new FunctionClients();
  const buses = new BusClients();
  const world = new World({
    seed: options.seed,
    services: simulatedServices,
    performers: { ...functions.performers, ...buses.performers },
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
    await functions.setUp(world);
    await buses.setUp(world);
    for (step = 1; step <= options.steps; step += 1) await takeStep(world, { queues, topics, functions, buses });
    await world.settle();
    await checkReplay(world, { queues, functions, buses });
    await functions.checkEnd();
    await buses.checkEnd();
    queues.model.checkEnd(await queues.drain());
  } catch (error) {
    violation = error instanceof Error ? describe(error) : String(error);
  }
  return { step, commands: world.commandCount, crashes: world.crashCount, violation };
}

function describe(error: Error): string {
  return error.name === 'Violation' ? error.message : (error.stack ?? error.message);
}

interface Clients {
  readonly queues: QueueClients;
  readonly topics: TopicClients;
  readonly functions: FunctionClients;
  readonly buses: BusClients;
}

async function takeStep(world: World, { queues, topics, functions, buses }: Clients): Promise<void> {
  const { random } = world;
  const dice = random.below(1000);
  if (dice < 4) {
    world.tell('crash');
    functions.crashed();
    buses.crashed();
    await world.crash();
    queues.crashed();
  } else if (dice < 6) {
    world.tell('clean restart');
    await world.restartCleanly(() => {
      functions.finish();
      buses.finish();
    });
    queues.crashed();
  } else if (dice < 160) {
    await world.advance(random.chance(0.9) ? random.below(5_000) : random.below(120_000));
  } else if (dice < 400) {
    world.engine.step();
  } else if (dice < 470) {
    topics.step();
  } else if (dice < 540) {
    functions.step();
  } else if (dice < 620) {
    buses.step();
  } else {
    queues.step();
  }
  await world.breathe();
}

/** Life and replay agree: a second process over the same disk has the same state. */
async function checkReplay(world: World, { queues, functions, buses }: Omit<Clients, 'topics'>): Promise<void> {
  const lived = snapshotDifference.take(world.cell);
  snapshotDifference.check(lived, snapshotDifference.take(await world.replayed()));
  functions.crashed();
  buses.crashed();
  queues.crashed();
  await world.open();
}
