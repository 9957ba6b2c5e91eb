// AWS: IAM API reference, DeletePolicyVersion. The default version is deleted with the policy only.

import { operation } from '#cell/service-definition.ts';
import type { DeletePolicyVersionInput } from '#wire/generated/iam.ts';
import { onPolicy } from '../entities.ts';
import { awsManagedPolicy, versionIsDefault } from '../errors.ts';
import { versionOf } from '../policy-versions.ts';
import { type IamState, nameKey } from '../state.ts';

export const deletePolicyVersion = operation<IamState, DeletePolicyVersionInput, object>({
  authorize: onPolicy('DeletePolicyVersion'),
  decide(turn, input) {
    const found = versionOf(turn, input);
    if ('refused' in found) return found;
    const { policy, version } = found;
    if (policy.account !== turn.scope.account) return { refused: awsManagedPolicy(policy.arn) };
    if (version.id === policy.defaultVersionId) return { refused: versionIsDefault() };
    const versions = policy.versions.filter((one) => one.id !== version.id);
    turn.put(turn.state.policies, nameKey(policy.account, policy.name), { ...policy, versions });
    return { output: {} };
  },
});
