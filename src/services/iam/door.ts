// What the rest of the system may ask of IAM: permissions and roles through the cell's doors, and access keys for the
// gateway, which verifies signatures before a command enters the cell.

import type { Digest } from '#base/digest.ts';
import type { IdentitiesDoor } from '#cell/doors.ts';
import type { Principal } from '#model/principal.ts';
import { secretOf } from '#wire/credential-ids.ts';
import { defaultDocument, findPolicy } from './managed-policies.ts';
import { byArn, type IamState, type IamTurn, nameKey } from './state.ts';

export const identities: IdentitiesDoor = {
  findRole(turn, roleArn) {
    const role = byArn((turn as IamTurn).state.roles, roleArn);
    if (role === undefined) return undefined;
    const { arn, account, name, id, trustPolicy, maxSessionSeconds } = role;
    return { arn, account, roleName: name, roleId: id, trustPolicy, maxSessionSeconds };
  },
  findPolicyText(turn, policyArn) {
    const policy = findPolicy(turn as IamTurn, policyArn);
    return policy === undefined ? undefined : defaultDocument(policy);
  },
  findKeyAccount(turn, accessKeyId) {
    return (turn as IamTurn).state.accessKeys.by('byId', accessKeyId)[0]?.account;
  },
};

/** An access key of a user. The secret is for verifying a signature only; it must not be stored or shown. */
export interface FoundAccessKey {
  readonly principal: Principal;
  readonly secretAccessKey: string;
  readonly isActive: boolean;
}

/** `ports`: the store's secret, and how to digest. */
export function findAccessKey(
  state: IamState,
  accessKeyId: string,
  ports: { readonly digest: Digest; readonly secret: Uint8Array },
): FoundAccessKey | undefined {
  const key = state.accessKeys.by('byId', accessKeyId)[0];
  const user = key === undefined ? undefined : state.users.get(nameKey(key.account, key.userName));
  if (key === undefined || user === undefined) return undefined;
  return {
    principal: { kind: 'user', account: user.account, arn: user.arn, userId: user.id },
    secretAccessKey: secretOf(key.id, ports),
    isActive: key.status === 'Active',
  };
}
