// AWS: IAM API reference, UntagUser.

import { USERS } from '../entities.ts';
import { untagEntity } from '../entity-tags.ts';

export const untagUser = untagEntity(USERS, 'UntagUser');
