// AWS: IAM API reference, SimulateCustomPolicy: the given policies, as if a user of this account had them.

import { operation } from '#cell/service-definition.ts';
import type { SimulateCustomPolicyInput, SimulatePolicyResponse } from '#wire/generated/iam.ts';
import { entityArn, onAccount } from '../entities.ts';
import { documentsProblem, givenPolicies, simulate } from '../simulate.ts';
import type { IamState } from '../state.ts';
import { Validation } from '../validation.ts';

export const simulateCustomPolicy = operation<IamState, SimulateCustomPolicyInput, SimulatePolicyResponse>({
  authorize: onAccount('SimulateCustomPolicy'),
  decide(turn, input) {
    const { PolicyInputList: documents, CallerArn } = input;
    if (documents === undefined) {
      const { error } = new Validation().add('policyInputList', 'Member must not be null');
      if (error !== undefined) return { refused: error };
    }
    const problem = documentsProblem(documents, 'identity');
    if (problem !== undefined) return { refused: problem };
    const { account } = turn.scope;
    const arn = CallerArn ?? entityArn(turn, 'user', '/simulated');
    const principal = { kind: 'user', account, arn, userId: 'AIDASIMULATED00000000' } as const;
    return simulate(turn, input, { principal, identityPolicies: givenPolicies(documents) });
  },
});
