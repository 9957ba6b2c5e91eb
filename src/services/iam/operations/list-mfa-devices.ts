// AWS: IAM API reference, ListMFADevices.

import { emptyUserList } from '../empty-lists.ts';

export const listMFADevices = emptyUserList('ListMFADevices', { MFADevices: [], IsTruncated: false });
