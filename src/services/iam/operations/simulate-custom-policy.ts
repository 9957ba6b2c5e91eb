// AWS: IAM API reference, SimulateCustomPolicy: the given policies, as if a user of this account had them.

import { operation } from '#cell/service-definition.ts';
import type { SimulateCustomPolicyInput, SimulatePolicyResponse } from '#wire/generated/iam.ts';
import { entityArn, onAccount } from '../entities.ts';
import { callerProblem, documentsProblem, givenPolicies, simulate, userOfArn } from '../simulate.ts';
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
    const problem = documentsProblem(documents, 'identity') ?? callerProblem(input);
    if (problem !== undefined) return { refused: problem };
    const identityPolicies = givenPolicies(documents);
    if (CallerArn !== undefined) {
      return simulate(turn, input, { principal: userOfArn(turn.state, CallerArn), identityPolicies });
    }
    // Nobody in particular: keys that follow from who asks are the simulation's to give.
    const principal = userOfArn(turn.state, entityArn(turn, 'user', '/simulated'));
    return simulate(turn, input, { principal, identityPolicies, givenKeys: 'only' });
  },
});
