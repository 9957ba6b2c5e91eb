// AWS: IAM API reference, SetDefaultPolicyVersion.

import { operation } from '#cell/service-definition.ts';
import type { SetDefaultPolicyVersionInput } from '#wire/generated/iam.ts';
import { onPolicy } from '../entities.ts';
import { awsManagedPolicy } from '../errors.ts';
import { versionOf } from '../policy-versions.ts';
import { type IamState, nameKey } from '../state.ts';

export const setDefaultPolicyVersion = operation<IamState, SetDefaultPolicyVersionInput, object>({
  authorize: onPolicy('SetDefaultPolicyVersion'),
  decide(turn, input) {
    const found = versionOf(turn, input);
    if ('refused' in found) return found;
    const { policy, version } = found;
    if (policy.account !== turn.scope.account) return { refused: awsManagedPolicy(policy.arn) };
    const updated = { ...policy, defaultVersionId: version.id, updatedAtMs: turn.nowMs };
    turn.put(turn.state.policies, nameKey(policy.account, policy.name), updated);
    return { output: {} };
  },
});
