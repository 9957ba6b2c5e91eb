// The mode of permissions, in one place: `off` asks nobody, `explain` lets pass what AWS would deny and notes it, `enforce`
// denies. What AWS would say is the authorizer's knowledge (services/iam); what a call needs is the operation's.

import type { AwsError } from '#model/aws-error.ts';
import type { AuthorizationRequest, AuthorizationVerdict, Authorizer, IamMode } from './authorization.ts';
import type { Operation, ServiceDefinition } from './service-definition.ts';
import type { Turn } from './turn.ts';

const NOT_EVALUATED: AuthorizationVerdict = { isAllowed: true, decision: 'allow', reason: '' };

interface Asked {
  readonly operation: Operation<unknown, unknown, unknown>;
  readonly input: unknown;
}

export class Permissions {
  constructor(
    private readonly mode: IamMode,
    private readonly authorizer: Authorizer | undefined,
  ) {}

  /** Why the call is refused before it is decided, or undefined when it may go on. */
  check(definition: ServiceDefinition, turn: Turn, { operation, input }: Asked): AwsError | undefined {
    if (operation.authorize === undefined || this.mode === 'off') return undefined;
    const needed = operation.authorize(turn, input);
    if (needed === undefined) return undefined;
    if ('code' in needed) return needed;
    for (const request of Array.isArray(needed)
      ? (needed as AuthorizationRequest[])
      : [needed as AuthorizationRequest]) {
      const verdict = turn.authorize(request);
      if (!verdict.isAllowed) return (definition.accessDenied ?? accessDenied)(verdict.reason);
    }
    return undefined;
  }

  evaluate(turn: Turn, request: AuthorizationRequest): AuthorizationVerdict {
    if (this.mode === 'off' || this.authorizer === undefined) return NOT_EVALUATED;
    const verdict = this.authorizer.evaluate(turn, request);
    return { isAllowed: verdict.decision === 'allow' || this.mode === 'explain', ...verdict };
  }
}

function accessDenied(reason: string): AwsError {
  return { code: 'AccessDeniedException', message: reason, status: 403, fault: 'client' };
}
