// Runs the simulation: `npm run sim -- [--seeds N] [--steps N] [--seed N] [--mutants]`. A failure prints one command line
// that repeats it. With --mutants, each planted mutant must be found within the seeds, else the net has a hole.

import { mutants } from './mutants.ts';
import { simulate } from './simulate.ts';

interface Options {
  seeds: number;
  steps: number;
  seed: number | undefined;
  mutants: boolean;
  mutant: string | undefined;
}

function parse(argv: readonly string[]): Options {
  const options: Options = { seeds: 200, steps: 2000, seed: undefined, mutants: false, mutant: undefined };
  for (let i = 0; i < argv.length; i += 1) {
    const name = argv[i];
    const value = argv[i + 1];
    if (name === '--mutants') options.mutants = true;
    else if (name === '--mutant') options.mutant = value;
    else if (name === '--seed' || name === '--seeds' || name === '--steps')
      options[name.slice(2) as 'seeds'] = Number(value);
    else if (name?.startsWith('--'))
      throw new Error(`unknown option ${name}: --seed, --seeds, --steps, --mutants, --mutant`);
  }
  return options;
}

async function findMutant(name: string, seeds: number, steps: number): Promise<string | undefined> {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const result = await simulate({ seed, steps, mutant: name });
    if (result.violation !== undefined) return `seed ${seed}, step ${result.step}: ${result.violation}`;
  }
  return undefined;
}

async function main(): Promise<number> {
  const { seed, seeds, steps, mutants: wantsMutants, mutant } = parse(process.argv.slice(2));
  if (wantsMutants) {
    let missed = 0;
    for (const name of Object.keys(mutants)) {
      const found = await findMutant(name, seeds, steps);
      if (found === undefined) missed += 1;
      console.log(`${found === undefined ? 'MISSED' : 'found '} ${name}${found === undefined ? '' : ` (${found})`}`);
    }
    return missed === 0 ? 0 : 1;
  }
  const startedAt = performance.now();
  const first = seed ?? 1;
  const last = seed ?? seeds;
  let commands = 0;
  let crashes = 0;
  for (let current = first; current <= last; current += 1) {
    const result = await simulate({
      seed: current,
      steps,
      ...(mutant === undefined ? {} : { mutant }),
      tells: seed !== undefined,
    });
    commands += result.commands;
    crashes += result.crashes;
    if (result.violation === undefined) continue;
    console.log(`violation at seed ${current}, step ${result.step}: ${result.violation}`);
    console.log(`repeat it: npm run sim -- --seed ${current} --steps ${steps}`);
    return 1;
  }
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(
    `${last - first + 1} seeds x ${steps} steps: 0 violations; ${commands} commands, ${crashes} crashes, ${seconds.toFixed(1)} s`,
  );
  return 0;
}

process.exitCode = await main();
