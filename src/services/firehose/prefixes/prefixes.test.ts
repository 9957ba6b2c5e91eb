import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexNameAt } from '../index-rotation.ts';
import { formatPattern, parsePattern } from './date-pattern.ts';
import { errorPrefixOf, evaluate, parsePrefix, prefixOf } from './prefix.ts';

/** The guide's example: 27 August 2018, 10:30 in UTC. */
const AT_MS = Date.UTC(2018, 7, 27, 10, 30, 5, 7);
const VALUES = {
  atMs: AT_MS,
  timeZone: 'UTC',
  randomString: () => '5abf82daaa5',
  errorOutputType: 'processing-failed',
};
const shown = (pattern: string, zone = 'UTC', atMs = AT_MS): string | undefined => {
  const parts = parsePattern(pattern);
  return parts === undefined ? undefined : formatPattern(parts, atMs, zone);
};

// AWS: Firehose developer guide, "Understand custom prefixes", table of examples.
describe('prefixes as the guide has them', () => {
  it.each([
    ['', undefined, '2018/08/27/10/', 'processing-failed/2018/08/27/10/'],
    [
      '',
      'myFirehoseFailures/!{firehose:error-output-type}/',
      '2018/08/27/10/',
      'myFirehoseFailures/processing-failed/',
    ],
    [
      'myFirehosePrefix',
      undefined,
      'myFirehosePrefix2018/08/27/10/',
      'myFirehosePrefixprocessing-failed/2018/08/27/10/',
    ],
    [
      'myPrefix/DeliveredYear=!{timestamp:yyyy}/anyMonth/rand=!{firehose:random-string}',
      'failures/!{firehose:error-output-type}/!{timestamp:yyyy}/anyMonth/!{timestamp:dd}',
      'myPrefix/DeliveredYear=2018/anyMonth/rand=5abf82daaa5',
      'failures/processing-failed/2018/anyMonth/27',
    ],
    [
      "myPrefix/year=!{timestamp:yyyy}/!{timestamp:'literal 'MM}/",
      '!{firehose:error-output-type}/',
      'myPrefix/year=2018/literal 08/',
      'processing-failed/',
    ],
  ])('%s and %s', (prefix, error, evaluated, failed) => {
    expect(evaluate(prefixOf(prefix), VALUES)).toBe(evaluated);
    expect(evaluate(errorPrefixOf(error, prefix), VALUES)).toBe(failed);
  });

  it('have keys of records, and the time where none is asked', () => {
    const prefix = prefixOf('c=!{partitionKeyFromQuery:c}/d=!{partitionKeyFromLambda:d}/');
    const keys = { queryKeys: { c: '1' }, lambdaKeys: { d: '2' } };
    expect(evaluate(prefix, { ...VALUES, ...keys })).toBe('c=1/d=2/2018/08/27/10/');
  });

  it.each([
    '!{timestamp}',
    '!{timestamp:',
    '!{timestamp:}',
    '!{timestamp:yyyy-bb}',
    '!{timestamp:VV}',
    "!{timestamp:'open}",
    '!{firehose:something}',
    '!{other:value}',
    '!{partitionKeyFromQuery:}',
    'a!{b',
  ])('%s is none', (text) => {
    expect(parsePrefix(text)).toMatchObject({ problem: expect.any(String) });
  });

  it('any text is one or has a problem', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom('!{', '}', ':', 'timestamp', 'yyyy', "'", 'firehose'));
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const parsed = parsePrefix(pieces.join(''));
        if (!('problem' in parsed)) expect(typeof evaluate(parsed, VALUES)).toBe('string');
      }),
    );
  });
});

// Against java.time.format.DateTimeFormatter (Java 17, Locale.US).
describe('patterns of times', () => {
  it.each([
    ['yyyy/MM/dd/HH/', '2018/08/27/10/'],
    ['yy u Y', '18 2018 2018'],
    ['M MM MMM MMMM MMMMM', '8 08 Aug August A'],
    ['L D DDD', '8 239 239'],
    ['d dd', '27 27'],
    ['Q QQ QQQ QQQQ', '3 03 Q3 3rd quarter'],
    ['w W e F', '35 5 2 4'],
    ['E EEEE EEEEE', 'Mon Monday M'],
    ['h hh K k H a', '10 10 10 10 10 AM'],
    ['m mm s ss', '30 30 5 05'],
    ['S SSS SSSSSS', '0 007 007000'],
    ['A n', '37805007 7000000'],
    ["'T'HH''mm", "T10'30"],
    ['G', 'AD'],
    [`X XX ${'X'.repeat(3)} x xx xxx Z`, 'Z Z Z +00 +0000 +00:00 +0000'],
  ])('%s', (pattern, text) => {
    expect(shown(pattern)).toBe(text);
  });

  it('are of a zone', () => {
    expect(shown('yyyy-MM-dd HH:mm xxx', 'Asia/Tokyo')).toBe('2018-08-27 19:30 +09:00');
    expect(shown('yyyy-MM-dd HH xx', 'America/New_York', Date.UTC(2018, 0, 1, 2))).toBe('2017-12-31 21 -0500');
    expect(shown('h k K a', 'UTC', Date.UTC(2018, 0, 1))).toBe('12 24 0 AM');
  });
});

// AWS: Firehose developer guide, "Configure index rotation for OpenSearch Service".
describe('names of indexes', () => {
  const at = Date.UTC(2016, 1, 25, 13);
  it.each([
    ['NoRotation', 'myindex'],
    ['OneHour', 'myindex-2016-02-25-13'],
    ['OneDay', 'myindex-2016-02-25'],
    ['OneWeek', 'myindex-2016-w09'],
    ['OneMonth', 'myindex-2016-02'],
  ] as const)('%s', (rotation, name) => {
    expect(indexNameAt('myindex', rotation, at)).toBe(name);
  });

  it('change on Sundays; the first week is the one with the first Saturday of the year', () => {
    expect(indexNameAt('i', 'OneWeek', Date.UTC(2016, 0, 2))).toBe('i-2016-w01');
    expect(indexNameAt('i', 'OneWeek', Date.UTC(2016, 0, 3))).toBe('i-2016-w02');
    expect(indexNameAt('i', 'OneWeek', Date.UTC(2017, 11, 31))).toBe('i-2018-w01');
  });
});
