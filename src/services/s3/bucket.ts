// A bucket's document: whose it is, and its configurations, each as the client put it and as it is answered.

import type { Scope } from '#model/scope.ts';
import { partitionOf } from '#model/scope.ts';
import type {
  CORSRule,
  LifecycleRule,
  NotificationConfiguration,
  OwnershipControls,
  PublicAccessBlockConfiguration,
  ServerSideEncryptionConfiguration,
  Tag,
} from '#wire/generated/s3.ts';

export type Ownership = 'BucketOwnerEnforced' | 'BucketOwnerPreferred';

export interface BucketDoc {
  /** Short name in facts; never given twice. */
  readonly id: number;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly createdAtMs: number;
  readonly versioning?: 'Enabled' | 'Suspended';
  /** Undefined: the configuration was deleted. */
  readonly ownership?: OwnershipControls | undefined;
  readonly publicAccessBlock?: PublicAccessBlockConfiguration | undefined;
  readonly policy?: string | undefined;
  readonly tags?: readonly Tag[] | undefined;
  readonly cors?: readonly CORSRule[] | undefined;
  readonly lifecycle?: readonly LifecycleRule[] | undefined;
  readonly lifecycleSetAtMs?: number | undefined;
  /** Answered with the lifecycle. */
  readonly transitionDefaultMinimumObjectSize?: string | undefined;
  readonly encryption?: ServerSideEncryptionConfiguration | undefined;
  readonly notifications?: NotificationConfiguration | undefined;
}

export function bucketArn({ name, region }: Pick<BucketDoc, 'name' | 'region'>): string {
  return `arn:${partitionOf(region)}:s3:::${name}`;
}

export function bucketScope({ account, region }: Pick<BucketDoc, 'account' | 'region'>): Scope {
  return { account, region, partition: partitionOf(region) };
}
