// AWS: IAM API reference, ListRoleTags.

import { ROLES } from '../entities.ts';
import { listEntityTags } from '../entity-tags.ts';

export const listRoleTags = listEntityTags(ROLES, 'ListRoleTags');
