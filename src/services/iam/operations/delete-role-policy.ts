// AWS: IAM API reference, DeleteRolePolicy.

import { ROLES } from '../entities.ts';
import { deleteInlinePolicy } from '../entity-policies.ts';

export const deleteRolePolicy = deleteInlinePolicy(ROLES, 'DeleteRolePolicy');
