// AWS: IAM API reference, PutRolePermissionsBoundary.

import { ROLES } from '../entities.ts';
import { putBoundary } from '../entity-policies.ts';

export const putRolePermissionsBoundary = putBoundary(ROLES, 'PutRolePermissionsBoundary');
