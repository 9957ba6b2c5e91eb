// Whatever an event or a target's parameters say, the request goes to the destination's host and keeps its form.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { header } from '../testing.ts';
import { bodyOf } from './body.ts';
import { headersOf } from './headers.ts';
import { retryAfterMs } from './retry-after.ts';
import { urlOf } from './url.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '..',
    '.',
    '/',
    '//evil.test',
    '?',
    '#',
    '%2e%2e',
    '\\',
    '@evil.test',
    'a&b=c',
    '\ud800',
    '*',
    '\r\nX: y',
  ),
);
const pairs = fc.array(fc.record({ key: anyText, value: anyText }), { maxLength: 5 });

describe('the URL', () => {
  test('stays with host, and each value in its own segment of the path', () => {
    const property = fc.property(fc.array(anyText, { maxLength: 3 }), pairs, (pathValues, query) => {
      const text = urlOf({ endpoint: 'https://api.test/a/*/b/*', pathValues, query });
      if (text === undefined) return pathValues.some((value) => value === '.' || value === '..');
      const url = new URL(text);
      const segments = url.pathname.split('/');
      return (
        url.host === 'api.test' &&
        url.hash === '' &&
        segments.length === 5 &&
        segments[1] === 'a' &&
        segments[3] === 'b'
      );
    });
    fc.assert(property);
  });

  test('has every parameter once, as it was given', () => {
    const wellFormed = pairs.filter((list) => list.every(({ key, value }) => isWellFormed(key + value)));
    const property = fc.property(wellFormed, (query) => {
      const url = new URL(urlOf({ endpoint: 'https://api.test/?own=1', pathValues: [], query }) ?? '');
      const expected = new Map([['own', '1'], ...query.map(({ key, value }) => [key, value] as const)]);
      expect(new Map(url.searchParams)).toEqual(expected);
    });
    fc.assert(property);
  });
});

function isWellFormed(text: string): boolean {
  return Buffer.from(text, 'utf8').toString('utf8') === text;
}

test('the body is the event with the parameters in it, or nothing when it cannot be', () => {
  const property = fc.property(fc.oneof(fc.json(), fc.string()), pairs, (text, added) => {
    const body = bodyOf(text, added);
    if (added.length === 0) return body === text;
    if (body === undefined) return !isObject(text);
    const expected = { ...JSON.parse(text), ...Object.fromEntries(added.map(({ key, value }) => [key, value])) };
    expect(JSON.parse(body)).toEqual(JSON.parse(JSON.stringify(expected)));
    return true;
  });
  fc.assert(property);
});

function isObject(text: string): boolean {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

test('no name appears twice among the headers, in whatever case it was given', () => {
  const names = fc.constantFrom('X-A', 'x-a', 'HOST', 'range', 'Content-type', 'authorization', 'User-Agent');
  const target = fc.dictionary(names, fc.string());
  const headers = fc.array(fc.record({ key: names, value: fc.string(), isSecret: fc.boolean() }));
  const property = fc.property(target, headers, (given, own) => {
    const credentials = {
      authorization: { type: 'BASIC', username: 'u', password: 'p' } as const,
      invocation: { headers: own, query: [], body: [] },
    };
    const all = headersOf({ target: given, credentials, token: undefined, basic: 'Basic x' });
    const lower = all.map(([name]) => name.toLowerCase());
    expect(new Set(lower).size).toBe(lower.length);
    expect(lower).not.toContain('host');
    const sent = { headers: all } as Parameters<typeof header>[0];
    expect([header(sent, 'authorization'), header(sent, 'range')]).toEqual(['Basic x', 'bytes=0-1048575']);
  });
  fc.assert(property);
});

test.each([
  ['10', 10_000],
  [' 0 ', 0],
  ['-5', -5_000],
  ['1.5', undefined],
  ['1e3', undefined],
  ['', undefined],
  ['9'.repeat(30), undefined],
  ['Thu, 01 Jan 1970 00:01:00 GMT', 60_000],
  ['Thu, 31 Feb 1970 00:01:00 GMT', undefined],
])('Retry-After %j is %s', (value, ms) => {
  expect(retryAfterMs(value, 0)).toBe(ms);
});
