import { expect, test } from 'vitest';
import { takeSnapshot } from '#cell/snapshots.ts';
import { testCell } from '#cell/testing.ts';
import type { Position } from '#storage/journal.ts';
import { wholeSnapshot } from '#storage/snapshot-sections.ts';
import { deliveries } from './service.ts';
import { caller, FAILED_FOR_NOW, LAMBDA_ASYNC, ScriptedTarget } from './testing.ts';

test('a snapshot has the deliveries as they were where it was taken, although attempts are made while it is written', async () => {
  const target = new ScriptedTarget('scripted');
  const { cell, ...test } = await openCell(target);
  target.script.push({ failure: FAILED_FOR_NOW }, { failure: FAILED_FOR_NOW }, { failure: FAILED_FOR_NOW });
  await test.handOver();
  await test.handOver();
  const take = () => takeSnapshot(cell.memory, cell.nowMs, 0 as Position);
  const expected = wholeSnapshot(take());
  const held = take();
  await test.advance(60_000);
  expect(wholeSnapshot(take()).sections).not.toEqual(expected.sections);
  expect(wholeSnapshot(held)).toEqual(expected);
});

async function openCell(target: ScriptedTarget) {
  const opened = await testCell([deliveries, caller, target.definition]);
  return {
    cell: opened.cell,
    handOver: () => opened.call('caller', 'HandOver', { policy: LAMBDA_ASYNC }),
    advance: (ms: number) => opened.advance(ms),
  };
}
