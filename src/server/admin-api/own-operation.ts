// Operations that the server asks of EventBridge itself, for what comes in by its own paths. Answered when the decision is durable.

import { randomUUID } from 'node:crypto';
import type { Cell } from '#cell/cell.ts';
import type { FinalReply } from '#cell/command.ts';
import type { Scope } from '#model/scope.ts';
import { serverPrincipal } from '#services/events/partners/internal.ts';
import type { AdminRequest } from './router.ts';

export interface OwnOperation {
  readonly operation: string;
  readonly input: unknown;
  readonly scope: Scope;
  /** Absent when the server begins by itself. */
  readonly came?: Pick<AdminRequest, 'baseUrl' | 'headers' | 'exchange'>;
}

const USER_AGENT_MAX = 256;

export function askEvents(cell: Cell, { operation, input, scope, came }: OwnOperation): Promise<FinalReply> {
  const baseUrl = came?.baseUrl ?? 'http://localhost';
  const request = {
    requestId: randomUUID(),
    baseUrl,
    sourceIp: came?.exchange.remoteAddress ?? '',
    userAgent: (came?.headers['user-agent'] ?? '').slice(0, USER_AGENT_MAX),
    isSecure: baseUrl.startsWith('https:'),
  };
  return new Promise((onReply) => {
    const principal = serverPrincipal(scope);
    cell.submit({ service: 'events', operation, input, scope, principal, request, onReply });
  });
}
