// What a role's trust policy must satisfy beyond its form: its size, and that users and roles of the own account exist.
// Principals of other accounts cannot be looked up there, here as little as with AWS.

import { parseArn } from '#model/arn.ts';
import type { AwsError } from '#model/aws-error.ts';
import { parsePolicyDocument } from '#model/policy-document.ts';
import { documentSize } from './documents.ts';
import { malformedPolicy, quotaExceeded } from './errors.ts';
import { TRUST_POLICY_MAX } from './limits.ts';
import { byArn, type IamTurn } from './state.ts';

export function trustPolicyProblem(turn: IamTurn, text: string): AwsError | undefined {
  const parsed = parsePolicyDocument(text, 'trust');
  if ('problem' in parsed) return malformedPolicy(parsed.problem.text);
  if (documentSize(text) > TRUST_POLICY_MAX) return quotaExceeded('ACLSizePerRole', TRUST_POLICY_MAX);
  for (const { principals } of parsed.document.statements) {
    const unknown = principals?.identities.find((identity) => isUnknown(turn, identity));
    // AWS: MalformedPolicyDocument, "Invalid principal in policy".
    if (unknown !== undefined) return malformedPolicy(`Invalid principal in policy: "AWS":"${unknown}"`);
  }
  return undefined;
}

function isUnknown({ state, scope }: IamTurn, identity: string): boolean {
  const arn = parseArn(identity);
  if (arn === undefined || arn.account !== scope.account || arn.service !== 'iam') return false;
  if (arn.resource.startsWith('role/')) return byArn(state.roles, identity) === undefined;
  return arn.resource.startsWith('user/') && byArn(state.users, identity) === undefined;
}
