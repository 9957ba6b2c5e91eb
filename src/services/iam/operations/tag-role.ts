// AWS: IAM API reference, TagRole.

import { ROLES } from '../entities.ts';
import { tagEntity } from '../entity-tags.ts';

export const tagRole = tagEntity(ROLES, 'TagRole');
