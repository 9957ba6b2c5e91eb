// AWS: IAM API reference, ListAttachedUserPolicies.

import { USERS } from '../entities.ts';
import { listAttachedPolicies } from '../entity-policies.ts';

export const listAttachedUserPolicies = listAttachedPolicies(USERS, 'ListAttachedUserPolicies');
