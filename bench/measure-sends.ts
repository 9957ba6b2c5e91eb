// SendMessage against a bare node:http echo and against fauxqs; batches against single sends. Each pair runs in turns (A B A
// B …), so that a machine that slows down slows both: many short ones, since machines change their pace within seconds.

import type { Figure } from './figures.ts';
import { median } from './figures.ts';
import { type LoadReport, load, type Running, startEcho, startEddy, startFauxqs, startMoto } from './processes.ts';

const ROUNDS = 9;
const SECONDS = '2';

async function turns(
  one: () => Promise<LoadReport>,
  other: () => Promise<LoadReport>,
): Promise<{ ratio: number; one: number; other: number }> {
  const ones: number[] = [];
  const others: number[] = [];
  // The first runs meet code that is not compiled yet.
  await one();
  await other();
  for (let round = 0; round < ROUNDS; round += 1) {
    ones.push((await one()).messagesPerSecond);
    others.push((await other()).messagesPerSecond);
  }
  const ratio = median(ones.map((value, i) => value / (others[i] as number)));
  return { ratio, one: median(ones), other: median(others) };
}

const single = (connections: string, queue: string) => ({
  scenario: 'sqs-send',
  connections,
  queue,
  seconds: SECONDS,
  distinct: true as const,
});

async function* againstPeer(
  peer: Running | string,
  eddy: Running,
  name: string,
  goal: Figure['goal'],
): AsyncGenerator<Figure> {
  const what = `SendMessage 1 KiB, 16 connections / ${name}`;
  if (typeof peer === 'string') {
    yield { what, value: undefined, unit: '', note: peer };
    return;
  }
  const { ratio, one, other } = await turns(
    () => load(eddy, single('16', 'peer')),
    () => load(peer, single('16', 'peer')),
  );
  await peer.stop();
  if (other === 0) {
    yield { what, value: undefined, unit: '', note: 'it answered nothing over kept connections' };
    return;
  }
  yield {
    what,
    value: ratio,
    unit: 'x',
    ...(goal === undefined ? {} : { goal }),
    note: `${one} and ${other} a second`,
  };
}

/** With few connections a single send mostly waits for the disk, which a batch does once for ten. */
async function* batchesAgainstSingles(
  eddy: Running,
  connections: string,
  goal: Figure['goal'],
): AsyncGenerator<Figure> {
  const { ratio, one, other } = await turns(
    () => load(eddy, { ...single(connections, 'batches'), scenario: 'sqs-send-batch', pool: '2000' }),
    () => load(eddy, single(connections, 'singles')),
  );
  yield {
    what: `SendMessageBatch of 10, ${connections} connections, messages/s / single sends`,
    value: ratio,
    unit: 'x',
    ...(goal === undefined ? {} : { goal }),
    note: `${one} and ${other} a second`,
  };
}

export async function* measureSends(folder: (name: string) => string): AsyncGenerator<Figure> {
  const eddy = await startEddy({ dataDirectory: folder('eddy') });
  const echo = await startEcho();
  const sends = await turns(
    () => load(eddy, single('64', 'sends')),
    () => load(echo, { scenario: 'echo', connections: '64', seconds: SECONDS, distinct: true }),
  );
  await echo.stop();
  yield {
    what: 'SendMessage 1 KiB, 64 connections / bare node:http JSON echo',
    value: sends.ratio,
    unit: 'x',
    goal: { kind: 'at-least', reach: 0.6, beyond: 1 },
    note: `${sends.one} and ${sends.other} a second`,
  };
  yield* batchesAgainstSingles(eddy, '64', { kind: 'at-least', reach: 4, beyond: 6 });
  yield* batchesAgainstSingles(eddy, '4', undefined);
  yield* againstPeer(await startFauxqs(folder('fauxqs')), eddy, 'fauxqs with SQLite', {
    kind: 'at-least',
    reach: 2,
    beyond: 3,
  });
  yield* againstPeer(await startMoto(), eddy, 'moto_server (memory)', undefined);
  await eddy.stop();
}
