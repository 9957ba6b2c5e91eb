// AWS: IAM API reference, ListVirtualMFADevices. None can be made here.

import { operation } from '#cell/service-definition.ts';
import { onAccount } from '../entities.ts';
import type { IamState } from '../state.ts';

export const listVirtualMFADevices = operation<IamState, object, object>({
  authorize: onAccount('ListVirtualMFADevices'),
  decide: () => ({ output: { VirtualMFADevices: [], IsTruncated: false } }),
});
