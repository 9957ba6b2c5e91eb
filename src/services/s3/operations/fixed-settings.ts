// Settings of a bucket that are what they are here: asking for them is answered as AWS answers for a bucket that never had them set, setting them
// to what they are is done, and everything else is refused by name.

import { refuse } from '#model/aws-error.ts';
import type {
  GetBucketLocationInput,
  GetBucketLocationOutput,
  PutBucketAbacInput,
  PutBucketLoggingInput,
  PutBucketRequestPaymentInput,
} from '#wire/generated/s3.ts';
import { changesBucket, readsBucket, removesNothing } from '../configuration.ts';
import {
  malformedXml,
  noConfiguration,
  noObjectLock,
  noObjectLockOnBucket,
  noReplication,
  notAvailable,
  noWebsite,
} from '../errors.ts';

/** AWS: us-east-1 has no constraint. */
export const getBucketLocation = readsBucket<GetBucketLocationInput, GetBucketLocationOutput>(
  'GetBucketLocation',
  ({ region }) => (region === 'us-east-1' ? {} : { LocationConstraint: region }),
);

export const getBucketAccelerateConfiguration = readsBucket('GetAccelerateConfiguration', () => ({}));
export const putBucketAccelerateConfiguration = changesBucket('PutAccelerateConfiguration', () =>
  refuse(notAvailable('Transfer acceleration')),
);

export const getBucketRequestPayment = readsBucket('GetBucketRequestPayment', () => ({ Payer: 'BucketOwner' }));
export const putBucketRequestPayment = changesBucket<PutBucketRequestPaymentInput>(
  'PutBucketRequestPayment',
  (_bucket, { input }) => {
    const payer = input.RequestPaymentConfiguration?.Payer;
    if (payer === 'BucketOwner') return {};
    return refuse(payer === 'Requester' ? notAvailable('Requester Pays') : malformedXml());
  },
);

export const getBucketLogging = readsBucket('GetBucketLogging', () => ({}));
export const putBucketLogging = changesBucket<PutBucketLoggingInput>('PutBucketLogging', (_bucket, { input }) =>
  input.BucketLoggingStatus?.LoggingEnabled === undefined ? {} : refuse(notAvailable('Server access logging')),
);

export const getBucketAbac = readsBucket('GetBucketAbac', () => ({ AbacStatus: { Status: 'Disabled' } }));
export const putBucketAbac = changesBucket<PutBucketAbacInput>('PutBucketAbac', (_bucket, { input }) =>
  input.AbacStatus?.Status === 'Disabled' ? {} : refuse(notAvailable('Access by tags of buckets (ABAC)')),
);

export const getBucketWebsite = readsBucket('GetBucketWebsite', ({ name }) => refuse(noWebsite(name)));
export const putBucketWebsite = changesBucket('PutBucketWebsite', () => refuse(notAvailable('Website hosting')));
export const deleteBucketWebsite = removesNothing('DeleteBucketWebsite');

export const getBucketReplication = readsBucket('GetReplicationConfiguration', ({ name }) =>
  refuse(noReplication(name)),
);
export const putBucketReplication = changesBucket('PutReplicationConfiguration', () =>
  refuse(notAvailable('Replication')),
);
export const deleteBucketReplication = removesNothing('PutReplicationConfiguration');

export const getObjectLockConfiguration = readsBucket('GetBucketObjectLockConfiguration', ({ name }) =>
  refuse(noObjectLock(name)),
);
export const putObjectLockConfiguration = changesBucket('PutBucketObjectLockConfiguration', () =>
  refuse(notAvailable('Object Lock')),
);
export const getObjectRetention = readsBucket('GetObjectRetention', () => refuse(noObjectLockOnBucket()));
export const putObjectRetention = changesBucket('PutObjectRetention', () => refuse(noObjectLockOnBucket()));
export const getObjectLegalHold = readsBucket('GetObjectLegalHold', () => refuse(noObjectLockOnBucket()));
export const putObjectLegalHold = changesBucket('PutObjectLegalHold', () => refuse(noObjectLockOnBucket()));

/** Configurations of which a bucket may have several, by id; here it has none. */
function numbered(what: string, actions: { readonly get: string; readonly put: string }) {
  return {
    get: readsBucket(actions.get, () => refuse(noConfiguration())),
    list: readsBucket(actions.get, () => ({ IsTruncated: false })),
    put: changesBucket(actions.put, () => refuse(notAvailable(what))),
    remove: changesBucket(actions.put, () => refuse(noConfiguration())),
  };
}

export const analytics = numbered('Storage class analysis', {
  get: 'GetAnalyticsConfiguration',
  put: 'PutAnalyticsConfiguration',
});
export const inventory = numbered('Inventory', { get: 'GetInventoryConfiguration', put: 'PutInventoryConfiguration' });
export const metrics = numbered('Request metrics', { get: 'GetMetricsConfiguration', put: 'PutMetricsConfiguration' });
export const tiering = numbered('Intelligent-Tiering', {
  get: 'GetIntelligentTieringConfiguration',
  put: 'PutIntelligentTieringConfiguration',
});
