// AWS: IAM API reference, DeleteUserPermissionsBoundary.

import { USERS } from '../entities.ts';
import { deleteBoundary } from '../entity-policies.ts';

export const deleteUserPermissionsBoundary = deleteBoundary(USERS, 'DeleteUserPermissionsBoundary');
