// AWS: IAM API reference, ListSSHPublicKeys.

import { emptyUserList } from '../empty-lists.ts';

export const listSSHPublicKeys = emptyUserList('ListSSHPublicKeys', { SSHPublicKeys: [], IsTruncated: false });
