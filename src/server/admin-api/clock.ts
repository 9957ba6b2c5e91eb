// `/_eddy/clock`: shows time; POST {"action": "freeze" | "resume" | "set" | "advance"} stops it, lets it run, moves it.

import type { Cell } from '#cell/cell.ts';
import type { ServerClock } from '#runtime/clock.ts';
import { type TimeMachine, TimeRefusal } from '../time-machine.ts';
import type { ClockAnswer } from './contract.ts';
import { AdminRefusal, type AdminRoute, jsonBody } from './router.ts';

interface ClockContext {
  readonly clock: ServerClock;
  readonly cell: Pick<Cell, 'nextDueAtMs'>;
  readonly time: TimeMachine;
}

export function clockAnswer({ clock, cell }: Pick<ClockContext, 'clock' | 'cell'>): ClockAnswer {
  const nowMs = clock.nowMs();
  const dueAtMs = cell.nextDueAtMs();
  const nextDueAt = dueAtMs === undefined ? null : new Date(dueAtMs).toISOString();
  return { mode: clock.currentMode, now: new Date(nowMs).toISOString(), nowMs, nextDueAt };
}

export function clockRoute(context: ClockContext): AdminRoute {
  return {
    methods: ['GET', 'POST'],
    async handle({ method, body }) {
      if (method === 'POST') await act(context.time, jsonBody(body));
      return { body: clockAnswer(context) };
    },
  };
}

async function act(time: TimeMachine, { action, ms, to }: Readonly<Record<string, unknown>>): Promise<void> {
  try {
    switch (action) {
      case 'freeze':
        time.freeze();
        return;
      case 'resume':
        time.resume();
        return;
      case 'advance':
        await time.advance(typeof ms === 'number' ? ms : Number.NaN);
        return;
      case 'set':
        await time.set(typeof to === 'number' ? to : Date.parse(String(to)));
        return;
      default:
        throw new AdminRefusal(400, 'The action is freeze, resume, set (with "to") or advance (with "ms").');
    }
  } catch (error) {
    if (error instanceof TimeRefusal) throw new AdminRefusal(409, error.message);
    throw error;
  }
}
