// AWS: IAM API reference, ListSigningCertificates.

import { emptyUserList } from '../empty-lists.ts';

export const listSigningCertificates = emptyUserList('ListSigningCertificates', {
  Certificates: [],
  IsTruncated: false,
});
