// Settings of connections that are not done here: refused by name.

import type { AwsError } from '#model/aws-error.ts';
import type { UpdateConnectionInput } from '#wire/generated/events.ts';
import { notAvailable } from '../errors.ts';

export function unavailableSetting(input: Omit<UpdateConnectionInput, 'Name'>): AwsError | undefined {
  if (input.InvocationConnectivityParameters !== undefined) {
    return notAvailable('InvocationConnectivityParameters (private APIs through VPC Lattice)');
  }
  if (input.AuthParameters?.ConnectivityParameters !== undefined) {
    return notAvailable('ConnectivityParameters (private OAuth endpoints through VPC Lattice)');
  }
  // An empty one means AWS's own key: that is what there is.
  if (input.KmsKeyIdentifier !== undefined && input.KmsKeyIdentifier !== '') {
    return notAvailable('KmsKeyIdentifier (customer managed keys)');
  }
  return undefined;
}
