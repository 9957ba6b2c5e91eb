// AWS: STS API reference, GetAccessKeyInfo: the account of a key. A key id of 12 digits is its account.

import { operation } from '#cell/service-definition.ts';
import type { GetAccessKeyInfoInput, GetAccessKeyInfoOutput } from '#wire/generated/sts.ts';
import { constraintError, unknownAccessKey } from '../errors.ts';
import type { StsState } from '../state.ts';

export const getAccessKeyInfo = operation<StsState, GetAccessKeyInfoInput, GetAccessKeyInfoOutput>({
  authorize: (turn) => ({ action: 'sts:GetAccessKeyInfo', resource: '*', resourceAccount: turn.scope.account }),
  decide(turn, { AccessKeyId: id }) {
    if (id === undefined) return { refused: constraintError('accessKeyId', id, '') };
    if (/^[0-9]{12}$/.test(id)) return { output: { Account: id } };
    const session = turn.state.sessions.by('byId', id)[0];
    const account = session?.principal.account ?? turn.doors.identities?.findKeyAccount(turn, id);
    return account === undefined ? { refused: unknownAccessKey() } : { output: { Account: account } };
  },
});
