// AWS: IAM API reference, ListUserPolicies.

import { USERS } from '../entities.ts';
import { listInlinePolicies } from '../entity-policies.ts';

export const listUserPolicies = listInlinePolicies(USERS, 'ListUserPolicies');
