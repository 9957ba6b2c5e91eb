import { beforeEach, describe, expect, test } from 'vitest';
import { TEST_NOW_MS, type TestCell, testCell } from '#cell/testing.ts';
import type { FilterLogEventsOutput, GetLogEventsOutput } from '#wire/generated/logs.ts';
import { DAY_MS } from './limits.ts';
import { logs } from './service.ts';
import type { LogsState } from './state.ts';

const GROUP = '/aws/lambda/tested';
let cell: TestCell;

beforeEach(async () => {
  cell = await testCell([logs]);
  await cell.call('logs', 'CreateLogGroup', { logGroupName: GROUP, tags: { a: '1' } });
});

const call = <O = Record<string, unknown>>(operation: string, input: object) =>
  cell.call<O>('logs', operation, { logGroupName: GROUP, ...input });
const refusal = async (operation: string, input: object) => {
  const reply = await cell.reply('logs', operation, { logGroupName: GROUP, ...input });
  return 'refused' in reply ? reply.refused : undefined;
};
const put = (logStreamName: string, ...events: [ms: number, message: string][]) =>
  call('PutLogEvents', {
    logStreamName,
    logEvents: events.map(([ms, message]) => ({ timestamp: TEST_NOW_MS + ms, message })),
  });
const messagesOf = (output: { events?: readonly { message?: string | undefined }[] | undefined }) =>
  (output.events ?? []).map((event) => event.message);

describe('groups', () => {
  test('a group that exists is refused, one that is gone is not found', async () => {
    expect(await refusal('CreateLogGroup', {})).toMatchObject({
      code: 'ResourceAlreadyExistsException',
      message: 'The specified log group already exists',
    });
    await call('DeleteLogGroup', {});
    expect(await refusal('DeleteLogGroup', {})).toMatchObject({
      code: 'ResourceNotFoundException',
      message: 'The specified log group does not exist.',
    });
  });

  test('descriptions are paged by name, and a token belongs to its question', async () => {
    for (const name of ['b', 'a', 'c']) await call('CreateLogGroup', { logGroupName: `/x/${name}` });
    const first = await call<{ nextToken: string; logGroups: { logGroupName: string }[] }>('DescribeLogGroups', {
      logGroupName: undefined,
      logGroupNamePrefix: '/x/',
      limit: 2,
    });
    expect(first.logGroups.map((group) => group.logGroupName)).toEqual(['/x/a', '/x/b']);
    const second = await call('DescribeLogGroups', { logGroupNamePrefix: '/x/', nextToken: first.nextToken });
    expect(second).toMatchObject({ logGroups: [{ logGroupName: '/x/c' }] });
    expect(second).not.toHaveProperty('nextToken');
    expect(await refusal('DescribeLogGroups', { nextToken: first.nextToken })).toMatchObject({
      message: 'The specified nextToken is invalid.',
    });
  });

  test('there are no groups of other classes than STANDARD, and no other classes than AWS’s', async () => {
    const named = async (logGroupClass: string) =>
      (await call<{ logGroups: unknown[] }>('DescribeLogGroups', { logGroupNamePrefix: GROUP, logGroupClass }))
        .logGroups;
    expect(await named('STANDARD')).toHaveLength(1);
    expect(await named('INFREQUENT_ACCESS')).toEqual([]);
    expect(await refusal('DescribeLogGroups', { logGroupClass: 'COLD' })).toMatchObject({
      message: expect.stringContaining("Value 'COLD' at 'logGroupClass' failed to satisfy constraint"),
    });
  });

  test('a description has AWS’s ARNs and figures', async () => {
    await call('PutRetentionPolicy', { retentionInDays: 7 });
    expect(await call('DescribeLogGroups', { logGroupNamePrefix: GROUP })).toEqual({
      logGroups: [
        {
          logGroupName: GROUP,
          creationTime: TEST_NOW_MS,
          retentionInDays: 7,
          metricFilterCount: 0,
          arn: `arn:aws:logs:us-east-1:000000000000:log-group:${GROUP}:*`,
          storedBytes: 0,
          logGroupClass: 'STANDARD',
          logGroupArn: `arn:aws:logs:us-east-1:000000000000:log-group:${GROUP}`,
          deletionProtectionEnabled: false,
        },
      ],
    });
  });

  test.each([
    [
      { logGroupName: undefined },
      "1 validation error detected: Value null at 'logGroupName' failed to satisfy constraint: Member must not be null",
    ],
    [
      { logGroupName: 'a b' },
      "1 validation error detected: Value 'a b' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+",
    ],
    [{ logGroupName: 'new', kmsKeyId: 'k' }, 'kmsKeyId is not available here.'],
    [
      { logGroupName: 'new', logGroupClass: 'INFREQUENT_ACCESS' },
      'logGroupClass INFREQUENT_ACCESS is not available here.',
    ],
  ])('CreateLogGroup refuses %j', async (input, message) => {
    expect(await refusal('CreateLogGroup', input)).toMatchObject({ code: 'InvalidParameterException', message });
  });

  test.each([
    [{ 'aws:team': 'x' }, 'aws: prefixed tag key names are not allowed for external use.'],
    [{}, 'Member must have length greater than or equal to 1'],
    [{ '': 'x' }, 'Member must have length greater than or equal to 1'],
    [{ team: 'v'.repeat(257) }, 'Member must have length less than or equal to 256'],
    [{ 'te#am': 'x' }, 'Member must satisfy regular expression pattern'],
    [undefined, "Value null at 'tags' failed to satisfy constraint: Member must not be null"],
  ])('tags that AWS does not take are refused: %j', async (tags, text) => {
    const resourceArn = `arn:aws:logs:us-east-1:000000000000:log-group:${GROUP}`;
    const message = expect.stringContaining(text);
    expect(await refusal('TagResource', { resourceArn, tags })).toMatchObject({ message });
    expect(await refusal('TagLogGroup', { tags })).toMatchObject({ message });
    if (tags !== undefined) {
      expect(await refusal('CreateLogGroup', { logGroupName: 'other', tags })).toMatchObject({ message });
    }
    expect(await call('ListTagsForResource', { resourceArn })).toEqual({ tags: { a: '1' } });
  });

  test('tags are kept by ARN and by name', async () => {
    const resourceArn = `arn:aws:logs:us-east-1:000000000000:log-group:${GROUP}`;
    await call('TagResource', { resourceArn, tags: { b: '2' } });
    await call('UntagLogGroup', { tags: ['a'] });
    expect(await call('ListTagsForResource', { resourceArn: `${resourceArn}:*` })).toEqual({ tags: { b: '2' } });
    expect(await call('ListTagsLogGroup', {})).toEqual({ tags: { b: '2' } });
    expect(await refusal('ListTagsForResource', { resourceArn: `${resourceArn}x` })).toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });
});

describe('events', () => {
  beforeEach(async () => {
    await call('CreateLogStream', { logStreamName: 'one' });
    await call('CreateLogStream', { logStreamName: 'two' });
  });

  test('come back in order of time with their ingestion time', async () => {
    await put('one', [-2000, 'a'], [-1000, 'b']);
    await put('one', [-1500, 'between']);
    const output = await call<GetLogEventsOutput>('GetLogEvents', { logStreamName: 'one', startFromHead: true });
    expect(output.events).toEqual([
      { timestamp: TEST_NOW_MS - 2000, message: 'a', ingestionTime: TEST_NOW_MS },
      { timestamp: TEST_NOW_MS - 1500, message: 'between', ingestionTime: TEST_NOW_MS },
      { timestamp: TEST_NOW_MS - 1000, message: 'b', ingestionTime: TEST_NOW_MS },
    ]);
    expect(output.nextForwardToken).toMatch(/^f\/\d{56}\/s$/);
    expect(output.nextBackwardToken).toMatch(/^b\/\d{56}\/s$/);
  });

  test('every event is seen once, page by page, in both directions', async () => {
    const all: string[] = [];
    for (let batch = 0; batch < 20; batch += 1) {
      const events = [0, 1, 2].map((i) => [batch * 2 + i - 1000, `${batch}.${i}`] as [number, string]);
      await put('one', ...events);
      all.push(...events.map(([, message]) => message));
    }
    for (const startFromHead of [true, false]) {
      const seen: (string | undefined)[] = [];
      let nextToken: string | undefined;
      for (let page = 0; page < 100; page += 1) {
        const output: GetLogEventsOutput = await call('GetLogEvents', {
          logStreamName: 'one',
          limit: 7,
          ...(nextToken === undefined ? { startFromHead } : { nextToken }),
        });
        const messages = messagesOf(output);
        seen.push(...(startFromHead ? messages : messages.reverse()));
        const token = startFromHead ? output.nextForwardToken : output.nextBackwardToken;
        if (token === nextToken) break;
        nextToken = token;
      }
      expect([...seen].sort()).toEqual([...all].sort());
    }
  });

  test('a tail that has seen everything gets what comes later with its last token', async () => {
    await put('one', [0, 'a']);
    const first = await call<GetLogEventsOutput>('GetLogEvents', { logStreamName: 'one', startFromHead: true });
    const nextToken = first.nextForwardToken;
    const second = await call<GetLogEventsOutput>('GetLogEvents', { logStreamName: 'one', nextToken });
    expect(second).toMatchObject({ events: [], nextForwardToken: nextToken });
    await put('one', [0, 'same millisecond'], [1, 'b']);
    expect(messagesOf(await call('GetLogEvents', { logStreamName: 'one', nextToken }))).toEqual([
      'same millisecond',
      'b',
    ]);
  });

  test('filtering interleaves streams, and finds by pattern, time and stream', async () => {
    await put('one', [0, 'ERROR a'], [10, 'info b']);
    await put('two', [5, 'ERROR c'], [15, 'ERROR d']);
    expect(messagesOf(await call('FilterLogEvents', {}))).toEqual(['ERROR a', 'ERROR c', 'info b', 'ERROR d']);
    expect(messagesOf(await call('FilterLogEvents', { filterPattern: 'ERROR' }))).toEqual([
      'ERROR a',
      'ERROR c',
      'ERROR d',
    ]);
    const window = { startTime: TEST_NOW_MS + 5, endTime: TEST_NOW_MS + 10 };
    expect(messagesOf(await call('FilterLogEvents', window))).toEqual(['ERROR c', 'info b']);
    expect(messagesOf(await call('FilterLogEvents', { logStreamNames: ['two'] }))).toEqual(['ERROR c', 'ERROR d']);
    expect(messagesOf(await call('FilterLogEvents', { logStreamNamePrefix: 'o' }))).toEqual(['ERROR a', 'info b']);
    const page = await call<FilterLogEventsOutput>('FilterLogEvents', { filterPattern: 'ERROR', limit: 2 });
    expect(messagesOf(page)).toEqual(['ERROR a', 'ERROR c']);
    const rest = await call('FilterLogEvents', { filterPattern: 'ERROR', limit: 2, nextToken: page.nextToken });
    expect(messagesOf(rest)).toEqual(['ERROR d']);
    expect(rest).not.toHaveProperty('nextToken');
    expect(await refusal('FilterLogEvents', { filterPattern: 'other', nextToken: page.nextToken })).toBeDefined();
  });

  test('the ids of events differ, and have AWS’s form', async () => {
    await put('one', [0, 'a'], [0, 'b']);
    const { events } = await call<FilterLogEventsOutput>('FilterLogEvents', {});
    const ids = (events ?? []).map((event) => event.eventId);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^3\d{55}$/);
  });

  test.each([
    [
      [
        [0, 'b'],
        [-1, 'a'],
      ],
      'Log events in a single PutLogEvents request must be in chronological order.',
    ],
    [
      [
        [-DAY_MS, 'a'],
        [1, 'b'],
      ],
      'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
    ],
    [[[0, '']], 'Log event message must not be empty'],
  ])('PutLogEvents refuses %j', async (events, message) => {
    const logEvents = (events as [number, string][]).map(([ms, text]) => ({
      timestamp: TEST_NOW_MS + ms,
      message: text,
    }));
    expect(await refusal('PutLogEvents', { logStreamName: 'one', logEvents })).toMatchObject({ message });
    expect(messagesOf(await call('FilterLogEvents', {}))).toEqual([]);
  });

  test('events too old and too new are left out and named', async () => {
    expect(await put('one', [-15 * DAY_MS, 'old'])).toMatchObject({
      rejectedLogEventsInfo: { tooOldLogEventEndIndex: 1 },
    });
    const output = await put('one', [0, 'now'], [3 * 3_600_000, 'later']);
    expect(output).toMatchObject({ rejectedLogEventsInfo: { tooNewLogEventStartIndex: 1 } });
    expect(messagesOf(await call('FilterLogEvents', {}))).toEqual(['now']);
  });

  test('streams are described by name or by their last event', async () => {
    await put('one', [5, 'a']);
    await put('two', [3, 'a']);
    const names = async (input: object) => {
      const output = await call<{ logStreams: { logStreamName: string }[] }>('DescribeLogStreams', input);
      return output.logStreams.map((stream) => stream.logStreamName);
    };
    expect(await names({})).toEqual(['one', 'two']);
    expect(await names({ orderBy: 'LastEventTime' })).toEqual(['two', 'one']);
    expect(await names({ orderBy: 'LastEventTime', descending: true, limit: 1 })).toEqual(['one']);
    expect(await names({ logStreamNamePrefix: 't' })).toEqual(['two']);
    expect(await refusal('GetLogEvents', { logStreamName: 'three' })).toMatchObject({
      message: 'The specified log stream does not exist.',
    });
  });

  test('everything is there after a restart, with and without a snapshot', async () => {
    await put('one', [0, 'a'], [1, 'b']);
    await call('DeleteLogStream', { logStreamName: 'two' });
    for (const clean of [false, true]) {
      cell = await cell.restart({ clean });
      expect(messagesOf(await call('FilterLogEvents', {}))).toEqual(['a', 'b']);
      expect(await refusal('DeleteLogStream', { logStreamName: 'two' })).toBeDefined();
    }
    await put('one', [1, 'c']);
    expect(messagesOf(await call('FilterLogEvents', {}))).toEqual(['a', 'b', 'c']);
  });

  test('the retention hides at once what has expired, and frees it', async () => {
    await put('one', [-3 * DAY_MS, 'old']);
    await put('one', [0, 'new']);
    expect(cell.cell.payloads.count).toBe(2);
    await call('PutRetentionPolicy', { retentionInDays: 1 });
    expect(messagesOf(await call('FilterLogEvents', {}))).toEqual(['new']);
    await cell.advance(0);
    expect(cell.cell.payloads.count).toBe(1);
    const state = cell.cell.registry.services.get('logs')?.state as LogsState;
    await cell.advance(DAY_MS + 3_600_000);
    expect(messagesOf(await call('FilterLogEvents', {}))).toEqual([]);
    expect(cell.cell.payloads.count).toBe(0);
    expect([...state.streams.values()].map((stream) => stream.storedBytes)).toEqual([0, 0]);
    await call('PutLogEvents', { logStreamName: 'one', logEvents: [{ timestamp: cell.clock.nowMs(), message: 'x' }] });
    await cell.advance(2 * DAY_MS);
    expect(cell.cell.payloads.count).toBe(0);
  });

  test('a deleted group frees its events', async () => {
    await put('one', [0, 'a']);
    await call('DeleteLogGroup', {});
    expect(cell.cell.payloads.count).toBe(0);
    await call('CreateLogGroup', {});
    expect(await refusal('GetLogEvents', { logStreamName: 'one' })).toBeDefined();
  });
});
