// AWS: IAM API reference, ListServiceSpecificCredentials.

import { emptyUserList } from '../empty-lists.ts';

export const listServiceSpecificCredentials = emptyUserList('ListServiceSpecificCredentials', {
  ServiceSpecificCredentials: [],
});
