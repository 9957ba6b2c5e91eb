import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { GetDataProtectionPolicyInput, GetDataProtectionPolicyOutput } from '#wire/generated/sns.ts';
import { onTopic } from '../access.ts';
import { findTopic } from '../arns.ts';
import type { SnsState } from '../state.ts';

/** Answers that there is none, as AWS does for a topic without one: a policy cannot be put here. */
export const getDataProtectionPolicy = operation<SnsState, GetDataProtectionPolicyInput, GetDataProtectionPolicyOutput>(
  {
    authorize: onTopic('GetDataProtectionPolicy', (input) => input.ResourceArn),
    decide(turn, input): Reply<GetDataProtectionPolicyOutput> {
      const found = findTopic(turn, input.ResourceArn, 'ResourceArn');
      return isRefused(found) ? found : { output: {} };
    },
  },
);
