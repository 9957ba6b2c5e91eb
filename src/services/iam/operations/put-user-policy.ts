// AWS: IAM API reference, PutUserPolicy.

import { USERS } from '../entities.ts';
import { putInlinePolicy } from '../entity-policies.ts';

export const putUserPolicy = putInlinePolicy(USERS, 'PutUserPolicy');
