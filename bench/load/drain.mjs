// Asks one thing, or several in turn, over and over and throws the answers away: how many bytes a second a server gives. Prints one line of JSON.
//
//   node bench/load/drain.mjs --url http://127.0.0.1:4566 --target Kinesis_20131202.GetRecords --bodies '[{…}]' --seconds 3
//
// --save FILE             instead asks once and writes the answer's body there
// --access-key, --secret-key (test), --connections (2), --warmup (1)
//
// Every answer must have a Content-Length and status 200.

import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { parseArgs } from 'node:util';
import { createSigner } from './sign.mjs';

const { values: flags } = parseArgs({
  options: {
    url: { type: 'string' },
    target: { type: 'string' },
    bodies: { type: 'string' },
    save: { type: 'string' },
    'access-key': { type: 'string', default: 'test' },
    'secret-key': { type: 'string', default: 'test' },
    connections: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '3' },
    warmup: { type: 'string', default: '1' },
  },
});
const url = new URL(flags.url);
const sign = createSigner({
  ...{ accessKeyId: flags['access-key'], secretAccessKey: flags['secret-key'] },
  ...{ region: 'us-east-1', service: 'kinesis', host: url.host },
});
const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': flags.target };
const requests = JSON.parse(flags.bodies).map((body) => sign({ headers, body: JSON.stringify(body) }));
let asked = 0;
const nextRequest = () => requests[asked++ % requests.length];
let bytesTotal = 0;
let answers = 0;

function fail(text) {
  process.stderr.write(`drain: ${text}\n`);
  process.exit(1);
}

/** The head of an answer comes in its first piece: heads are short. `onPiece` sees the body's pieces. */
function start(onPiece, onAnswer) {
  const buffer = Buffer.allocUnsafeSlow(1024 * 1024);
  let left = 0;
  const received = (bytes) => {
    let from = 0;
    bytesTotal += bytes;
    if (left === 0) {
      const head = buffer.toString('latin1', 0, Math.min(bytes, 4096));
      const end = head.indexOf('\r\n\r\n');
      const length = /\r\ncontent-length: *(\d+)\r\n/i.exec(head)?.[1];
      if (!head.startsWith('HTTP/1.1 200') || end === -1 || length === undefined) fail(head.slice(0, 500));
      from = end + 4;
      left = from + Number(length);
    }
    onPiece?.(buffer.subarray(from, bytes));
    left -= bytes;
    if (left === 0) onAnswer(socket);
    return true;
  };
  const onread = { buffer, callback: received };
  const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true, onread });
  socket.on('error', (error) => fail(error.message));
  socket.on('connect', () => socket.write(nextRequest()));
}

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

async function measure() {
  const again = (socket) => {
    answers += 1;
    socket.write(nextRequest());
  };
  for (let i = 0; i < Number(flags.connections); i += 1) start(undefined, again);
  await pause(Number(flags.warmup));
  [bytesTotal, answers] = [0, 0];
  const startedAt = performance.now();
  await pause(Number(flags.seconds));
  const seconds = (performance.now() - startedAt) / 1000;
  const report = { bytesPerSecond: bytesTotal / seconds, answersPerSecond: answers / seconds };
  process.stdout.write(`${JSON.stringify(report)}\n`);
  process.exit(0);
}

if (flags.save === undefined) await measure();
else {
  const pieces = [];
  const save = () => {
    writeFileSync(flags.save, Buffer.concat(pieces));
    process.stdout.write('{}\n');
    process.exit(0);
  };
  start((piece) => pieces.push(Buffer.from(piece)), save);
}
