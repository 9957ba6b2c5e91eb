// AWS: IAM API reference, ListAttachedRolePolicies.

import { ROLES } from '../entities.ts';
import { listAttachedPolicies } from '../entity-policies.ts';

export const listAttachedRolePolicies = listAttachedPolicies(ROLES, 'ListAttachedRolePolicies');
