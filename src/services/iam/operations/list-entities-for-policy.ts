// AWS: IAM API reference, ListEntitiesForPolicy. Groups cannot be made here, so none are listed.

import { operation } from '#cell/service-definition.ts';
import type { ListEntitiesForPolicyInput, ListEntitiesForPolicyOutput } from '#wire/generated/iam.ts';
import { onPolicy } from '../entities.ts';
import { policyOf } from '../managed-policies.ts';
import { pageOf } from '../pages.ts';
import { accountPrefix, type EntityDoc, type IamState } from '../state.ts';
import { Validation } from '../validation.ts';

const FILTERS = ['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy'];

export const listEntitiesForPolicy = operation<IamState, ListEntitiesForPolicyInput, ListEntitiesForPolicyOutput>({
  authorize: onPolicy('ListEntitiesForPolicy'),
  decide(turn, input) {
    const { EntityFilter: filter, PolicyUsageFilter: usage, PathPrefix: path = '/' } = input;
    const { error } = new Validation()
      .oneOf('entityFilter', filter, FILTERS)
      .oneOf('policyUsageFilter', usage, ['PermissionsPolicy', 'PermissionsBoundary']);
    if (error !== undefined) return { refused: error };
    const policy = policyOf(turn, input.PolicyArn);
    if ('refused' in policy) return policy;
    const isUser = (entity: EntityDoc): boolean => {
      const isAttached = entity.attachedPolicies.includes(policy.arn);
      const isBoundary = entity.permissionsBoundary === policy.arn;
      const isUsed =
        usage === undefined ? isAttached || isBoundary : usage === 'PermissionsPolicy' ? isAttached : isBoundary;
      return isUsed && entity.path.startsWith(path);
    };
    const prefix = accountPrefix(turn.scope.account);
    const roles = filter === undefined || filter === 'Role' ? turn.state.roles.list(prefix).filter(isUser) : [];
    const users = filter === undefined || filter === 'User' ? turn.state.users.list(prefix).filter(isUser) : [];
    const items = [
      ...roles.map((doc) => ({ key: `role/${doc.name.toLowerCase()}`, doc })),
      ...users.map((doc) => ({ key: `user/${doc.name.toLowerCase()}`, doc })),
    ];
    const list = `ListEntitiesForPolicy/${policy.arn}/${filter ?? ''}/${usage ?? ''}/${path}`;
    const page = pageOf(turn, input, { items, keyOf: (item) => item.key, list });
    if ('refused' in page) return page;
    const shown = (kind: string): EntityDoc[] =>
      page.items.filter(({ key }) => key.startsWith(kind)).map(({ doc }) => doc);
    return {
      output: {
        PolicyGroups: [],
        PolicyUsers: shown('user/').map(({ name, id }) => ({ UserName: name, UserId: id })),
        PolicyRoles: shown('role/').map(({ name, id }) => ({ RoleName: name, RoleId: id })),
        ...page.page,
      },
    };
  },
});
