// Events as texts: whatever a body holds, both views of an event are valid JSON and say the same.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PolledMessage } from '#cell/poll-source.ts';
import { queueRecord } from '#model/queue-record.ts';
import { enrichedItems, sourceEvent } from './item.ts';

const MESSAGE = { messageId: 'id', handle: 'handle' } as unknown as PolledMessage;

function eventOf(body: string) {
  const record = queueRecord({
    messageId: 'id',
    handle: 'handle',
    body,
    attributes: { '"body":': '"body":' },
    messageAttributes: {},
    md5OfMessageAttributes: null,
    md5OfBody: 'md5',
    sourceArn: 'arn',
    region: 'us-east-1',
  });
  return { record, event: sourceEvent(record, MESSAGE) };
}

const bodies = fc.oneof(
  fc.json(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(' {"a":1} ', '[1,', '{"body":"x"}', ''),
);

test('the text is the record; what paths read has a body of JSON as JSON', () => {
  fc.assert(
    fc.property(bodies, (body) => {
      const { record, event } = eventOf(body);
      expect(JSON.parse(event.text)).toEqual(JSON.parse(JSON.stringify(record)));
      const readable = JSON.parse(event.readable);
      const expected = event.hasJsonPayload ? JSON.parse(body) : JSON.parse(JSON.stringify(body));
      expect(readable).toEqual({ ...JSON.parse(event.text), body: expected });
    }),
  );
});

test('an enrichment’s array is its elements, anything else one event, and empty ones none', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const { items, isArray } = enrichedItems(JSON.stringify(value, null, 2));
      const isEmpty = value === null || value === '' || JSON.stringify(value) === '{}';
      const expected = Array.isArray(value) ? value : isEmpty ? [] : [value];
      expect(items.map(({ text }) => JSON.parse(text))).toEqual(JSON.parse(JSON.stringify(expected)));
      if (items.length > 0) expect(isArray).toBe(Array.isArray(value));
    }),
  );
});

test('an answer that is not JSON is one event that says just that', () => {
  const { items } = enrichedItems('hello "you"');
  expect(items).toMatchObject([{ text: 'hello "you"', isJson: false, readable: '"hello \\"you\\""' }]);
});
