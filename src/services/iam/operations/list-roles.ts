// AWS: IAM API reference, ListRoles.

import { operation } from '#cell/service-definition.ts';
import type { ListRolesInput, ListRolesOutput } from '#wire/generated/iam.ts';
import { onAccount } from '../entities.ts';
import { pageOf } from '../pages.ts';
import { accountPrefix, type IamState } from '../state.ts';
import { listedRole } from '../views.ts';

export const listRoles = operation<IamState, ListRolesInput, ListRolesOutput>({
  authorize: onAccount('ListRoles'),
  decide(turn, input) {
    const prefix = input.PathPrefix ?? '/';
    const items = turn.state.roles
      .list(accountPrefix(turn.scope.account))
      .filter(({ path }) => path.startsWith(prefix));
    const page = pageOf(turn, input, { items, keyOf: (role) => role.name.toLowerCase(), list: `ListRoles/${prefix}` });
    return 'refused' in page ? page : { output: { Roles: page.items.map(listedRole), ...page.page } };
  },
});
