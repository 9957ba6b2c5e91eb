import { describe, expect, it } from 'vitest';
import { clientError } from '#model/aws-error.ts';
import { Table } from '#structures/table.ts';
import { factKind, field } from './fact.ts';
import type { PayloadId } from './payloads.ts';
import { bind, defineService, on, operation } from './service-definition.ts';
import { TEST_NOW_MS, TestCell, testCell } from './testing.ts';

// A service as small as can be: a line of notes, kept by reference, read in order.
const NoteLeft = factKind({ id: 0xf01, name: 'NoteLeft', fields: { note: field.count } });
const NoteTaken = factKind({ id: 0xf02, name: 'NoteTaken', durability: 'eventual', fields: { note: field.count } });

interface NoteDoc {
  readonly text: string;
  readonly dueAtMs: number;
}

class NotesState {
  readonly docs = new Table<NoteDoc>({ name: 'notes.docs' });
  readonly notes: PayloadId[] = [];
}

const notes = defineService<NotesState>({
  name: 'notes',
  createState: () => new NotesState(),
  tables: (state) => [
    bind(state.docs, (key, _before, after, context) => {
      if (after === undefined) context.timers.clear('expire', key);
      else context.timers.set('expire', key, after.dueAtMs);
    }),
  ],
  facts: [
    on(NoteLeft, (state: NotesState, fact, context) => {
      context.payloads.retain(fact.note as PayloadId);
      state.notes.push(fact.note as PayloadId);
    }),
    on(NoteTaken, (state: NotesState, fact) => {
      state.notes.splice(state.notes.indexOf(fact.note as PayloadId), 1);
    }),
  ],
  operations: {
    Leave: operation<NotesState, { text: string }, { id: string }>({
      authorize: undefined,
      decide(turn, input) {
        const note = turn.storePayload(new TextEncoder().encode(input.text));
        turn.record(NoteLeft, { note });
        turn.wake('notes');
        return { output: { id: turn.uuid() } };
      },
    }),
    Take: operation<NotesState, { waitMs: number }, { text?: string }>({
      authorize: undefined,
      decide(turn, input) {
        const note = turn.state.notes[0];
        if (note === undefined) {
          if (turn.isLastTry || input.waitMs === 0) return { output: {} };
          return { parked: { wakeKey: 'notes', untilMs: turn.nowMs + input.waitMs } };
        }
        turn.record(NoteTaken, { note });
        return { reads: [note], output: ([bytes]) => ({ text: new TextDecoder().decode(bytes) }) };
      },
    }),
    Plan: operation<NotesState, { key: string; text: string; afterMs: number }, object>({
      authorize: undefined,
      decide(turn, { key, text, afterMs }) {
        turn.put(turn.state.docs, key, { text, dueAtMs: turn.nowMs + afterMs });
        return { output: {} };
      },
    }),
    RefuseLate: operation<NotesState, object, object>({
      authorize: undefined,
      decide(turn) {
        turn.record(NoteLeft, { note: turn.storePayload(new Uint8Array(1)) });
        return { refused: clientError('TooLate', 'too late') };
      },
    }),
    Throw: operation<NotesState, object, object>({
      authorize: undefined,
      decide() {
        throw new Error('thrown');
      },
    }),
    Echo: operation<NotesState, { text: string }, object>({
      authorize: undefined,
      decide(turn, input) {
        const ticket = turn.defer();
        const payload = turn.storePayload(new TextEncoder().encode(input.text));
        turn.record(NoteLeft, { note: payload });
        turn.perform({
          performer: 'shout',
          input: null,
          payloads: [payload],
          then: { reaction: 'shouted', subject: String(ticket) },
        });
        return { deferred: ticket };
      },
    }),
  },
  timers: {
    expire(turn, key) {
      const doc = turn.state.docs.get(key);
      if (doc !== undefined) turn.drop(turn.state.docs, key);
    },
  },
  reactions: {
    shouted(turn, subject, outcome) {
      turn.resolve(Number(subject) as never, { output: outcome });
    },
  },
  snapshot: {
    write: (state, section) => {
      const writer = section('line');
      writer.varint(state.notes.length);
      for (const note of state.notes) writer.varint(note);
    },
    read: (state, section) => {
      const reader = section('line');
      if (reader === undefined) return;
      for (let left = reader.varint(); left > 0; left -= 1) state.notes.push(reader.varint() as PayloadId);
    },
  },
});

const open = (): Promise<TestCell> =>
  testCell([notes], {
    performers: { shout: async ({ payloads }) => new TextDecoder().decode(payloads[0]).toUpperCase() },
  });

describe('cell', () => {
  it('reads back by reference what a turn stored', async () => {
    const cell = await open();
    await cell.call('notes', 'Leave', { text: 'one' });
    expect(await cell.call('notes', 'Take', { waitMs: 0 })).toEqual({ text: 'one' });
  });

  it('holds a reply back until its facts are durable', async () => {
    const cell = await open();
    const call = cell.start('notes', 'Leave', { text: 'one' });
    expect(call.reply).toBeUndefined();
    await cell.settle();
    expect(call.reply).toBeDefined();
  });

  it('is idle as soon as the last reply has left, also when nothing else happens', async () => {
    const cell = await open();
    const call = cell.start('notes', 'Leave', { text: 'one' });
    expect(call.reply).toBeUndefined();
    let isTold = false;
    void cell.cell.whenIdle().then(() => {
      isTold = true;
    });
    for (let i = 0; i < 50; i += 1) await Promise.resolve();
    expect(call.reply).toBeDefined();
    expect(isTold).toBe(true);
  });

  it('wakes a parked command when its key is woken, and answers it at its end', async () => {
    const cell = await open();
    const first = cell.start('notes', 'Take', { waitMs: 1000 });
    const second = cell.start('notes', 'Take', { waitMs: 1000 });
    await cell.settle();
    expect(first.reply).toBeUndefined();
    await cell.call('notes', 'Leave', { text: 'woken' });
    await cell.settle();
    expect(first.reply).toEqual({ output: { text: 'woken' } });
    expect(second.reply).toBeUndefined();
    await cell.advance(1000);
    expect(second.reply).toEqual({ output: {} });
  });

  it('forgets a parked command whose client has gone', async () => {
    const cell = await open();
    const gone = cell.start('notes', 'Take', { waitMs: 1000 });
    gone.abort();
    await cell.call('notes', 'Leave', { text: 'kept' });
    expect(await cell.call('notes', 'Take', { waitMs: 0 })).toEqual({ text: 'kept' });
  });

  it('replays to the same state as life had, with and without a snapshot', async () => {
    for (const clean of [false, true]) {
      const cell = await open();
      await cell.call('notes', 'Leave', { text: 'one' });
      await cell.call('notes', 'Leave', { text: 'two' });
      await cell.call('notes', 'Take', { waitMs: 0 });
      await cell.call('notes', 'Plan', { key: 'a', text: 'later', afterMs: 5000 });
      const next = await cell.restart({ clean });
      expect(await next.call('notes', 'Take', { waitMs: 0 })).toEqual({ text: 'two' });
      const state = next.cell.registry.services.get('notes')?.state as NotesState;
      expect(state.docs.get('a')).toEqual({ text: 'later', dueAtMs: TEST_NOW_MS + 5000 });
      await next.advance(4999);
      expect(state.docs.has('a')).toBe(true);
      await next.advance(1);
      expect(state.docs.has('a')).toBe(false);
    }
  });

  it('starts effects with payloads after durability and gives the deferred reply', async () => {
    const cell = await open();
    const call = cell.start('notes', 'Echo', { text: 'hello' });
    expect(call.reply).toBeUndefined();
    await cell.settle();
    await cell.settle();
    expect(call.reply).toEqual({ output: { result: 'HELLO' } });
  });

  it('answers a defect that changed nothing and goes on', async () => {
    const cell = await open();
    const reply = await cell.reply('notes', 'Throw', {});
    expect(reply).toMatchObject({ refused: { code: 'InternalFailure', status: 500 } });
    expect(await cell.call('notes', 'Take', { waitMs: 0 })).toEqual({});
  });

  it('ends the process when a turn refuses after it recorded facts', async () => {
    const cell = await open();
    await expect(cell.reply('notes', 'RefuseLate', {})).rejects.toThrow('refused after it had recorded facts');
  });

  it('frees a payload nobody retains', async () => {
    const cell = await open();
    await cell.call('notes', 'Leave', { text: 'one' });
    expect(cell.cell.payloads.count).toBe(1);
  });
});

describe('a store of another version', () => {
  it('is refused in one sentence when it has facts that this version does not know', async () => {
    const cell = await open();
    await cell.call('notes', 'Leave', { text: 'one' });
    const other = new TestCell({ services: [] }, cell.engine);
    await expect(other.open()).rejects.toThrow(
      'The store has facts of kind 0xf01, which this version of Eddy does not know.',
    );
  });

  it('is refused in one sentence when it has documents that this version does not know', async () => {
    const cell = await open();
    await cell.call('notes', 'Plan', { key: 'a', text: 'later', afterMs: 5000 });
    const other = new TestCell({ services: [] }, cell.engine);
    await expect(other.open()).rejects.toThrow('The store has documents of notes.docs, which this version');
  });
});
