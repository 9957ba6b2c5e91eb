// AWS: IAM API reference, DeleteRolePermissionsBoundary.

import { ROLES } from '../entities.ts';
import { deleteBoundary } from '../entity-policies.ts';

export const deleteRolePermissionsBoundary = deleteBoundary(ROLES, 'DeleteRolePermissionsBoundary');
