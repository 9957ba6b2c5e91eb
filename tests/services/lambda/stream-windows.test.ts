// Tumbling windows: a state that goes from batch to batch, and ends with its time.

import { beforeEach, expect, test } from 'vitest';
import type { FakeStream } from '../streams/fake-stream.ts';
import type { LambdaTest } from './lambda-cell.ts';
import { dataOf, type MappingInput, SHARD, type StreamEvent, StreamTest } from './stream-cell.ts';

let world: StreamTest;
let tested: LambdaTest;
let stream: FakeStream;
beforeEach(async () => {
  world = await StreamTest.open();
  ({ tested, stream } = world);
});

const map = (input: MappingInput = {}) => world.map(input);
const add = (...given: Parameters<StreamTest['add']>) => world.add(...given);
const put = (...texts: string[]) => world.put(...texts);
const events = () => world.events;
const batches = () => world.batches;

const counting = (event: StreamEvent) => ({
  state: { n: (event.state?.['n'] ?? 0) + event.Records.length },
});

test('a window hands its state on, and ends with an invocation without records', async () => {
  await map({ TumblingWindowInSeconds: 60, BatchSize: 2 });
  tested.handler = counting;
  await put('a', 'b', 'c');
  await tested.cell.advance(59_999);
  expect(events().map(({ state }) => state)).toEqual([{}, { n: 2 }]);
  await tested.cell.advance(1);
  expect(events().slice(2)).toEqual([
    {
      Records: [],
      window: { start: '2026-01-15T12:00:00Z', end: '2026-01-15T12:01:00Z' },
      state: { n: 3 },
      shardId: SHARD,
      eventSourceARN: stream.arn,
      isFinalInvokeForWindow: true,
      isWindowTerminatedEarly: false,
    },
  ]);
  await put('d');
  expect(events().slice(3)).toMatchObject([{ state: {}, isFinalInvokeForWindow: false }]);
});

test('records of two windows are two batches, with the end of the first between them', async () => {
  add('a');
  await tested.cell.advance(60_000);
  add('b');
  tested.handler = counting;
  await map({ TumblingWindowInSeconds: 60 });
  expect(events().map((event) => [dataOf(event), event.isFinalInvokeForWindow])).toEqual([
    [['a'], false],
    [[], true],
    [['b'], false],
  ]);
});

test('an answer without a state has failed', async () => {
  await map({ TumblingWindowInSeconds: 60 });
  tested.handler = () => null;
  await put('a');
  await tested.cell.advance(1_000);
  expect(batches()).toEqual([['a'], ['a']]);
});

test('a state that grows too large ends the window early', async () => {
  await map({ TumblingWindowInSeconds: 60 });
  tested.handler = () => ({ state: { text: 'x'.repeat(1024 * 1024) } });
  await put('a');
  expect(events()).toMatchObject([
    { isWindowTerminatedEarly: false },
    { isFinalInvokeForWindow: true, isWindowTerminatedEarly: true, Records: [] },
  ]);
  await put('b');
  expect(events()[2]).toMatchObject({ state: {}, isFinalInvokeForWindow: false });
});

test.each([false, true])('the state survives a restart (clean: %s)', async (clean) => {
  await map({ TumblingWindowInSeconds: 60 });
  tested.handler = counting;
  await put('a', 'b');
  await tested.restart({ clean });
  await put('c');
  await tested.cell.advance(60_000);
  expect(events().map(({ state }) => state)).toEqual([{}, { n: 2 }, { n: 3 }]);
});
