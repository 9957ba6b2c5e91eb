import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Stages } from './stages.ts';

const SMALL = 1_024;
const LARGE = 1_024 * 1_024;

/** Puts a request of so many steps on its way. */
function begin(stages: Stages, order: string[], request: { name: string; bytes: number; steps: number }): void {
  const { name, bytes, steps } = request;
  const step = (number: number) => () => {
    order.push(`${name}${number}`);
    if (number < steps) stages.add(bytes, step(number + 1));
  };
  stages.add(bytes, step(1));
}

test('requests that arrived together are taken through each stage together, in the order of their arrival', async () => {
  const stages = new Stages();
  const order: string[] = [];
  begin(stages, order, { name: 'a', bytes: SMALL, steps: 3 });
  begin(stages, order, { name: 'b', bytes: SMALL, steps: 1 });
  begin(stages, order, { name: 'c', bytes: SMALL, steps: 3 });
  setImmediate(() => order.push('another'));
  await nextTurn();
  expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'a3', 'c3', 'another']);
});

test('a request that arrives later waits for the round that runs', async () => {
  const stages = new Stages();
  const order: string[] = [];
  begin(stages, order, { name: 'a', bytes: SMALL, steps: 2 });
  await nextTurn();
  begin(stages, order, { name: 'b', bytes: SMALL, steps: 2 });
  await nextTurn();
  expect(order).toEqual(['a1', 'a2', 'b1', 'b2']);
});

test('of a crowd a part goes first, and others have their turn before the rest follows', async () => {
  const stages = new Stages();
  const order: string[] = [];
  for (let i = 0; i < 150; i += 1) begin(stages, order, { name: `${i}.`, bytes: SMALL, steps: 2 });
  setImmediate(() => order.push('another'));
  await nextTurn();
  expect(order.length).toBe(64 * 2 + 1);
  expect(order.slice(0, 2)).toEqual(['0.1', '1.1']);
  expect(order.at(-1)).toBe('another');
  await nextTurn();
  await nextTurn();
  expect(order.length).toBe(150 * 2 + 1);
  expect(order.at(-1)).toBe('149.2');
});

test('the steps of a large request have others between them', async () => {
  const stages = new Stages();
  const order: string[] = [];
  begin(stages, order, { name: 'large ', bytes: LARGE, steps: 2 });
  begin(stages, order, { name: 'small ', bytes: SMALL, steps: 2 });
  setImmediate(() => order.push('another'));
  await nextTurn();
  await nextTurn();
  expect(order).toEqual(['large 1', 'small 1', 'small 2', 'another', 'large 2']);
});
