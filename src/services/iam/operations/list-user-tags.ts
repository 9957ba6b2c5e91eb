// AWS: IAM API reference, ListUserTags.

import { USERS } from '../entities.ts';
import { listEntityTags } from '../entity-tags.ts';

export const listUserTags = listEntityTags(USERS, 'ListUserTags');
