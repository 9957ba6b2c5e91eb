// AWS: IAM API reference, DetachRolePolicy.

import { ROLES } from '../entities.ts';
import { detachPolicy } from '../entity-policies.ts';

export const detachRolePolicy = detachPolicy(ROLES, 'DetachRolePolicy');
