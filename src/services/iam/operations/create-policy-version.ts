// AWS: IAM API reference, CreatePolicyVersion. Up to five versions; numbers are not used again.

import { operation } from '#cell/service-definition.ts';
import type { CreatePolicyVersionInput, CreatePolicyVersionOutput } from '#wire/generated/iam.ts';
import { documentProblem, documentSize } from '../documents.ts';
import { onPolicy } from '../entities.ts';
import { quotaExceeded, tooManyVersions } from '../errors.ts';
import { MANAGED_POLICY_MAX, POLICY_VERSIONS_MAX } from '../limits.ts';
import { ownPolicyOf } from '../managed-policies.ts';
import { type IamState, nameKey } from '../state.ts';
import { DOCUMENT_RULE, Validation } from '../validation.ts';
import { listedVersion } from '../views.ts';

export const createPolicyVersion = operation<IamState, CreatePolicyVersionInput, CreatePolicyVersionOutput>({
  authorize: onPolicy('CreatePolicyVersion'),
  decide(turn, input) {
    const { error } = new Validation().text('policyDocument', input.PolicyDocument, DOCUMENT_RULE);
    if (error !== undefined) return { refused: error };
    const document = input.PolicyDocument as string;
    const policy = ownPolicyOf(turn, input.PolicyArn);
    if ('refused' in policy) return policy;
    const problem = documentProblem(document, 'identity');
    if (problem !== undefined) return { refused: problem };
    if (documentSize(document) > MANAGED_POLICY_MAX)
      return { refused: quotaExceeded('PolicySize', MANAGED_POLICY_MAX) };
    if (policy.versions.length >= POLICY_VERSIONS_MAX) return { refused: tooManyVersions() };
    const version = { id: `v${policy.nextVersion}`, document, createdAtMs: turn.nowMs };
    const updated = {
      ...policy,
      nextVersion: policy.nextVersion + 1,
      versions: [...policy.versions, version],
      updatedAtMs: turn.nowMs,
      ...(input.SetAsDefault === true ? { defaultVersionId: version.id } : {}),
    };
    turn.put(turn.state.policies, nameKey(policy.account, policy.name), updated);
    return { output: { PolicyVersion: listedVersion(updated, version) } };
  },
});
