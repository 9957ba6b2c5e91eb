// AWS: IAM API reference, DetachUserPolicy.

import { USERS } from '../entities.ts';
import { detachPolicy } from '../entity-policies.ts';

export const detachUserPolicy = detachPolicy(USERS, 'DetachUserPolicy');
