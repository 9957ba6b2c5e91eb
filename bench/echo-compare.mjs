// Our HTTP server against bare node:http, both echoing JSON, in turns (A B A B) so that a noisy machine is noisy for both.
//   node bench/echo-compare.mjs [ROUNDS] [SECONDS]

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const [rounds = 5, seconds = 3] = process.argv.slice(2).map(Number);
const here = fileURLToPath(new URL('.', import.meta.url));
const folder = fileURLToPath(new URL(`../dist/.echo-${process.pid}`, import.meta.url));

/** Starts a node process; resolves to it and the first line of JSON that it prints. */
async function started(file, args = []) {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8');
  for await (const part of child.stdout) {
    text += part;
    if (text.includes('\n')) return { child, line: JSON.parse(text) };
  }
  throw new Error(`${file} ended without a word`);
}

async function measure({ port, pid }) {
  const flags = { url: `http://127.0.0.1:${port}`, scenario: 'echo', seconds, 'server-pid': pid };
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const { child, line } = await started(`${here}load/driver.mjs`, args);
  if (child.exitCode === null) await once(child, 'exit');
  return line;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

mkdirSync(folder, { recursive: true });
const outfile = `${folder}/echo-eddy.mjs`;
await build({
  entryPoints: [`${here}echo-eddy.ts`],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
});
const servers = [
  { name: 'node:http', ...(await started(`${here}echo-server.mjs`)) },
  { name: 'eddy', ...(await started(outfile)) },
];
const runs = servers.map(() => []);
try {
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, { name, line }] of servers.entries()) {
      const run = await measure(line);
      runs[index].push(run);
      const { requestsPerSecond, serverMicrosPerRequest, latencyMs, clientLoadPercent } = run;
      console.log(
        `${name}: ${requestsPerSecond}/s, server ${serverMicrosPerRequest} us CPU a request, p99 ${latencyMs.p99} ms, client at ${clientLoadPercent} %`,
      );
    }
  }
} finally {
  for (const { child } of servers) child.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}
const [rates, micros] = ['requestsPerSecond', 'serverMicrosPerRequest'].map((key) =>
  runs.map((each) => median(each.map((run) => run[key]))),
);
console.log(`median ${rates[0]}/s against ${rates[1]}/s: ratio ${(rates[1] / rates[0]).toFixed(2)}`);
console.log(
  `server CPU a request ${micros[0]} us against ${micros[1]} us: ratio ${(micros[0] / micros[1]).toFixed(2)}`,
);
