// What must hold before a change goes in, in about a minute, with the time of each step. Two steps run side by side, as on the smallest machine.
// Tests that start a program, a whole server with its clients, interpreters, or cut the power of a disk take minutes: those are in `npm test`, with
// everything else. The simulation is here with its planted mutants; `npm run sim` runs more seeds of it.
// Usage: node tools/check.mjs [STEP ...]
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const node = process.execPath;
const bin = (name) => `${root}node_modules/.bin/${name}`;

const SLOW_TESTS = [
  '{tests/{system,hostile,compat,services},src/runtime/{lake,functions}}/**',
  'src/storage/file/{damage,kill-nine,power-cut}.test.ts',
].flatMap((pattern) => ['--exclude', pattern]);

/** Long ones first, so that the short ones fill the second core. */
const steps = [
  {
    name: 'tests',
    command: [bin('vitest'), 'run', '--config', 'tools/vitest.config.ts', ...SLOW_TESTS],
  },
  { name: 'types', command: [bin('tsc'), '-p', 'tsconfig.json'] },
  { name: 'types of deterministic layers', command: [bin('tsc'), '-p', 'tsconfig.deterministic.json'] },
  { name: 'format and lint', command: [bin('biome'), 'check', '.'] },
  {
    name: 'generated wire tables',
    command: [node, 'tools/generate-wire.mjs', '--check'],
    needs: 'tools/generate-wire.mjs',
  },
  {
    name: 'generated programs',
    command: [node, 'tools/generate-wasm.mjs', '--check'],
    needs: 'tools/generate-wasm.mjs',
  },
  {
    name: 'generated capability page',
    command: [node, 'tools/run-ts.mjs', 'tools/generate-capabilities.ts', '--check'],
  },
];

const wanted = process.argv.slice(2);
const backlog = steps.filter((step) => wanted.length === 0 || wanted.includes(step.name));
const started = performance.now();
let failures = 0;

function run(step) {
  return new Promise((resolve) => {
    if (step.needs !== undefined && !existsSync(root + step.needs)) {
      console.log(`absent   ${step.name}: there is no ${step.needs}`);
      failures += 1;
      resolve();
      return;
    }
    const begun = performance.now();
    let output = '';
    const [file, ...args] = step.command;
    const child = spawn(file, args, {
      cwd: root,
      env: { ...process.env, ...step.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (piece) => (output += piece));
    child.stderr.on('data', (piece) => (output += piece));
    child.on('close', (code) => {
      const seconds = ((performance.now() - begun) / 1000).toFixed(1);
      if (code === 0) {
        const last = output.trimEnd().split('\n').at(-1) ?? '';
        console.log(`ok       ${step.name} (${seconds} s)${/passed|seeds/.test(last) ? `: ${last}` : ''}`);
      } else {
        failures += 1;
        console.log(
          `${output.trimEnd()}\nFAILED   ${step.name} (${seconds} s): ${step.command.join(' ').replaceAll(root, '')}`,
        );
      }
      resolve();
    });
  });
}

async function work() {
  for (let step = backlog.shift(); step !== undefined; step = backlog.shift()) await run(step);
}

await Promise.all([work(), work()]);
console.log(
  `${failures === 0 ? 'all good' : `${failures} failed`} after ${((performance.now() - started) / 1000).toFixed(1)} s`,
);
process.exitCode = failures === 0 ? 0 : 1;
