// AWS: IAM API reference, ListUsers.

import { operation } from '#cell/service-definition.ts';
import type { ListUsersInput, ListUsersOutput } from '#wire/generated/iam.ts';
import { onAccount } from '../entities.ts';
import { pageOf } from '../pages.ts';
import { accountPrefix, type IamState } from '../state.ts';
import { listedUser } from '../views.ts';

export const listUsers = operation<IamState, ListUsersInput, ListUsersOutput>({
  authorize: onAccount('ListUsers'),
  decide(turn, input) {
    const prefix = input.PathPrefix ?? '/';
    const items = turn.state.users
      .list(accountPrefix(turn.scope.account))
      .filter(({ path }) => path.startsWith(prefix));
    const page = pageOf(turn, input, { items, keyOf: (user) => user.name.toLowerCase(), list: `ListUsers/${prefix}` });
    return 'refused' in page ? page : { output: { Users: page.items.map(listedUser), ...page.page } };
  },
});
