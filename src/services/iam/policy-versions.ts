// Finding a version of a policy that an input names.

import { type Refused, refuse } from '#model/aws-error.ts';
import { policyVersionNotFound } from './errors.ts';
import { VERSION_PATTERN } from './limits.ts';
import { findPolicy, policyArnProblem } from './managed-policies.ts';
import type { IamTurn, PolicyDoc, PolicyVersionDoc } from './state.ts';
import { Validation } from './validation.ts';

export interface VersionInput {
  readonly PolicyArn?: string | undefined;
  readonly VersionId?: string | undefined;
}

export interface FoundVersion {
  readonly policy: PolicyDoc;
  readonly version: PolicyVersionDoc;
}

export function versionOf(turn: IamTurn, { PolicyArn: arn, VersionId: id }: VersionInput): FoundVersion | Refused {
  const { error } = new Validation().text('versionId', id, { max: 64, pattern: VERSION_PATTERN });
  const problem = error ?? policyArnProblem(arn);
  if (problem !== undefined) return refuse(problem);
  const policy = findPolicy(turn, arn as string);
  const version = policy?.versions.find((one) => one.id === id);
  if (policy === undefined || version === undefined) return refuse(policyVersionNotFound(arn as string, id as string));
  return { policy, version };
}
