// Some operations on users may leave the name out: they then speak of the user who asks. Root and roles have no user name.

import { parseArn } from '#model/arn.ts';
import { type Refused, refuse } from '#model/aws-error.ts';
import { userNameNeeded } from './errors.ts';
import type { IamTurn } from './state.ts';

export function withCallersName<I extends { readonly UserName?: string | undefined }>(
  { principal }: IamTurn,
  input: I,
): I | (I & Refused) {
  if (input.UserName !== undefined) return input;
  if (principal.kind !== 'user') return { ...input, ...refuse(userNameNeeded()) };
  const name = (parseArn(principal.arn)?.resource ?? '').split('/').pop() ?? '';
  return { ...input, UserName: name };
}
