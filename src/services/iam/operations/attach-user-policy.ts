// AWS: IAM API reference, AttachUserPolicy.

import { USERS } from '../entities.ts';
import { attachPolicy } from '../entity-policies.ts';

export const attachUserPolicy = attachPolicy(USERS, 'AttachUserPolicy');
