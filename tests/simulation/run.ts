// Runs the simulations: `npm run sim -- [--world services|streams|firehose] [--seeds N] [--steps N] [--seed N] [--mutants]`. A failure prints one command line
// that repeats it. With --mutants, each planted mutant must be found within the seeds, else the net has a hole.

import { firehoseMutants } from './firehose-mutants.ts';
import { mutants } from './mutants.ts';
import { type SimulationOptions, type SimulationResult, simulate } from './simulate.ts';
import { simulateFirehose } from './simulate-firehose.ts';
import { simulateStreams } from './simulate-streams.ts';
import { streamMutants } from './stream-mutants.ts';

/** Each is a run of its own: queues, topics, functions and a bus together; a stream with its shards; delivery streams. */
const WORLDS: Readonly<Record<string, SimulatedWorld>> = {
  services: { run: simulate, mutants: Object.keys(mutants) },
  streams: { run: simulateStreams, mutants: Object.keys(streamMutants) },
  firehose: { run: simulateFirehose, mutants: Object.keys(firehoseMutants) },
};

interface SimulatedWorld {
  readonly run: (options: SimulationOptions) => Promise<SimulationResult>;
  readonly mutants: readonly string[];
}

interface Options {
  seeds: number;
  steps: number;
  seed: number | undefined;
  mutants: boolean;
  mutant: string | undefined;
  worlds: readonly string[];
}

function parse(argv: readonly string[]): Options {
  const options: Options = {
    ...{ seeds: 200, steps: 2000, seed: undefined, mutants: false, mutant: undefined },
    worlds: Object.keys(WORLDS),
  };
  for (let i = 0; i < argv.length; i += 1) {
    const name = argv[i];
    const value = argv[i + 1];
    if (name === '--mutants') options.mutants = true;
    else if (name === '--mutant') options.mutant = value;
    else if (name === '--world' && value !== undefined && value in WORLDS) options.worlds = [value];
    else if (name === '--seed' || name === '--seeds' || name === '--steps')
      options[name.slice(2) as 'seeds'] = Number(value);
    else if (name?.startsWith('--'))
      throw new Error(
        `unknown option ${name}: --world services|streams|firehose, --seed, --seeds, --steps, --mutants, --mutant`,
      );
  }
  return options;
}

async function findMutant(
  world: SimulatedWorld,
  name: string,
  { seeds, steps }: Pick<Options, 'seeds' | 'steps'>,
): Promise<string | undefined> {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const result = await world.run({ seed, steps, mutant: name });
    if (result.violation !== undefined) return `seed ${seed}, step ${result.step}: ${result.violation}`;
  }
  return undefined;
}

async function findMutants(name: string, options: Options): Promise<boolean> {
  const world = WORLDS[name] as SimulatedWorld;
  // A sabotaged world that was left may still throw where nobody waits for it any more: what it reads next is gone.
  process.on('uncaughtException', () => undefined);
  let missed = 0;
  for (const mutant of world.mutants) {
    const found = await findMutant(world, mutant, options);
    if (found === undefined) missed += 1;
    console.log(
      `${found === undefined ? 'MISSED' : 'found '} ${name} ${mutant}${found === undefined ? '' : ` (${found})`}`,
    );
  }
  return missed === 0;
}

async function runWorld(name: string, { seed, seeds, steps, mutant }: Options): Promise<boolean> {
  const { run } = WORLDS[name] as SimulatedWorld;
  const startedAt = performance.now();
  const first = seed ?? 1;
  const last = seed ?? seeds;
  let commands = 0;
  let crashes = 0;
  for (let current = first; current <= last; current += 1) {
    const sabotage = mutant === undefined ? {} : { mutant };
    const result = await run({ seed: current, steps, ...sabotage, tells: seed !== undefined });
    commands += result.commands;
    crashes += result.crashes;
    if (result.violation === undefined) continue;
    console.log(`${name}: violation at seed ${current}, step ${result.step}: ${result.violation}`);
    console.log(`repeat it: npm run sim -- --world ${name} --seed ${current} --steps ${steps}`);
    return false;
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const counted = `${commands} commands, ${crashes} crashes, ${seconds.toFixed(1)} s`;
  console.log(`${name}: ${last - first + 1} seeds x ${steps} steps: 0 violations; ${counted}`);
  return true;
}

async function main(): Promise<number> {
  const options = parse(process.argv.slice(2));
  let isRight = true;
  for (const name of options.worlds) {
    const result = options.mutants ? await findMutants(name, options) : await runWorld(name, options);
    isRight = isRight && result;
  }
  return isRight ? 0 : 1;
}

process.exitCode = await main();
