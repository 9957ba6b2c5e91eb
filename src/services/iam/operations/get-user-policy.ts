// AWS: IAM API reference, GetUserPolicy.

import { USERS } from '../entities.ts';
import { getInlinePolicy } from '../entity-policies.ts';

export const getUserPolicy = getInlinePolicy(USERS, 'GetUserPolicy');
