// A snapshot is written while life goes on: it is the state at the position where it was taken, whatever happens meanwhile.

import { expect, it } from 'vitest';
import { type HeldSnapshot, takeSnapshot } from '#cell/snapshots.ts';
import type { Snapshot } from '#storage/journal.ts';
import { wholeSnapshot } from '#storage/snapshot-sections.ts';
import { SqsTest } from './testing.ts';

const BATCHES = 200;

async function send(test: SqsTest, url: string, from: number): Promise<void> {
  const Entries = Array.from({ length: 10 }, (_, i) => ({ Id: String(i), MessageBody: `body ${from + i}` }));
  await test.cell.call('sqs', 'SendMessageBatch', { QueueUrl: url, Entries });
}

function take(test: SqsTest): HeldSnapshot {
  const { cell, engine } = test.cell;
  return takeSnapshot(cell.memory, cell.nowMs, engine.journal.end);
}

/** As a snapshot that nobody could change: copied at once. */
function copyOf(test: SqsTest): Snapshot {
  const snapshot = take(test);
  const whole = wholeSnapshot(snapshot);
  snapshot.release();
  return whole;
}

it('a snapshot is the state where it was taken, although messages come and go while it is written', async () => {
  const test = await SqsTest.open();
  const url = await test.queue('deep');
  const other = await test.queue('purged');
  for (let batch = 0; batch < BATCHES; batch += 1) {
    await send(test, url, batch * 10);
    await send(test, other, batch * 10);
  }
  const received = await test.receive(url, { MaxNumberOfMessages: 10 });
  const expected = copyOf(test);

  const taken = take(test);
  for (const { ReceiptHandle } of received.slice(5)) {
    await test.cell.call('sqs', 'DeleteMessage', { QueueUrl: url, ReceiptHandle });
  }
  for (const { ReceiptHandle } of received.slice(0, 5)) {
    const change = { QueueUrl: url, ReceiptHandle, VisibilityTimeout: 0 };
    await test.cell.call('sqs', 'ChangeMessageVisibility', change);
  }
  for (let batch = 0; batch < BATCHES; batch += 1) await send(test, url, batch * 10);
  await test.receive(url, { MaxNumberOfMessages: 10 });
  await test.cell.call('sqs', 'PurgeQueue', { QueueUrl: other });
  await test.queue('new');
  await test.cell.advance(5_000);
  expect(wholeSnapshot(taken)).toEqual(expected);
  taken.release();

  const lived = copyOf(test);
  const again = copyOf(test);
  expect(again).toEqual(lived);
  expect(lived).not.toEqual(expected);
});

it('a state that comes from a snapshot gives the same snapshot', async () => {
  const test = await SqsTest.open();
  const url = await test.queue('deep');
  for (let batch = 0; batch < BATCHES; batch += 1) await send(test, url, batch * 10);
  const before = copyOf(test);
  const next = await test.cell.restart({ clean: true });
  const { cell, engine } = next;
  const after = wholeSnapshot(takeSnapshot(cell.memory, cell.nowMs, engine.journal.end));
  for (const [name, bytes] of before.sections) {
    if (name !== 'kernel') expect(after.sections.get(name), name).toEqual(bytes);
  }
});
