// Access keys of a user.

import type { AccessKeyDoc, IamTurn, UserDoc } from './state.ts';

/** Oldest first. */
export function userKeys({ state }: IamTurn, user: UserDoc): readonly AccessKeyDoc[] {
  const keys = state.accessKeys.by('byUser', `${user.account}/${user.name.toLowerCase()}`);
  return [...keys].sort((one, other) => one.createdAtMs - other.createdAtMs);
}

export function userKey(turn: IamTurn, user: UserDoc, id: string | undefined): AccessKeyDoc | undefined {
  return userKeys(turn, user).find((key) => key.id === id);
}
