// `/_eddy/peek`: a queue's messages as they are, without receiving: no receive is counted, nothing is hidden.

import type { Cell } from '#cell/cell.ts';
import type { PeekAnswer } from './contract.ts';
import { AdminRefusal, type AdminRoute } from './router.ts';

export interface PeekContext {
  readonly cell: Cell;
}

export function peekRoute(_context: PeekContext): AdminRoute {
  return {
    methods: ['GET'],
    async handle(): Promise<{ body: PeekAnswer }> {
      throw new AdminRefusal(501, 'not there');
    },
  };
}

export function peekAliasRoute(context: PeekContext): AdminRoute {
  return peekRoute(context);
}
