import { expect, test } from 'vitest';
import { warmUpEvents } from './warm-up.ts';

const EVENTS = 44;
const RULES = 4;

test('events of the warm-up go the whole way: read to the end and matched by every rule', async () => {
  expect(await warmUpEvents()).toBe(EVENTS * RULES);
});
