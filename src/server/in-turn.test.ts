import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { inTurn } from './in-turn.ts';

const SMALL = 1_024;
const LARGE = 1_024 * 1_024;

test('the steps of a large request have others between them, those of a small one have not', async () => {
  const order: string[] = [];
  inTurn(LARGE, () => {
    order.push('large 1');
    inTurn(LARGE, () => order.push('large 2'));
  });
  inTurn(SMALL, () => {
    order.push('small 1');
    inTurn(SMALL, () => order.push('small 2'));
  });
  setImmediate(() => order.push('another'));
  await nextTurn();
  await nextTurn();
  expect(order).toEqual(['small 1', 'small 2', 'large 1', 'another', 'large 2']);
});
