// Closed-loop load over raw HTTP/1.1 connections, in a process of its own. Prints one line of JSON.
//
//   node bench/load/driver.mjs --url http://127.0.0.1:4566 --scenario sqs-send --connections 64 --seconds 5
//
// --warmup S (1)          seconds before counting           --body-bytes N (1024)   size of a message body
// --distinct              bodies differ                     --pool N (20000)        how many of them
// --queue NAME (load)     queue or topic                    --fill N (100000)       messages to receive
// --access-key, --secret-key (test), --region (us-east-1)   --plain                 echo without signature headers
// --server-pid PID        also report the server's CPU time per request (Linux)

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { LoadConnection } from './connection.mjs';
import { Histogram } from './histogram.mjs';
import { scenarios } from './scenarios.mjs';

const { values: flags } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:4566' },
    scenario: { type: 'string', default: 'echo' },
    connections: { type: 'string', default: '64' },
    seconds: { type: 'string', default: '5' },
    warmup: { type: 'string', default: '1' },
    'body-bytes': { type: 'string', default: '1024' },
    distinct: { type: 'boolean', default: false },
    plain: { type: 'boolean', default: false },
    pool: { type: 'string', default: '20000' },
    queue: { type: 'string', default: 'load' },
    fill: { type: 'string', default: '100000' },
    'access-key': { type: 'string', default: 'test' },
    'secret-key': { type: 'string', default: 'test' },
    region: { type: 'string', default: 'us-east-1' },
    'server-pid': { type: 'string' },
  },
});

const url = new URL(flags.url);
const port = Number(url.port || 80);
const connectionCount = Number(flags.connections);

/** Ends with the reason, not with figures: a run with failures measures something else. */
function fail(error) {
  process.stderr.write(`load driver: ${error.message}\n`);
  process.exit(1);
}

/** One request outside the measured time; resolves to the body of its answer. */
function sendOnce(bytes) {
  return new Promise((resolve, reject) => {
    const connection = new LoadConnection({
      host: url.hostname,
      port,
      onError: reject,
      onAnswer(each, ok) {
        const text = each.text();
        each.close();
        if (ok) resolve(text.slice(text.indexOf('\r\n\r\n') + 4));
        else reject(new Error(text));
      },
    });
    connection.send(bytes);
  });
}

/** CPU time of another process in microseconds; the kernel counts it in hundredths of a second. */
function cpuMicrosOf(pid) {
  if (pid === undefined) return Number.NaN;
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

const histogram = new Histogram();
let failures = 0;
let firstFailure;
let isStopped = false;

function start(scenario) {
  const onAnswer = (connection, ok) => {
    histogram.record(Math.round((performance.now() - connection.sentAt) * 1000));
    if (!ok) {
      failures += 1;
      firstFailure ??= connection.text();
    }
    if (!isStopped) connection.send(scenario.next(connection));
  };
  const options = { host: url.hostname, port, onAnswer, onError: fail };
  return Array.from({ length: connectionCount }, () => {
    const connection = new LoadConnection(options);
    connection.socket.on('connect', () => connection.send(scenario.next(connection)));
    return connection;
  });
}

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
const round = (value, digits = 1) => (Number.isNaN(value) ? undefined : Number(value.toFixed(digits)));

async function main() {
  const make = scenarios[flags.scenario];
  if (make === undefined)
    throw new Error(`no scenario ${flags.scenario}; there are ${Object.keys(scenarios).join(', ')}`);
  const scenario = await make(
    {
      host: url.host,
      queue: flags.queue,
      region: flags.region,
      accessKeyId: flags['access-key'],
      secretAccessKey: flags['secret-key'],
      bodyBytes: Number(flags['body-bytes']),
      isDistinct: flags.distinct,
      isPlain: flags.plain,
      poolSize: Number(flags.pool),
      fill: Number(flags.fill),
    },
    sendOnce,
  );
  const connections = start(scenario);
  await pause(Number(flags.warmup));
  histogram.reset();
  failures = 0;
  const before = {
    atMs: performance.now(),
    units: scenario.units?.() ?? 0,
    cpu: process.cpuUsage(),
    server: cpuMicrosOf(flags['server-pid']),
  };
  await pause(Number(flags.seconds));
  const seconds = (performance.now() - before.atMs) / 1000;
  const cpu = process.cpuUsage(before.cpu);
  const serverMicros = cpuMicrosOf(flags['server-pid']) - before.server;
  const requests = histogram.total;
  const units = scenario.units === undefined ? requests * scenario.unitsPerRequest : scenario.units() - before.units;
  isStopped = true;
  const ms = (fraction) => round(histogram.quantile(fraction) / 1000, 3);
  const report = {
    scenario: flags.scenario,
    connections: connectionCount,
    seconds: round(seconds, 2),
    requests,
    requestsPerSecond: round(requests / seconds, 0),
    messagesPerSecond: round(units / seconds, 0),
    failures,
    latencyMs: { p50: ms(0.5), p90: ms(0.9), p99: ms(0.99), p999: ms(0.999), max: round(histogram.max / 1000, 3) },
    clientMicrosPerRequest: round((cpu.user + cpu.system) / requests),
    clientLoadPercent: round((cpu.user + cpu.system) / seconds / 10_000, 0),
    serverMicrosPerRequest: round(serverMicros / requests),
    serverLoadPercent: round(serverMicros / seconds / 10_000, 0),
  };
  process.stdout.write(`${JSON.stringify(report)}\n`);
  if (failures > 0) process.stderr.write(`load driver: first failure: ${firstFailure}\n`);
  for (const connection of connections) connection.close();
  process.exitCode = failures > 0 ? 1 : 0;
}

main().catch(fail);
