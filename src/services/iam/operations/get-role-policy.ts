// AWS: IAM API reference, GetRolePolicy.

import { ROLES } from '../entities.ts';
import { getInlinePolicy } from '../entity-policies.ts';

export const getRolePolicy = getInlinePolicy(ROLES, 'GetRolePolicy');
