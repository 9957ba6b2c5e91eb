// `npm run demo`: starts Eddy, deploys the pipeline, runs some thousand orders with everything that goes wrong in a shop, prints what came out at
// every end, and closes the books. Ends with 1 when they do not add up.
//
//   --orders N      2000 without it
//   --seed S        other orders; 1 without it
//   --duplicates P  out of a hundred orders, how many come twice; 5 without it
//   --calm          no mishaps: nobody fails, nothing comes twice
//   --customers N   how many order at once; 32 without it
//   --sdk           deploys through the AWS SDK even where there is Terraform
//   --keep          everything goes on running until Ctrl-C; the folder stays

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ends } from '../reconcile/ends.ts';
import { figuresOf, finish, linesOfChecks } from './finish.ts';
import { Pipeline } from './pipeline.ts';
import { Progress } from './progress.ts';
import { type Loaded, runLoad } from './run-load.ts';

// The SDK speaks of Node's versions to come on every start.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const flags = new Set(['--calm', '--sdk', '--keep']);
const numbers: Record<string, number> = { '--orders': 2_000, '--seed': 1, '--duplicates': 5, '--customers': 32 };

function readOptions(words: readonly string[]): Set<string> {
  const given = new Set<string>();
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] as string;
    if (flags.has(word)) given.add(word);
    else if (word in numbers && /^\d+$/.test(words[i + 1] ?? '')) {
      numbers[word] = Number(words[i + 1]);
      i += 1;
    } else throw new Error(`${word} is not understood: ${[...Object.keys(numbers), ...flags].join(', ')}`);
  }
  return given;
}

const say = (line = ''): void => void process.stdout.write(`${line}\n`);

async function demo(words: readonly string[]): Promise<boolean> {
  const given = readOptions(words);
  const orders = numbers['--orders'] as number;
  const work = mkdtempSync(join(tmpdir(), 'order-pipeline-'));
  const hasMishaps = !given.has('--calm');
  const interrupted = new Promise<void>((resolve) => process.once('SIGINT', resolve));
  const pipeline = await Pipeline.start({
    project: process.cwd(),
    work,
    orders,
    hasMishaps,
    deployBy: given.has('--sdk') ? 'sdk' : 'whatever-is-there',
    onStep: (line) => say(`· ${line}`),
  });
  try {
    const working = runAll(pipeline, { orders, hasMishaps });
    const isReconciled = await Promise.race([working, interrupted.then(() => false)]);
    if (given.has('--keep')) {
      say(`\nEverything goes on at ${pipeline.eddy.url}, in ${work}. Ctrl-C ends it.`);
      await interrupted;
    }
    return isReconciled;
  } finally {
    await pipeline.end();
    if (!given.has('--keep')) rmSync(work, { recursive: true, force: true });
  }
}

async function runAll(
  pipeline: Pipeline,
  { orders, hasMishaps }: { orders: number; hasMishaps: boolean },
): Promise<boolean> {
  say(
    `· ${orders} orders${hasMishaps ? ', some twice; third parties fail, functions break down, consumers forget' : ''}`,
  );
  const progress = new Progress(orders, process.stdout, 'orders');
  const loaded = await runLoad(pipeline, {
    orders,
    seed: numbers['--seed'] as number,
    customers: numbers['--customers'] as number,
    duplicateShare: hasMishaps ? (numbers['--duplicates'] as number) / 100 : 0,
    onPlaced: () => progress.step(),
  });
  progress.end();
  say('· waiting until everything has arrived; time is moved for what waits for it');
  const { checks, ends, isReconciled } = await finish(pipeline, loaded, () => {});
  say('\nWhat came out');
  for (const line of linesOfEnds(loaded, ends)) say(`  ${line}`);
  say('\nThe books');
  for (const line of linesOfChecks(checks)) say(line);
  say(isReconciled ? '\nEverything adds up.' : `\nThe books do not add up.\n${pipeline.said()}`);
  return isReconciled;
}

function linesOfEnds({ eventIds, duplicates }: Loaded, ends: Ends): string[] {
  const { books, shipments, lake, audited, purchases, deadSms } = ends;
  const { perSecond, p50, p99 } = figuresOf(ends);
  const heard = Object.values(books.heard).reduce((sum, count) => sum + count, 0);
  const clicks = [...lake.clicks.values()].reduce((sum, count) => sum + count, 0);
  return [
    `bus            ${eventIds.length} OrderPlaced, of which ${duplicates} came twice on purpose`,
    `gateway        ${Object.keys(books.charges).length} decisions`,
    `third parties  ${books.broken} requests failed on purpose, ${books.repeated} were repetitions that they knew`,
    `shipping       ${shipments.length} shipments`,
    `provider       ${Object.keys(books.messages).length} mails and SMS; ${deadSms.length} SMS ended as dead letters`,
    `analytics      heard ${heard} times of ${Object.keys(books.heard).length} orders`,
    `purchasing     ${purchases.length} products bought`,
    `audit          ${audited.size} events in the stream`,
    `lake           ${lake.files} files of clicks, ${clicks} lines, ${lake.keys.size} objects in all`,
    `figures        ${perSecond.toFixed(1)} orders/s end to end; OrderPlaced to shipping queue p50 ${p50} ms, p99 ${p99} ms`,
  ];
}

demo(process.argv.slice(2)).then(
  (isReconciled) => process.exit(isReconciled ? 0 : 1),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
