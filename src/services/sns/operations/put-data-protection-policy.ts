import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { PutDataProtectionPolicyInput, PutDataProtectionPolicyOutput } from '#wire/generated/sns.ts';
import { onTopic } from '../access.ts';
import { findTopic } from '../arns.ts';
import { notAvailable } from '../errors.ts';
import type { SnsState } from '../state.ts';

/** Only the empty policy, which takes a policy away, is accepted: messages are neither audited nor masked here. */
export const putDataProtectionPolicy = operation<SnsState, PutDataProtectionPolicyInput, PutDataProtectionPolicyOutput>(
  {
    authorize: onTopic('PutDataProtectionPolicy', (input) => input.ResourceArn),
    decide(turn, input): Reply<PutDataProtectionPolicyOutput> {
      const found = findTopic(turn, input.ResourceArn, 'ResourceArn');
      if (isRefused(found)) return found;
      const isEmpty = (input.DataProtectionPolicy ?? '') === '';
      return isEmpty ? { output: {} } : refuse(notAvailable('DataProtectionPolicy', 'message data protection'));
    },
  },
);
