// AWS: IAM API reference, ListAccessKeys.

import { operation } from '#cell/service-definition.ts';
import type { ListAccessKeysInput, ListAccessKeysOutput } from '#wire/generated/iam.ts';
import { withCallersName } from '../callers-name.ts';
import { entityOf, onEntity, USERS } from '../entities.ts';
import { byText, pageOf } from '../pages.ts';
import type { IamState } from '../state.ts';
import { userKeys } from '../user-keys.ts';

export const listAccessKeys = operation<IamState, ListAccessKeysInput, ListAccessKeysOutput>({
  authorize: (turn, input) => onEntity(USERS, 'ListAccessKeys')(turn, withCallersName(turn, input)),
  decide(turn, input) {
    const named = withCallersName(turn, input);
    if ('refused' in named) return named;
    const user = entityOf(USERS, turn, named);
    if ('refused' in user) return user;
    const items = [...userKeys(turn, user)].sort(byText((key) => key.id));
    const page = pageOf(turn, input, { items, keyOf: (key) => key.id, list: `ListAccessKeys/${user.id}` });
    if ('refused' in page) return page;
    const AccessKeyMetadata = page.items.map((key) => ({
      UserName: key.userName,
      AccessKeyId: key.id,
      Status: key.status,
      CreateDate: key.createdAtMs,
    }));
    return { output: { AccessKeyMetadata, ...page.page } };
  },
});
