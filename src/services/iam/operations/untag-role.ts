// AWS: IAM API reference, UntagRole.

import { ROLES } from '../entities.ts';
import { untagEntity } from '../entity-tags.ts';

export const untagRole = untagEntity(ROLES, 'UntagRole');
