// The outcome goes to whoever asked: the retry engine, or a service that waits for the answer itself.

import type { DeliveryFailure } from '#cell/target.ts';
import type { EventsTurn } from '../../state.ts';
import type { Request } from '../state.ts';

export function endRequest(
  turn: EventsTurn,
  request: Request,
  result: { readonly failure: DeliveryFailure } | { readonly body: Uint8Array },
): void {
  const { asker } = request;
  if (request.isEntering && 'failure' in result) {
    request.failedAtOnce = result.failure;
    return;
  }
  if (asker.kind === 'delivery') {
    const { deliveryId } = asker;
    turn.doors.deliveries.ended(turn, deliveryId, 'failure' in result ? result : { succeeded: true });
    return;
  }
  const answer = 'failure' in result ? result : { succeeded: true as const, payload: result.body };
  turn.doors.answers.get(asker.service)?.answered(turn, asker.subject, answer);
}
