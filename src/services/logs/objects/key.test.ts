import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BucketDestination } from '#cell/log-delivery.ts';
import { fixedPrefix, isPath, objectKey } from './key.ts';

const source = {
  arn: 'arn:aws:logs:eu-west-1:123456789012:delivery-source:s',
  account: '123456789012',
  region: 'eu-west-1',
  name: 'shop',
};
const AT_MS = Date.UTC(2026, 0, 5, 7, 30);
const destination = (more: Partial<BucketDestination>): BucketDestination => {
  return { kind: 'bucket', bucket: 'b', owner: source.account, prefix: '', path: '', ...more };
};

describe('the key of a log object', () => {
  test.each<[Partial<BucketDestination>, string, string]>([
    [{}, 'shop.2026-01-05-07.x.gz', ''],
    [
      { path: 'AWSLogs/{account-id}/EventBusLogs/' },
      'AWSLogs/123456789012/EventBusLogs/shop.2026-01-05-07.x.gz',
      'AWSLogs/123456789012/EventBusLogs/',
    ],
    [
      { prefix: 'a{yyyy}', path: '{region}/{yyyy}{MM}/{dd}' },
      'a{yyyy}/eu-west-1/202601/05/shop.2026-01-05-07.x.gz',
      'a{yyyy}/eu-west-1/',
    ],
    [
      { path: 'AWSLogs/{account-id}/l/{yyyy}/{HH}', isHive: true },
      'AWSLogs/aws-account-id=123456789012/l/year=2026/hour=07/shop.2026-01-05-07.x.gz',
      'AWSLogs/aws-account-id=123456789012/l/',
    ],
  ])('of %j is %s', (more, key, fixed) => {
    const place = { source, destination: destination(more) };
    expect(objectKey(place, AT_MS, 'x')).toBe(key);
    expect(fixedPrefix(place)).toBe(fixed);
  });

  test('has no folders but those that were asked for', () => {
    const place = { source: { ...source, name: 'aws.partner/x/../y z' }, destination: destination({}) };
    expect(objectKey(place, AT_MS, 'x')).toBe('aws.partner-x-..-y-z.2026-01-05-07.x.gz');
  });

  test('begins with its fixed part, whatever the path', () => {
    const piece = fc.oneof(
      fc.constantFrom('{yyyy}', '{MM}', '{dd}', '{HH}', '{region}', '{accountid}', '/', '='),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece), fc.boolean(), fc.string(), (pieces, isHive, prefix) => {
        const path = pieces.join('');
        fc.pre(isPath(path, isHive));
        const place = { source, destination: destination({ path, isHive, prefix }) };
        expect(objectKey(place, AT_MS, 'x').startsWith(fixedPrefix(place))).toBe(true);
      }),
    );
  });

  test.each([
    ['{year}', false],
    ['{', false],
    ['a}', false],
    ['{__proto__}', false],
    ['{constructor}', false],
    ['year={yyyy}', true],
  ])('is not made of the path %s', (path, isHive) => {
    expect(isPath(path, isHive)).toBe(false);
  });
});
