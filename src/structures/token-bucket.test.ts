import { expect, it } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

it('a token bucket gives its capacity at once and then what the rate allows', () => {
  const bucket = new TokenBucket(3, 10, 1000);
  expect(bucket.take(1000, 3)).toBe(true);
  expect(bucket.take(1000)).toBe(false);
  expect(bucket.availableAtMs(1000)).toBe(1100);
  expect(bucket.take(1099)).toBe(false);
  expect(bucket.take(1100)).toBe(true);
  expect(bucket.available(60_000)).toBe(3);
});
