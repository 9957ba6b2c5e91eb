// Asks one thing after another, in a process of its own, and says on SIGTERM how long it waited: { "median", "longest" }, in milliseconds.
// Usage: node bench/load/canary.mjs URL
import { Agent, get } from 'node:http';

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const url = process.argv[2];
const waits = [];

process.on('SIGTERM', () => {
  waits.sort((a, b) => a - b);
  console.log(JSON.stringify({ median: waits[waits.length >> 1], longest: waits.at(-1) }));
  process.exit(0);
});

function ask() {
  return new Promise((resolve) => {
    get(url, { agent }, (answer) => answer.resume().on('end', resolve));
  });
}

await ask();
console.log('asking');
for (;;) {
  const startedAt = performance.now();
  await ask();
  waits.push(performance.now() - startedAt);
}
