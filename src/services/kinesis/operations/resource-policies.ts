// Policies of streams and consumers: PutResourcePolicy, GetResourcePolicy, DeleteResourcePolicy.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type {
  DeleteResourcePolicyInput,
  GetResourcePolicyInput,
  GetResourcePolicyOutput,
  PutResourcePolicyInput,
} from '#wire/generated/kinesis.ts';
import { notFound } from '../errors.ts';
import { policyProblem } from '../policy.ts';
import { findResource, onResource } from '../resource.ts';
import type { KinesisState } from '../state.ts';

export const putResourcePolicy = operation<KinesisState, PutResourcePolicyInput, object>({
  authorize: onResource('PutResourcePolicy'),
  decide(turn, input): Reply<object> {
    const found = findResource(turn, input, (validation) => validation.required('policy', input.Policy));
    if (isRefused(found)) return found;
    const policy = input.Policy as string;
    const problem = policyProblem(policy, input.ResourceARN as string);
    if (problem !== undefined) return refuse(problem);
    found.update({ policy });
    return { output: {} };
  },
});

/** What AWS answers for a resource without a policy: an empty document. Source: moto's tests that run against AWS. */
const NO_POLICY = '{}';

export const getResourcePolicy = operation<KinesisState, GetResourcePolicyInput, GetResourcePolicyOutput>({
  authorize: onResource('GetResourcePolicy'),
  decide(turn, input): Reply<GetResourcePolicyOutput> {
    const found = findResource(turn, input);
    return isRefused(found) ? found : { output: { Policy: found.policy ?? NO_POLICY } };
  },
});

export const deleteResourcePolicy = operation<KinesisState, DeleteResourcePolicyInput, object>({
  authorize: onResource('DeleteResourcePolicy'),
  decide(turn, input): Reply<object> {
    const found = findResource(turn, input);
    if (isRefused(found)) return found;
    // The text is not AWS's.
    if (found.policy === undefined) {
      return refuse(notFound(`No resource policy found for resource ARN ${input.ResourceARN}.`));
    }
    found.update({ policy: undefined });
    return { output: {} };
  },
});
