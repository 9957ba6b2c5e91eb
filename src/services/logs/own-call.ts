// Operations of other services that CloudWatch Logs calls in its own turn, as whoever the turn says.

import { type Refused, refuse, serverError } from '#model/aws-error.ts';
import type { LogsTurn } from './find-group.ts';

/** Reaction to an answer that comes later: it would say nothing new. */
export const ANSWERED = 'own-call-answered';

/** When it is refused, nothing was recorded. */
export function callOperation(
  turn: LogsTurn,
  asked: { readonly service: string; readonly operation: string; readonly input: unknown },
): { readonly output?: unknown } | Refused {
  const { operations } = turn.doors;
  const { service, operation } = asked;
  if (operations.find(service, operation) !== 'callable') {
    const what = `${service}:${operation}`;
    return refuse(serverError('ServiceUnavailableException', `${what} is not available on this server.`));
  }
  const result = operations.call(turn, { ...asked, then: { reaction: ANSWERED, subject: '' } });
  return 'isAnsweredLater' in result ? {} : result;
}
