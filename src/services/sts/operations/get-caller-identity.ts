// AWS: STS API reference, GetCallerIdentity. Everybody may ask who he is.

import { operation } from '#cell/service-definition.ts';
import type { GetCallerIdentityInput, GetCallerIdentityOutput } from '#wire/generated/sts.ts';
import { notSigned } from '../errors.ts';
import type { StsState } from '../state.ts';

export const getCallerIdentity = operation<StsState, GetCallerIdentityInput, GetCallerIdentityOutput>({
  authorize: undefined,
  decide({ principal }) {
    if (principal.kind === 'anonymous' || principal.kind === 'service') return { refused: notSigned() };
    const { account, arn } = principal;
    return { output: { UserId: principal.kind === 'root' ? account : principal.userId, Account: account, Arn: arn } };
  },
});
