// AWS: IAM API reference, ListRolePolicies.

import { ROLES } from '../entities.ts';
import { listInlinePolicies } from '../entity-policies.ts';

export const listRolePolicies = listInlinePolicies(ROLES, 'ListRolePolicies');
