import { defineService } from '#cell/service-definition.ts';
import type { Turn } from '#cell/turn.ts';
import { factBindings, RETRY_TIMER } from './apply.ts';
import { ATTEMPT, attempt, attemptEnded, deliver, resume, startAttempt } from './attempt.ts';
import { DEAD_LETTER, deadLetter } from './end.ts';
import { snapshot } from './snapshot.ts';
import { DeliveriesState } from './state.ts';

/** Internal: it has no operations, other services reach it through `turn.doors.deliveries`. */
export const deliveries = defineService<DeliveriesState>({
  name: 'deliveries',
  createState: () => new DeliveriesState(),
  tables: () => [],
  facts: factBindings,
  operations: {},
  timers: { [RETRY_TIMER]: startAttempt },
  reactions: { [ATTEMPT]: attempt, [DEAD_LETTER]: deadLetter },
  snapshot,
  resume,
  doors: () => ({
    deliveries: {
      deliver: (turn, request) => deliver(turn as Turn<DeliveriesState>, request),
      ended: (turn, deliveryId, result) => attemptEnded(turn as Turn<DeliveriesState>, deliveryId, result),
      openCount: (turn) => (turn as Turn<DeliveriesState>).state.open.size,
    },
  }),
});
