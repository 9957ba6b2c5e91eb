import { expect, test } from 'vitest';
import { isInRange, parseIp, parseIpRange } from './ip-range.ts';

const inside = (range: string, address: string): boolean | undefined => {
  const parsedRange = parseIpRange(range);
  const parsedAddress = parseIp(address);
  if (parsedRange === undefined || parsedAddress === undefined) return undefined;
  return isInRange(parsedRange, parsedAddress);
};

test.each([
  ['10.0.0.0/24', '10.0.0.255', true],
  ['10.0.0.0/24', '10.0.1.0', false],
  ['203.0.113.9', '203.0.113.9', true],
  ['0.0.0.0/0', '255.255.255.255', true],
  ['0.0.0.0/0', '::1', false],
  ['2001:db8::/32', '2001:db8:ffff::1', true],
  ['2001:db8::/32', '2001:db9::1', false],
  ['::ffff:0:0/96', '::ffff:127.0.0.1', true],
  ['::/0', '1:2:3:4:5:6:7:8', true],
])('%s holds %s: %s', (range, address, expected) => {
  expect(inside(range, address)).toBe(expected);
});

test.each(['10.0.0', '10.0.0.256', '010.0.0.1', '1:2:3', '1::2::3', '10.0.0.1/33', 'x', '::1/129', '1.2.3.4:5::', ''])(
  '%j is not a range',
  (text) => {
    expect(parseIpRange(text)).toBeUndefined();
  },
);
