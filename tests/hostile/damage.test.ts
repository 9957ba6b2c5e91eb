// A store that was damaged while nobody used it: bytes changed, files cut short, gone, exchanged. The real program either does not start and says
// which file it is, or serves everything but what was damaged. It never serves less, and never something else. Each damage is
// undone after its test; the store must then be whole, so a refused start has changed nothing either.

import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EddyProcess, eddy, startEddy, temporaryFolder } from '../system/eddy-process.ts';
import { type Answer, ask, closeConnections, jsonAsk } from './raw-ask.ts';

/** More than one segment of 64 MiB. */
const LARGE = { count: 66, bytes: 1_048_000 };
const SMALL = ['first small message', 'second small message', 'third small message'];

let folder: ReturnType<typeof temporaryFolder>;
let store: string;
let sealed: string;
let last: string;

beforeAll(async () => {
  folder = temporaryFolder();
  store = join(folder.path, 'store');
  const server = await startEddy(['--data-dir', store]);
  await ask(server.url, jsonAsk('sqs', 'CreateQueue', { QueueName: 'small' }));
  await ask(server.url, jsonAsk('sqs', 'CreateQueue', { QueueName: 'large' }));
  for (const body of SMALL) await send(server, 'small', body);
  const large = Array.from({ length: LARGE.count }, (_, i) => String(i % 10).repeat(LARGE.bytes));
  await Promise.all(large.map((body) => send(server, 'large', body)));
  expect(await server.end()).toBe(0);
  const segments = readdirSync(join(store, 'journal')).filter((name) => name.endsWith('.segment'));
  expect(segments.length).toBe(2);
  [sealed, last] = segments.sort().map((name) => join(store, 'journal', name)) as [string, string];
});

afterAll(() => {
  closeConnections();
  folder.remove();
});

function url(server: EddyProcess, queue: string): string {
  return `${server.url}/000000000000/${queue}`;
}

async function send(server: EddyProcess, queue: string, MessageBody: string): Promise<void> {
  const { status } = await ask(
    server.url,
    jsonAsk('sqs', 'SendMessage', { QueueUrl: url(server, queue), MessageBody }),
  );
  expect(status).toBe(200);
}

function receive(server: EddyProcess, queue: string): Promise<Answer> {
  const input = { QueueUrl: url(server, queue), VisibilityTimeout: 0 };
  return ask(server.url, jsonAsk('sqs', 'ReceiveMessage', input));
}

/** Changes one bit; doing it again undoes it. */
function flip(path: string, at: number): void {
  const file = openSync(path, 'r+');
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, at);
  byte[0] = byte[0]! ^ 1;
  writeSync(file, byte, 0, 1, at);
  closeSync(file);
}

/** The one sentence that a start ends with. */
async function refusal(args: readonly string[] = []): Promise<string> {
  const { code, stdout, stderr } = await eddy(['start', '--port', '0', '--data-dir', store, ...args]);
  expect(stdout).toBe('');
  expect(code).toBe(1);
  const lines = stderr.trimEnd().split('\n');
  // The launcher says so when the source is newer than the bundle.
  const told = lines.filter((line) => line !== 'Building …');
  expect(told).toHaveLength(1);
  return told[0]!;
}

const away = (path: string) => join(folder.path, `away-${path.split('/').at(-1)}`);

interface Damage {
  readonly path: () => string;
  readonly damage: (path: string) => void;
  readonly undo: (path: string) => void;
}

const flipped = (path: () => string, at: number): Damage => {
  return { path, damage: (file) => flip(file, at), undo: (file) => flip(file, at) };
};

const missing = (path: () => string): Damage => {
  return { path, damage: (file) => renameSync(file, away(file)), undo: (file) => renameSync(away(file), file) };
};

/** What is left of the file after `bytes` of it; the tail is put back afterwards. */
function cut(path: () => string, bytes: number): Damage {
  let tail: Buffer;
  return {
    path,
    damage(file) {
      tail = readFileSync(file).subarray(bytes);
      truncateSync(file, bytes);
    },
    undo(file) {
      const handle = openSync(file, 'r+');
      writeSync(handle, tail, 0, tail.length, bytes);
      closeSync(handle);
    },
  };
}

const blob = () => join(store, 'blobs', readdirSync(join(store, 'blobs'))[0]!);
const DAMAGES: readonly (readonly [string, () => Damage, RegExp])[] = [
  ['the head of a sealed segment', () => flipped(() => sealed, 10), /its head is not what was written/],
  ['a byte in the last segment', () => flipped(() => last, 4_300), /./],
  ['a sealed segment cut short', () => cut(() => sealed, 30_000_000), /is cut short/],
  ['a sealed segment cut to nothing', () => cut(() => sealed, 0), /./],
  ['a sealed segment that is gone', () => missing(() => sealed), /is missing/],
  ['the description of the store', () => flipped(() => join(store, 'store.json'), 50), /is damaged/],
  ['the key that signs notifications', () => flipped(blob, 300), /do not match their checksum/],
];

describe('a start is refused, and the file named, after damage to', () => {
  test.each(DAMAGES)('%s', async (_, make, expected) => {
    const { path, damage, undo } = make();
    const file = path();
    damage(file);
    try {
      const sentence = await refusal();
      expect(sentence).toContain(file);
      expect(sentence).toMatch(expected);
      expect(sentence).toMatch(/ \[STO-07\]$/);
    } finally {
      undo(file);
    }
  });

  test('the last segment, when it is gone: more had been written durably', async () => {
    renameSync(last, away(last));
    try {
      expect(await refusal()).toMatch(/had been written durably \[STO-07\]$/);
    } finally {
      renameSync(away(last), last);
    }
  });

  test('two segments that changed their names', async () => {
    const exchange = () => {
      renameSync(sealed, away(sealed));
      renameSync(last, sealed);
      renameSync(away(sealed), last);
    };
    exchange();
    try {
      expect(await refusal()).toContain(`${sealed} was renamed`);
    } finally {
      exchange();
    }
  });

  test('the root key', async () => {
    writeFileSync(join(store, 'root-key.json'), '{"accessKeyId":');
    const sentence = await refusal(['--auth', 'strict']);
    expect(sentence).toContain(join(store, 'root-key.json'));
  });
});

test('a body that was changed on the disk is never served; everything else is', async () => {
  const at = readFileSync(sealed).indexOf(SMALL[1]!);
  expect(at).toBeGreaterThan(0);
  flip(sealed, at + 3);
  const server = await startEddy(['--data-dir', store]);
  const answers = [await receive(server, 'small'), await receive(server, 'small'), await receive(server, 'small')];
  const bodies = answers.map(({ text }) => /"Body":"([^"]*)"/.exec(text)?.[1]).filter((body) => body !== undefined);
  expect(new Set(bodies)).toEqual(new Set([SMALL[0], SMALL[2]]));
  const refused = answers.filter(({ status }) => status !== 200);
  const told = 'The stored bytes of a message are damaged; where is told to the operator.';
  expect(refused.map(({ status, message }) => [status, message])).toEqual([[500, told]]);
  expect(server.output()).toContain(`${sealed}, position`);
  expect((await receive(server, 'large')).status).toBe(200);
  expect(await server.end()).toBe(0);
  flip(sealed, at + 3);
});

test('the store is whole again, and nothing is missing', async () => {
  const before = statSync(sealed).size;
  const server = await startEddy(['--data-dir', store]);
  expect(await countOf(server, 'small')).toBe(SMALL.length);
  expect(await countOf(server, 'large')).toBe(LARGE.count);
  const { messages } = await peek(server, 'small');
  expect(messages.map(({ body }) => body).sort()).toEqual([...SMALL].sort());
  const large = await peek(server, 'large');
  expect(large.messages.every(({ body }) => body === body[0]!.repeat(LARGE.bytes))).toBe(true);
  expect(statSync(sealed).size).toBe(before);
  expect(await server.end()).toBe(0);
});

async function peek(server: EddyProcess, queue: string): Promise<{ messages: { body: string }[] }> {
  const { text } = await ask(server.url, { method: 'GET', path: `/_eddy/peek?queue=${queue}&limit=5` });
  return JSON.parse(text) as { messages: { body: string }[] };
}

async function countOf(server: EddyProcess, queue: string): Promise<number> {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'];
  const input = { QueueUrl: url(server, queue), AttributeNames: names };
  const { text } = await ask(server.url, jsonAsk('sqs', 'GetQueueAttributes', input));
  return [...text.matchAll(/"(\d+)"/g)].reduce((sum, [, count]) => sum + Number(count), 0);
}
