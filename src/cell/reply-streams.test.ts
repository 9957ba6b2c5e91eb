import { describe, expect, it } from 'vitest';
import { clientError } from '#model/aws-error.ts';
import { factKind, field } from './fact.ts';
import { defineService, on, operation } from './service-definition.ts';
import { type TestCell, testCell } from './testing.ts';
import type { Ticket, Turn } from './turn.ts';

// A counter that can be watched: whoever watches gets its value when it changes, and every second that it is still there.
const Counted = factKind({ id: 0xf11, name: 'Counted', fields: { by: field.count } });

class CounterState {
  value = 0;
  readonly watchers = new Map<Ticket, { shown: number; isBusy: boolean; readonly endsAtMs: number }>();
  gone = 0;
}

function show(turn: Turn<CounterState>, ticket: Ticket): void {
  const watcher = turn.state.watchers.get(ticket);
  if (watcher === undefined || watcher.isBusy) return;
  if (turn.nowMs >= watcher.endsAtMs) {
    turn.state.watchers.delete(ticket);
    turn.endStream(ticket);
    return;
  }
  if (watcher.shown === turn.state.value) {
    turn.waitFor(ticket, { wakeKey: 'counter', untilMs: turn.nowMs + 1_000 });
    return;
  }
  watcher.shown += 1;
  watcher.isBusy = true;
  turn.emit(ticket, { Value: watcher.shown });
}

const counter = defineService<CounterState>({
  name: 'counter',
  createState: () => new CounterState(),
  tables: () => [],
  facts: [
    on(Counted, (state: CounterState, { by }) => {
      state.value += by;
    }),
  ],
  operations: {
    Count: operation<CounterState, { by: number }, object>({
      authorize: undefined,
      decide(turn, { by }) {
        turn.record(Counted, { by });
        turn.wake('counter');
        return { output: {} };
      },
    }),
    Watch: operation<CounterState, { forMs: number }, object>({
      authorize: undefined,
      decide(turn, { forMs }) {
        const ticket = turn.defer();
        turn.state.watchers.set(ticket, { shown: 0, isBusy: false, endsAtMs: turn.nowMs + forMs });
        show(turn, ticket);
        return { streaming: ticket, output: { from: turn.state.value } };
      },
      streamed(turn, ticket, news) {
        const watcher = turn.state.watchers.get(ticket);
        if (watcher === undefined) return;
        if (news === 'gone') {
          turn.state.gone += 1;
          turn.state.watchers.delete(ticket);
          return;
        }
        if (news === 'taken') watcher.isBusy = false;
        if (news === 'due') turn.emit(ticket, { StillThere: true });
        show(turn, ticket);
      },
    }),
    Stop: operation<CounterState, object, object>({
      authorize: undefined,
      decide(turn) {
        for (const ticket of turn.state.watchers.keys()) {
          turn.emit(ticket, { Last: true });
          turn.endStream(ticket, clientError('Stopped', 'Stopped.'));
        }
        return { output: {} };
      },
    }),
  },
  snapshot: { write: () => {}, read: () => {} },
});

const open = (): Promise<TestCell> => testCell([counter]);
const stateOf = (cell: TestCell): CounterState => cell.cell.registry.services.get('counter')?.state as CounterState;

describe('a reply that stays open', () => {
  it('begins with the output and goes on with events, in order', async () => {
    const cell = await open();
    await cell.call('counter', 'Count', { by: 2 });
    const { stream } = await started(cell);
    expect(stream.output).toEqual({ from: 2 });
    await cell.call('counter', 'Count', { by: 2 });
    expect(stream.events).toEqual([{ Value: 1 }, { Value: 2 }, { Value: 3 }, { Value: 4 }]);
    expect(stream.ended).toBeUndefined();
  });

  it('shows nothing of a turn before it is durable', async () => {
    const cell = await open();
    const { stream } = await started(cell);
    cell.start('counter', 'Count', { by: 1 });
    expect(stateOf(cell).value).toBe(1);
    expect(stream.events).toEqual([]);
    await cell.settle();
    expect(stream.events).toEqual([{ Value: 1 }]);
  });

  it('sends a slow client one event and the next when it has taken that', async () => {
    const cell = await open();
    const { stream } = await started(cell);
    stream.isSlow = true;
    await cell.call('counter', 'Count', { by: 50 });
    await cell.advance(5_000);
    expect(stream.events).toEqual([{ Value: 1 }]);
    stream.take();
    await cell.settle();
    expect(stream.events).toHaveLength(2);
    stream.isSlow = false;
    stream.take();
    await cell.settle();
    expect(stream.events).toHaveLength(50);
  });

  it('is run again at the time that it waits for, and the cell knows that time', async () => {
    const cell = await open();
    const { stream } = await started(cell);
    expect(cell.cell.nextDueAtMs()).toBe(cell.clock.nowMs() + 1_000);
    await cell.advance(3_000);
    expect(stream.events).toEqual([{ StillThere: true }, { StillThere: true }, { StillThere: true }]);
    await cell.advance(60_000);
    expect(stream.ended).toEqual({ refused: undefined });
    expect(cell.cell.nextDueAtMs()).toBeUndefined();
  });

  it('tells the operation once that the client has gone, and sends nothing any more', async () => {
    const cell = await open();
    const { call, stream } = await started(cell);
    call.abort();
    await cell.call('counter', 'Count', { by: 1 });
    expect(stateOf(cell)).toMatchObject({ gone: 1 });
    expect(stateOf(cell).watchers.size).toBe(0);
    expect(stream.events).toEqual([]);
    expect(cell.cell.nextDueAtMs()).toBeUndefined();
  });

  it('ends with an error behind the last event', async () => {
    const cell = await open();
    const { stream } = await started(cell);
    await cell.call('counter', 'Stop', {});
    expect(stream.events).toEqual([{ Last: true }]);
    expect(stream.ended?.refused?.code).toBe('Stopped');
  });

  it('ends when the process does, and is not there after a restart', async () => {
    const cell = await open();
    const { stream } = await started(cell);
    await cell.call('counter', 'Count', { by: 1 });
    const next = await cell.restart({ clean: true });
    expect(stream.ended).toEqual({ refused: undefined });
    expect(stateOf(cell).gone).toBe(1);
    expect(stateOf(next).watchers.size).toBe(0);
  });

  it('is refused to a caller that cannot take it', async () => {
    const cell = await open();
    let code: string | undefined;
    cell.cell.submit({
      ...{
        service: 'counter',
        operation: 'Watch',
        input: { forMs: 1_000 },
        scope: { account: '000000000000' } as never,
      },
      ...{ principal: { kind: 'anonymous' } as never, request: {} as never },
      onReply: (reply) => {
        code = 'refused' in reply ? reply.refused.code : 'answered';
      },
    });
    await cell.settle();
    expect(code).toBe('InternalFailure');
    expect(stateOf(cell).watchers.size).toBe(0);
  });
});

async function started(cell: TestCell) {
  const call = cell.start('counter', 'Watch', { forMs: 60_000 });
  await cell.settle();
  const { stream } = call;
  if (stream === undefined) throw new Error('the stream has begun');
  return { call, stream };
}
