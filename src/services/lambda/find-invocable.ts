// The function that another resource hands something to or asks something, if it is there and may be invoked by whoever acts for that resource.

import type { DeliveryFailure } from '#cell/target.ts';
import { isRefused } from '#model/aws-error.ts';
import type { Principal } from '#model/principal.ts';
import { LATEST } from './arns.ts';
import { type FoundVersion, findVersion, type LambdaTurn, policyText } from './find-function.ts';

export function findInvocable(
  turn: LambdaTurn,
  { targetArn, principal }: { readonly targetArn: string; readonly principal: Principal },
): FoundVersion | DeliveryFailure {
  const found = findVersion(turn, targetArn);
  if (isRefused(found)) return failure('ResourceNotFoundException', found.refused.message);
  const { scope, qualifier } = found.reference;
  const verdict = turn.authorize({
    isHandOver: true,
    action: 'lambda:InvokeFunction',
    resource: targetArn,
    resourceAccount: scope.account,
    resourcePolicy: policyText(turn.state, found.key, qualifier === LATEST ? undefined : qualifier),
    principal,
  });
  return verdict.isAllowed ? found : failure('AccessDeniedException', verdict.reason);
}

function failure(code: string, detail: string): DeliveryFailure {
  return { code, detail, isRetryable: false };
}
