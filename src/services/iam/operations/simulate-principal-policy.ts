// AWS: IAM API reference, SimulatePrincipalPolicy: a user's or role's own policies, and further ones.

import { operation } from '#cell/service-definition.ts';
import type { SimulatePolicyResponse, SimulatePrincipalPolicyInput } from '#wire/generated/iam.ts';
import { onAccount } from '../entities.ts';
import { entityNotFound, invalidInput } from '../errors.ts';
import { entityPolicies } from '../identity-policies.ts';
import { callerProblem, documentsProblem, givenPolicies, simulate, userOfArn } from '../simulate.ts';
import { byArn, type IamState } from '../state.ts';
import { ARN_RULE, Validation } from '../validation.ts';

export const simulatePrincipalPolicy = operation<IamState, SimulatePrincipalPolicyInput, SimulatePolicyResponse>({
  authorize: (turn, input) => ({
    ...onAccount('SimulatePrincipalPolicy')(turn),
    resource: input.PolicySourceArn ?? '*',
  }),
  decide(turn, input) {
    const { PolicySourceArn: arn, PolicyInputList: further } = input;
    const { error } = new Validation().text('policySourceArn', arn, ARN_RULE);
    if (error !== undefined) return { refused: error };
    if ((input.PolicyExclusionList?.length ?? 0) > 0) {
      return { refused: invalidInput('PolicyExclusionList is not available here.') };
    }
    const problem = documentsProblem(further, 'identity') ?? callerProblem(input, arn);
    if (problem !== undefined) return { refused: problem };
    const source = arn as string;
    const entity = byArn(turn.state.users, source) ?? byArn(turn.state.roles, source);
    if (entity === undefined || entity.account !== turn.scope.account) {
      return { refused: entityNotFound(source.includes(':role/') ? 'role' : 'user', source.split('/').pop() ?? '') };
    }
    const policies = entityPolicies(turn, entity);
    // AWS: calling as CallerArn, as if that user had the source's policies.
    const { CallerArn: callerArn } = input;
    const own = { kind: 'user', account: entity.account, arn: source, userId: entity.id } as const;
    return simulate(turn, input, {
      principal: callerArn === undefined ? own : userOfArn(turn.state, callerArn),
      identityPolicies: [...policies.identityPolicies, ...givenPolicies(further)],
      permissionsBoundary: policies.permissionsBoundary,
    });
  },
});
