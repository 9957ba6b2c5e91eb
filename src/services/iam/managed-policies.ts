// Managed policies, an account's own and AWS's: finding one by its ARN, and who uses it.

import { parseArn } from '#model/arn.ts';
import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import { findAwsPolicy } from './aws-policies.ts';
import { awsManagedPolicy, invalidArn, policyNotAttachable, policyNotFound } from './errors.ts';
import { byArn, type EntityDoc, type IamState, type IamTurn, type PolicyDoc } from './state.ts';
import { ARN_RULE, Validation } from './validation.ts';

/** A policy that the account can use: its own, or one of AWS's. */
export function findPolicy(turn: IamTurn, arn: string, account = turn.scope.account): PolicyDoc | undefined {
  const own = byArn(turn.state.policies, arn);
  if (own !== undefined) return own.account === account ? own : undefined;
  return findAwsPolicy(arn, turn.digest);
}

export function defaultDocument(policy: PolicyDoc): string {
  return policy.versions.find((version) => version.id === policy.defaultVersionId)?.document ?? '';
}

/** The ARN that an input names, or why it is none. */
export function policyArnProblem(arn: string | undefined): AwsError | undefined {
  const { error } = new Validation().text('policyArn', arn, ARN_RULE);
  if (error !== undefined || arn === undefined) return error;
  const parsed = parseArn(arn);
  const isPolicy = parsed?.service === 'iam' && parsed.resource.startsWith('policy/');
  return isPolicy ? undefined : invalidArn(arn);
}

export function policyOf(turn: IamTurn, arn: string | undefined): PolicyDoc | Refused {
  const problem = policyArnProblem(arn);
  if (problem !== undefined) return refuse(problem);
  return findPolicy(turn, arn as string) ?? refuse(policyNotFound(arn as string));
}

/** For what changes a policy: AWS's own cannot be changed. */
export function ownPolicyOf(turn: IamTurn, arn: string | undefined): PolicyDoc | Refused {
  const policy = policyOf(turn, arn);
  if ('refused' in policy) return policy;
  return policy.account === turn.scope.account ? policy : refuse(awsManagedPolicy(policy.arn));
}

export interface PolicyUse {
  readonly attachmentCount: number;
  readonly boundaryCount: number;
}

/** Uses by all roles and users of an account, by policy ARN: one pass, for lists. */
export function policyUses(state: IamState, accountKeyPrefix: string): ReadonlyMap<string, PolicyUse> {
  const uses = new Map<string, PolicyUse>();
  const count = (arn: string, attached: number, boundary: number): void => {
    const before = uses.get(arn) ?? { attachmentCount: 0, boundaryCount: 0 };
    uses.set(arn, {
      attachmentCount: before.attachmentCount + attached,
      boundaryCount: before.boundaryCount + boundary,
    });
  };
  const entities: readonly EntityDoc[] = [...state.roles.list(accountKeyPrefix), ...state.users.list(accountKeyPrefix)];
  for (const entity of entities) {
    for (const arn of entity.attachedPolicies) count(arn, 1, 0);
    if (entity.permissionsBoundary !== undefined) count(entity.permissionsBoundary, 0, 1);
  }
  return uses;
}

/** Why a policy cannot be somebody's permissions boundary; undefined also when none is asked for. */
export function boundaryProblem(turn: IamTurn, arn: string | undefined): AwsError | undefined {
  if (arn === undefined) return undefined;
  const problem = policyArnProblem(arn);
  if (problem !== undefined) return problem;
  return findPolicy(turn, arn) === undefined ? policyNotAttachable(arn) : undefined;
}
