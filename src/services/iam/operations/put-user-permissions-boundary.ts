// AWS: IAM API reference, PutUserPermissionsBoundary.

import { USERS } from '../entities.ts';
import { putBoundary } from '../entity-policies.ts';

export const putUserPermissionsBoundary = putBoundary(USERS, 'PutUserPermissionsBoundary');
