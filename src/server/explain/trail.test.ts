import { describe, expect, test } from 'vitest';
import { Trail, type TrailEntry, type TrailFact } from './trail.ts';

const ID = '11111111-1111-4111-8111-111111111111';
const OTHER = '22222222-2222-4222-8222-222222222222';

function entry(facts: TrailFact[], rest: Partial<TrailEntry> = {}): TrailEntry {
  return { requestId: undefined, payloads: [], facts, ...rest };
}

const fact = (name: string, fields: Record<string, unknown>): TrailFact => ({ name, fact: fields });

function names(facts: readonly TrailFact[]): string[] {
  return facts.map((each) => each.name);
}

describe('a message sent to a queue', () => {
  const trail = new Trail(ID);
  const sent = fact('MessageSent', { queue: 3, sequence: 7, messageId: ID, payload: 0 });

  test('is followed from its queue and sequence', () => {
    expect(names(trail.follow(entry([sent])))).toEqual(['MessageSent']);
    expect(
      names(
        trail.follow(
          entry([fact('MessagesReceived', { queue: 3, slots: [0, 1], sequences: [6, 7], atMs: 5, hiddenMs: 30 })]),
        ),
      ),
    ).toEqual(['MessagesReceived']);
    expect(trail.places.get('3/7')).toMatchObject({ state: 'received', receiveCount: 1, hiddenUntilMs: 35 });
  });

  test('comes from what handed over its payload, not from what handed over another', () => {
    const [ran, other] = [0, 1].map((payload) => fact('ScheduleRan', { schedule: 's', payload }));
    const copy = fact('MessageSent', { queue: 4, sequence: 1, messageId: OTHER, payload: 0 });
    expect(new Trail(ID).follow(entry([ran!, other!, sent, copy]))).toEqual([ran, sent]);
  });

  test('is not mistaken for its neighbours', () => {
    expect(trail.follow(entry([fact('MessagesDeleted', { queue: 3, slots: [1], sequences: [6] })]))).toEqual([]);
    expect(trail.follow(entry([fact('MessagesDeleted', { queue: 4, slots: [1], sequences: [7] })]))).toEqual([]);
    expect(trail.follow(entry([fact('MessageSent', { queue: 3, sequence: 8, messageId: OTHER, payload: 1 })]))).toEqual(
      [],
    );
  });

  test('is followed into its dead-letter queue and back', () => {
    trail.follow(
      entry([fact('MessageDeadLettered', { queue: 3, slot: 0, sequence: 7, target: 9, targetSequence: 1, atMs: 40 })]),
    );
    expect(trail.places.get('3/7')?.state).toBe('dead-lettered');
    trail.follow(
      entry([
        fact('MessageRedriven', {
          queue: 9,
          slot: 0,
          sequence: 1,
          target: 3,
          targetSequence: 12,
          messageId: OTHER,
          atMs: 50,
        }),
      ]),
    );
    expect(trail.places.get('9/1')?.state).toBe('moved back');
    expect(trail.ids.has(OTHER)).toBe(true);
    expect(names(trail.follow(entry([fact('MessagesDeleted', { queue: 3, slots: [0], sequences: [12] })])))).toEqual([
      'MessagesDeleted',
    ]);
    expect(trail.places.get('3/12')?.state).toBe('deleted');
  });
});

describe('a notification', () => {
  test('is followed into every queue that got its payload, and into no other', () => {
    const trail = new Trail(ID);
    const published = entry(
      [
        fact('NotificationPublished', { topic: 1, messageId: ID }),
        fact('MessageSent', { queue: 1, sequence: 1, messageId: OTHER, payload: 5 }),
        fact('MessageSent', { queue: 2, sequence: 1, messageId: OTHER, payload: 6 }),
        fact('NotificationFiltered', { subscription: 4, messageId: ID, reason: 'store' }),
      ],
      {
        payloads: [
          { slot: 5, messageId: ID },
          { slot: 6, messageId: OTHER },
        ],
      },
    );
    expect(trail.follow(published).map((each) => each.fact['queue'] ?? each.name)).toEqual([
      'NotificationPublished',
      1,
      'NotificationFiltered',
    ]);
    expect([...trail.places.keys()]).toEqual(['1/1']);
  });

  test('is followed through a delivery that needed several attempts', () => {
    const trail = new Trail(ID);
    trail.follow(
      entry(
        [
          fact('NotificationPublished', { topic: 1, messageId: ID }),
          fact('DeliveryAccepted', { delivery: 8, payload: 5 }),
        ],
        {
          payloads: [{ slot: 5, messageId: ID }],
        },
      ),
    );
    expect(names(trail.follow(entry([fact('DeliveryRetryPlanned', { delivery: 8, attempt: 2 })])))).toEqual([
      'DeliveryRetryPlanned',
    ]);
    const ended = [
      fact('DeliveryEnded', { delivery: 8, outcome: 'succeeded' }),
      fact('MessageSent', { queue: 2, sequence: 3, messageId: OTHER, payload: 5 }),
    ];
    expect(names(trail.follow(entry(ended)))).toEqual(['DeliveryEnded', 'MessageSent']);
    expect(trail.places.get('2/3')?.state).toBe('waiting');
  });
});

test('a batch that a function was given names the message', () => {
  const trail = new Trail(ID);
  trail.follow(
    entry([fact('MessageSent', { queue: 3, sequence: 7, messageId: OTHER, payload: 0 })], {
      payloads: [{ slot: 0, messageId: ID }],
    }),
  );
  expect(names(trail.follow(entry([fact('BatchInvoked', { mapping: 'm', messageIds: [OTHER] })])))).toEqual([
    'BatchInvoked',
  ]);
  expect(trail.follow(entry([fact('BatchInvoked', { mapping: 'm', messageIds: ['somebody else'] })]))).toEqual([]);
});

test('a purge ends what is still there, and what is gone stays as it was', () => {
  const trail = new Trail(ID);
  trail.follow(entry([fact('MessageSent', { queue: 3, sequence: 7, messageId: ID, payload: 0 })]));
  expect(names(trail.follow(entry([fact('QueuePurged', { queue: 3 })])))).toEqual(['QueuePurged']);
  expect(trail.places.get('3/7')?.state).toBe('purged');
  expect(trail.follow(entry([fact('QueuePurged', { queue: 3 })]))).toEqual([]);
});

test("a request's id brings everything that the request did", () => {
  const trail = new Trail(ID);
  const facts = [fact('DocumentPut', { table: 'sqs.queues' })];
  expect(names(trail.follow(entry(facts, { requestId: ID })))).toEqual(['DocumentPut']);
});

describe('a message that a pipe took', () => {
  const copy = '33333333-3333-4333-8333-333333333333';
  const sent = fact('MessageSent', { queue: 3, sequence: 7, messageId: ID, payload: 0 });
  const ended = (fields: object) => fact('PipeBatchEnded', { messageIds: [OTHER, ID], handedOn: [], ...fields });

  test('is followed to what the target made of it, not of its neighbours', () => {
    const trail = new Trail(ID);
    trail.follow(entry([sent]));
    const own = fact('MessageSent', { queue: 4, sequence: 2, messageId: copy, payload: 1 });
    const other = fact('MessageSent', { queue: 4, sequence: 1, messageId: 'other', payload: 0 });
    const end = ended({
      handedOn: [
        { from: OTHER, to: 'other' },
        { from: ID, to: copy },
      ],
    });
    expect(trail.follow(entry([other, own, end]))).toEqual([own, end]);
    expect(trail.places.has('4/2')).toBe(true);
  });

  test('is followed into the invocation that all of its batch became', () => {
    const trail = new Trail(ID);
    const accepted = fact('AsyncInvocationAccepted', { event: 5, requestId: copy });
    const end = ended({ together: copy });
    expect(trail.follow(entry([accepted, end]))).toEqual([accepted, end]);
    const later = fact('AsyncInvocationEnded', { event: 5 });
    expect(trail.follow(entry([later]))).toEqual([later]);
  });
});
