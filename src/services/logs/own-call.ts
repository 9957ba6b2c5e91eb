// Operations of other services that CloudWatch Logs calls in its own turn, as whoever the turn says.

import { type AwsError, serverError } from '#model/aws-error.ts';
import type { LogsTurn } from './find-group.ts';

/** Reaction to an answer that comes later: it would say nothing new. */
export const ANSWERED = 'own-call-answered';

/** Why the operation was refused; nothing was recorded then. */
export function callOperation(
  turn: LogsTurn,
  asked: { readonly service: string; readonly operation: string; readonly input: unknown },
): AwsError | undefined {
  const { operations } = turn.doors;
  const { service, operation } = asked;
  if (operations.find(service, operation) !== 'callable') {
    return serverError('ServiceUnavailableException', `${service}:${operation} is not available on this server.`);
  }
  const result = operations.call(turn, { ...asked, then: { reaction: ANSWERED, subject: '' } });
  return 'refused' in result ? result.refused : undefined;
}
