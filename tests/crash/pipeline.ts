// kill -9 loop over the whole order pipeline: `npm run crash:pipeline -- [--rounds 10] [--orders 200] [--kills 4] [--seed S]`.
//
// Each round is a fresh shop with orders that come twice, third parties that fail and functions that break down. So many times while the orders
// run, at random moments, Eddy is killed, and now and then the services; Eddy once more at the end. Then the books must add up.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finish, linesOfChecks } from '../../examples/order-pipeline/source/demo/finish.ts';
import { Pipeline } from '../../examples/order-pipeline/source/demo/pipeline.ts';
import { runLoad } from '../../examples/order-pipeline/source/demo/run-load.ts';
import { randomOf } from '../../examples/order-pipeline/source/third-parties/chance.ts';

function numberOption(name: string, otherwise: number): number {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
}

const rounds = numberOption('--rounds', 10);
const orders = numberOption('--orders', 200);
const kills = numberOption('--kills', 4);
const firstSeed = numberOption('--seed', Date.now() % 1_000_000);
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

/** True when the books add up. */
async function runRound(seed: number): Promise<boolean> {
  const work = mkdtempSync(join(tmpdir(), 'eddy-pipeline-crash-'));
  const random = randomOf(seed);
  const options = { project: process.cwd(), work, orders, hasMishaps: true, deployBy: 'sdk' as const };
  const pipeline = await Pipeline.start({ ...options, onStep: () => {} });
  let isReconciled = false;
  try {
    const killAt = new Set(Array.from({ length: kills }, () => 1 + Math.floor(random() * (orders - 1))));
    let placed = 0;
    let killing: Promise<void> = Promise.resolve();
    const onPlaced = (): void => {
      placed += 1;
      if (!killAt.has(placed)) return;
      const isForEddy = random() < 0.7;
      killing = killing.then(() => (isForEddy ? pipeline.eddy.killAndRestart() : pipeline.killAndRestartServices()));
    };
    const loaded = await runLoad(pipeline, { orders, seed, customers: 16, duplicateShare: 0.1, onPlaced });
    await killing;
    await pipeline.eddy.killAndRestart();
    const { checks, isReconciled: isFine } = await finish(pipeline, loaded, () => {});
    isReconciled = isFine;
    const told = `${loaded.eventIds.length} events, ${killAt.size + 1} kills`;
    console.log(`seed ${seed}: ${told}: ${isFine ? 'the books add up' : 'the books do not add up'}`);
    if (!isFine) console.log(`${linesOfChecks(checks).join('\n')}\n${pipeline.said()}\nkept: ${work}`);
  } finally {
    await pipeline.end();
    if (isReconciled) rmSync(work, { recursive: true, force: true });
  }
  return isReconciled;
}

let failures = 0;
for (let round = 0; round < rounds; round += 1) if (!(await runRound(firstSeed + round))) failures += 1;
console.log(`${rounds} rounds, ${failures} with books that do not add up`);
process.exitCode = failures === 0 ? 0 : 1;
