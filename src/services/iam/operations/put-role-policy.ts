// AWS: IAM API reference, PutRolePolicy.

import { ROLES } from '../entities.ts';
import { putInlinePolicy } from '../entity-policies.ts';

export const putRolePolicy = putInlinePolicy(ROLES, 'PutRolePolicy');
