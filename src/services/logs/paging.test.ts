import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TEST_NOW_MS, testCell } from '#cell/testing.ts';
import type { FilterLogEventsOutput, GetLogEventsOutput } from '#wire/generated/logs.ts';
import { logs } from './service.ts';

const logGroupName = '/paged';
const PAGES_MAX = 500;

/** Times of the events of each PutLogEvents, and the stream it goes to. */
const puts = fc.array(
  fc.record({
    stream: fc.constantFrom('one', 'two'),
    times: fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 8 }),
  }),
  { maxLength: 12 },
);

async function groupOf(given: readonly { readonly stream: string; readonly times: readonly number[] }[]) {
  const cell = await testCell([logs]);
  await cell.call('logs', 'CreateLogGroup', { logGroupName });
  const messages: Record<string, string[]> = { one: [], two: [] };
  for (const logStreamName of ['one', 'two']) {
    await cell.call('logs', 'CreateLogStream', { logGroupName, logStreamName });
  }
  for (const [i, { stream, times }] of given.entries()) {
    const logEvents = [...times]
      .sort((a, b) => a - b)
      .map((ms, k) => ({ timestamp: TEST_NOW_MS + ms, message: `${i}-${k}` }));
    await cell.call('logs', 'PutLogEvents', { logGroupName, logStreamName: stream, logEvents });
    messages[stream]?.push(...logEvents.map(({ message }) => message));
  }
  return { cell, messages };
}

test('every page leads on until all events were given once, in either direction', async () => {
  await fc.assert(
    fc.asyncProperty(puts, fc.integer({ min: 1, max: 5 }), fc.boolean(), async (given, limit, startFromHead) => {
      const { cell, messages } = await groupOf(given);
      for (const logStreamName of ['one', 'two']) {
        const seen: string[] = [];
        let nextToken: string | undefined;
        for (let page = 0; ; page += 1) {
          expect(page).toBeLessThan(PAGES_MAX);
          const asked = { logGroupName, logStreamName, limit, startFromHead, nextToken };
          const answer = await cell.call<GetLogEventsOutput>('logs', 'GetLogEvents', asked);
          seen.push(...(answer.events ?? []).map(({ message }) => message as string));
          const token = startFromHead ? answer.nextForwardToken : answer.nextBackwardToken;
          if (token === nextToken) break;
          nextToken = token;
        }
        expect(seen.sort()).toEqual(messages[logStreamName]?.sort());
      }
    }),
  );
});

test('a search gives every event that it wants once, and ends', async () => {
  await fc.assert(
    fc.asyncProperty(
      puts,
      fc.integer({ min: 1, max: 5 }),
      fc.constantFrom('', '"-1"'),
      async (given, limit, pattern) => {
        const { cell, messages } = await groupOf(given);
        const seen: string[] = [];
        let nextToken: string | undefined;
        for (let page = 0; ; page += 1) {
          expect(page).toBeLessThan(PAGES_MAX);
          const asked = { logGroupName, limit, filterPattern: pattern, nextToken };
          const answer = await cell.call<FilterLogEventsOutput>('logs', 'FilterLogEvents', asked);
          seen.push(...(answer.events ?? []).map(({ message }) => message as string));
          if (answer.nextToken === undefined) break;
          nextToken = answer.nextToken;
        }
        const wanted = [...(messages['one'] ?? []), ...(messages['two'] ?? [])];
        expect(seen.sort()).toEqual(wanted.filter((text) => pattern === '' || text.includes('-1')).sort());
      },
    ),
  );
});
