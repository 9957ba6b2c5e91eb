// AWS: IAM API reference, DeleteUserPolicy.

import { USERS } from '../entities.ts';
import { deleteInlinePolicy } from '../entity-policies.ts';

export const deleteUserPolicy = deleteInlinePolicy(USERS, 'DeleteUserPolicy');
