// AWS: IAM API reference, TagUser.

import { USERS } from '../entities.ts';
import { tagEntity } from '../entity-tags.ts';

export const tagUser = tagEntity(USERS, 'TagUser');
