// A process that appends without end and prints what is durable, to be killed by kill-nine.test.ts.
// Arguments: the directory of the store. Every entry tells its number; its payload follows from the number.

import type { Position } from '../../journal.ts';
import { open } from '../open.ts';
import { payloadOf } from './numbered-payload.ts';

const WAITERS = 50;

const engine = await open(process.argv[2] as string, { segmentBytes: 2 ** 18, cacheBytes: 2 ** 18 });
const { journal } = engine;
let number = 0;
await journal.replay(0 as Position, () => {
  number += 1;
});
const waiting: { readonly number: number; readonly end: number }[] = [];

function append(): void {
  const facts = new Uint8Array(4);
  new DataView(facts.buffer).setUint32(0, number, true);
  waiting.push({ number, end: journal.append(facts, [payloadOf(number)]).end });
  number += 1;
}

journal.onDurable((durableEnd) => {
  let acknowledged = -1;
  while (waiting.length > 0 && (waiting[0] as { end: number }).end <= durableEnd) {
    acknowledged = (waiting.shift() as { number: number }).number;
    append();
  }
  process.stdout.write(`${acknowledged}\n`);
});
for (let i = 0; i < WAITERS; i += 1) append();
