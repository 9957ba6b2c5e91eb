// An event gets into the line of its destination, if there is room in memory.

import type { DeliveryFailure } from '#cell/target.ts';
import type { EventsTurn } from '../../state.ts';
import type { ApiDestinationDoc } from '../documents.ts';
import type { Request } from '../state.ts';
import { Lane, mayWait } from './lane.ts';
import { pump } from './pump.ts';
import { failureText } from './verdict.ts';

/** A failure at once when it cannot be sent, or when too much waits already: then it may come again when what waits should be done. */
export function enqueue(
  turn: EventsTurn,
  destination: ApiDestinationDoc,
  given: Pick<Request, 'asker' | 'text' | 'parameters'>,
): DeliveryFailure | undefined {
  const { apiDestinations } = turn.state;
  const lane = apiDestinations.lanes.get(destination.arn) ?? new Lane();
  if (!mayWait(lane, given.text.length, apiDestinations.waitingCharacters)) {
    const retryAfterMs = Math.ceil((lane.waitingCount * 1_000) / destination.ratePerSecond);
    const detail = failureText('more events wait for it than can be kept ready.');
    return { code: 'THROTTLING', detail, isRetryable: true, retryAfterMs };
  }
  const id = apiDestinations.nextRequest;
  apiDestinations.nextRequest += 1;
  apiDestinations.waitingCharacters += given.text.length;
  apiDestinations.lanes.set(destination.arn, lane);
  const request: Request = { ...given, id, destinationArn: destination.arn, hasNewToken: false, isEntering: true };
  lane.push(request);
  pump(turn, destination.arn);
  request.isEntering = false;
  return request.failedAtOnce;
}
