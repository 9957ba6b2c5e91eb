import { expect, test } from 'vitest';
import { warmUpEvents } from './warm-up.ts';

test('events of the warm-up go the whole way: read to the end and matched', async () => {
  expect(await warmUpEvents()).toBe(40);
});
