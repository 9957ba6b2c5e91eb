// `eddy clock`: shows time, stops it, moves it. Moving runs everything that is due on the way, in order.

import type { ClockAnswer, ClockRequest } from '#server/admin-api/contract.ts';
import { parseDuration } from '../duration.ts';
import { CommandProblem, EXIT } from '../exit-codes.ts';
import type { ServerClient } from '../server-client.ts';

export async function clock(client: ServerClient, words: readonly string[], isJson: boolean): Promise<string> {
  const request = requestOf(words);
  const answer =
    request === undefined
      ? await client.get<ClockAnswer>('/_eddy/clock')
      : await client.post<ClockAnswer>('/_eddy/clock', request);
  if (isJson) return JSON.stringify(answer);
  const due = answer.nextDueAt === null ? 'nothing is due' : `next due at ${answer.nextDueAt}`;
  return `${answer.now} (${answer.mode === 'real' ? 'running' : 'standing'}, ${due})`;
}

export function requestOf([action, value]: readonly string[]): ClockRequest | undefined {
  switch (action) {
    case undefined:
    case 'show':
      return undefined;
    case 'freeze':
    case 'resume':
      return { action };
    case 'advance':
      if (value === undefined)
        throw new CommandProblem(EXIT.usage, 'Advance by how much? For example: eddy clock advance 5m');
      return { action, ms: parseDuration(value) };
    case 'set':
      if (value === undefined || Number.isNaN(Date.parse(value))) {
        throw new CommandProblem(EXIT.usage, 'Set to when? For example: eddy clock set 2030-01-01T00:00:00Z');
      }
      return { action, to: value };
    default:
      throw new CommandProblem(EXIT.usage, `eddy clock takes show, freeze, set, advance or resume, not ${action}.`);
  }
}
