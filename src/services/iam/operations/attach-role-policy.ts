// AWS: IAM API reference, AttachRolePolicy.

import { ROLES } from '../entities.ts';
import { attachPolicy } from '../entity-policies.ts';

export const attachRolePolicy = attachPolicy(ROLES, 'AttachRolePolicy');
