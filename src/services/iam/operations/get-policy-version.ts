// AWS: IAM API reference, GetPolicyVersion.

import { operation } from '#cell/service-definition.ts';
import type { GetPolicyVersionInput, GetPolicyVersionOutput } from '#wire/generated/iam.ts';
import { encodeDocument } from '../documents.ts';
import { onPolicy } from '../entities.ts';
import { versionOf } from '../policy-versions.ts';
import type { IamState } from '../state.ts';
import { listedVersion } from '../views.ts';

export const getPolicyVersion = operation<IamState, GetPolicyVersionInput, GetPolicyVersionOutput>({
  authorize: onPolicy('GetPolicyVersion'),
  decide(turn, input) {
    const found = versionOf(turn, input);
    if ('refused' in found) return found;
    const { policy, version } = found;
    const PolicyVersion = { ...listedVersion(policy, version), Document: encodeDocument(version.document) };
    return { output: { PolicyVersion } };
  },
});
