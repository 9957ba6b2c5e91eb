// kill -9 loop on the real process and the real disk: `npm run crash -- [--rounds 100] [--clients 8]`.
//
// Each round: load on a queue and on a topic with two queues, SIGKILL at a random moment, start again. Every so many rounds
// the books are closed: what was acknowledged and not deleted must be there, what was acknowledged as deleted must not.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServerProcess, startServer } from './server-process.ts';
import { sns, sqs, Unanswered } from './sqs-client.ts';

type State = 'maybe' | 'there' | 'maybe-gone' | 'gone';
interface Book {
  readonly queueUrl: string;
  readonly states: Map<string, State>;
}
interface Received {
  readonly Messages?: readonly { readonly Body: string; readonly ReceiptHandle: string }[];
}

const QUEUES = ['crash-direct', 'crash-fan-one', 'crash-fan-two'];
const VISIBILITY_SECONDS = 2;
const BALANCE_EVERY_ROUNDS = 10;

function numberOption(name: string, otherwise: number): number {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
}

const rounds = numberOption('--rounds', 100);
const clients = numberOption('--clients', 8);
const dataDirectory = mkdtempSync(join(tmpdir(), 'eddy-crash-'));
const books = new Map<string, Book>();
let topicArn = '';
let serial = 0;
let acknowledged = 0;
let deleted = 0;
let lost = 0;
let risen = 0;
const startsMs: number[] = [];

async function setUp(server: ServerProcess): Promise<void> {
  for (const QueueName of QUEUES) {
    const Attributes = { VisibilityTimeout: String(VISIBILITY_SECONDS) };
    await sqs(server.url, 'CreateQueue', { QueueName, Attributes });
    books.set(QueueName, { queueUrl: `/000000000000/${QueueName}`, states: new Map() });
  }
  const created = await sns(server.url, 'CreateTopic', { Name: 'crash-topic' });
  topicArn = /<TopicArn>([^<]+)</.exec(created)?.[1] ?? '';
  for (const name of QUEUES.slice(1)) {
    await sns(server.url, 'Subscribe', {
      TopicArn: topicArn,
      Protocol: 'sqs',
      Endpoint: `arn:aws:sqs:us-east-1:000000000000:${name}`,
      'Attributes.entry.1.key': 'RawMessageDelivery',
      'Attributes.entry.1.value': 'true',
    });
  }
}

function book(name: string): Book {
  const found = books.get(name);
  if (found === undefined) throw new Error(`no book for ${name}`);
  return found;
}

async function actOnce(url: string): Promise<void> {
  serial += 1;
  const dice = Math.random();
  if (dice < 0.5) {
    const body = `d-${serial}-${'x'.repeat(Math.floor(Math.random() * 2000))}`;
    const { queueUrl, states } = book('crash-direct');
    states.set(body, 'maybe');
    await sqs(url, 'SendMessage', { QueueUrl: `${url}${queueUrl}`, MessageBody: body });
    if (states.get(body) === 'maybe') states.set(body, 'there');
    acknowledged += 1;
  } else if (dice < 0.75) {
    const body = `f-${serial}`;
    const fanned = QUEUES.slice(1).map((name) => book(name).states);
    for (const states of fanned) states.set(body, 'maybe');
    await sns(url, 'Publish', { TopicArn: topicArn, Message: body });
    for (const states of fanned) if (states.get(body) === 'maybe') states.set(body, 'there');
    acknowledged += 1;
  } else await takeSome(url, QUEUES[Math.floor(Math.random() * QUEUES.length)] as string, 0.5);
}

async function takeSome(url: string, name: string, deleteShare: number): Promise<number> {
  const { queueUrl, states } = book(name);
  const QueueUrl = `${url}${queueUrl}`;
  const { Messages = [] } = await sqs<Received>(url, 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
  for (const { Body, ReceiptHandle } of Messages) {
    if (states.get(Body) === 'gone') {
      risen += 1;
      console.log(`${name} gave ${Body.slice(0, 20)} after its delete was acknowledged`);
    }
    if (states.get(Body) === undefined) throw new Error(`${name} gave what nobody sent: ${Body.slice(0, 40)}`);
    if (Math.random() >= deleteShare) continue;
    states.set(Body, 'maybe-gone');
    await sqs(url, 'DeleteMessage', { QueueUrl, ReceiptHandle });
    states.set(Body, 'gone');
    deleted += 1;
  }
  return Messages.length;
}

async function load(url: string, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    try {
      await actOnce(url);
    } catch (error) {
      // The process was killed under the request: nobody knows whether it happened. Anything else is a finding.
      if (error instanceof Unanswered) return;
      throw error;
    }
  }
}

/** Takes everything out of every queue and compares it with the books. */
async function balance(url: string): Promise<void> {
  const patience = Date.now() + (VISIBILITY_SECONDS + 2) * 1000;
  for (const name of QUEUES) {
    let isEmpty = false;
    while (!isEmpty) {
      const count = await takeSome(url, name, 1);
      isEmpty = count === 0 && Date.now() > patience;
      if (count === 0 && !isEmpty) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    for (const [body, state] of book(name).states) {
      if (state !== 'there') continue;
      lost += 1;
      console.log(`${name} lost ${body.slice(0, 20)}, which was acknowledged`);
    }
    book(name).states.clear();
  }
}

let server = await startServer({ dataDirectory });
await setUp(server);
for (let round = 1; round <= rounds; round += 1) {
  let isOver = false;
  const { url } = server;
  const loads = Array.from({ length: clients }, () => load(url, () => isOver));
  await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 450));
  await server.kill();
  isOver = true;
  await Promise.all(loads);
  server = await startServer({ dataDirectory });
  startsMs.push(server.startedMs);
  if (round % BALANCE_EVERY_ROUNDS === 0 || round === rounds) await balance(server.url);
}
const exitCode = await server.stop();
rmSync(dataDirectory, { recursive: true, force: true });
startsMs.sort((a, b) => a - b);
console.log(
  `${rounds} rounds of kill -9: ${acknowledged} acknowledged, ${deleted} deleted; acknowledged and lost: ${lost}; deleted and back: ${risen}; ` +
    `median start ${Math.round(startsMs[Math.floor(startsMs.length / 2)] ?? 0)} ms; stopped with ${exitCode}`,
);
process.exitCode = lost + risen === 0 && exitCode === 0 ? 0 : 1;
