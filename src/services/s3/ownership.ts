// Who owns objects. AWS: S3 user guide, "Controlling ownership of objects and disabling ACLs for your bucket".

import { type AwsError, clientError } from '#model/aws-error.ts';
import { notAvailable } from './errors.ts';

/** ObjectWriter would give an object to the account that wrote it; objects belong to the bucket's owner here, always. */
export function ownershipProblem(ownership: string | undefined): AwsError | undefined {
  if (ownership === 'BucketOwnerEnforced' || ownership === 'BucketOwnerPreferred') return undefined;
  if (ownership === 'ObjectWriter') return notAvailable('ObjectOwnership ObjectWriter');
  return clientError('InvalidArgument', `Invalid x-amz-object-ownership header: ${ownership ?? ''}`, {
    members: { ArgumentName: 'x-amz-object-ownership' },
  });
}
