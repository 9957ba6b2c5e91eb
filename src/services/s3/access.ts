// What IAM is asked before an operation. AWS: Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3".

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { type AwsError, isRefused } from '#model/aws-error.ts';
import type { Principal } from '#model/principal.ts';
import { type BucketDoc, bucketArn } from './bucket.ts';
import { findBucket, type NamesBucket } from './find-bucket.ts';
import { isPublicPolicy } from './public-policy.ts';
import type { S3Turn } from './state.ts';

export type Context = NonNullable<AuthorizationRequest['context']>;
type Values = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export interface NamesObject extends NamesBucket {
  readonly Key?: string | undefined;
  readonly VersionId?: string | undefined;
}

type Authorize<I> = (turn: S3Turn, input: I) => AuthorizationRequest | AwsError | undefined;

/** For an operation on a bucket; one that does not exist is left to `decide`. */
export function onBucket<I extends NamesBucket>(action: string, valuesOf?: (input: I) => Values): Authorize<I> {
  return (turn, input) => {
    const found = findBucket(turn, input);
    if (isRefused(found)) return undefined;
    return bucketRequest(turn, found.bucket, { action, context: contextOf(valuesOf?.(input)) });
  };
}

/** For an operation on one object, or a version of it. */
export function onObject<I extends NamesObject>(action: string, valuesOf?: (input: I) => Values): Authorize<I> {
  return (turn, input) => {
    const found = findBucket(turn, input);
    if (isRefused(found)) return undefined;
    return objectRequest(turn, found.bucket, { key: input.Key ?? '', action, context: contextOf(valuesOf?.(input)) });
  };
}

interface Asked {
  readonly action: string;
  readonly context?: Context;
  readonly principal?: Principal;
}

export function bucketRequest(turn: S3Turn, bucket: BucketDoc, asked: Asked): AuthorizationRequest {
  return requestFor(turn, bucket, { ...asked, resource: bucketArn(bucket) });
}

export function objectRequest(
  turn: S3Turn,
  bucket: BucketDoc,
  { key, ...asked }: Asked & { readonly key: string },
): AuthorizationRequest {
  return requestFor(turn, bucket, { ...asked, resource: `${bucketArn(bucket)}/${key}` });
}

function requestFor(
  turn: S3Turn,
  bucket: BucketDoc,
  { action, resource, context, principal }: Asked & { readonly resource: string },
): AuthorizationRequest {
  return {
    action: `s3:${action}`,
    resource,
    resourceAccount: bucket.account,
    ...(principal === undefined ? {} : { principal }),
    context: { ...contextOf({ ResourceAccount: bucket.account, ...signatureKeys(turn, principal) }), ...context },
    resourcePolicy: isOwnersAlways(bucket, action, principal ?? turn.principal)
      ? undefined
      : policyFor(bucket, principal ?? turn.principal),
  };
}

const AUTH_TYPES = { header: 'REST-HEADER', query: 'REST-QUERY-STRING', form: 'POST' } as const;

/**
 * AWS: S3 API reference, "Amazon S3 Signature Version 4 Authentication Specific Policy Keys". A service that acts has signed nothing.
 */
function signatureKeys(turn: S3Turn, principal: Principal | undefined): Values {
  const signature = principal === undefined ? turn.request?.signature : undefined;
  if (signature === undefined) return {};
  const { place, version, ageMs, payload } = signature;
  return {
    authType: AUTH_TYPES[place],
    signatureversion: version,
    signatureAge: ageMs,
    'x-amz-content-sha256': payload,
  };
}

const OF_THE_OWNER: ReadonlySet<string> = new Set(['GetBucketPolicy', 'PutBucketPolicy', 'DeleteBucketPolicy']);

/**
 * AWS, PutBucketPolicy: "the root principal in a bucket owner's Amazon Web Services account can perform the GetBucketPolicy, PutBucketPolicy,
 * and DeleteBucketPolicy API actions, even if their bucket policy explicitly denies the root principal's access".
 */
function isOwnersAlways(bucket: BucketDoc, action: string, principal: Principal): boolean {
  return OF_THE_OWNER.has(action) && principal.kind === 'root' && principal.account === bucket.account;
}

/**
 * AWS, "Blocking public access": RestrictPublicBuckets "restricts access to a bucket with a public policy to only AWS service principals and
 * authorized users within the bucket owner's account".
 */
function policyFor(bucket: BucketDoc, principal: Principal): string | undefined {
  const { policy, publicAccessBlock } = bucket;
  if (policy === undefined || publicAccessBlock?.RestrictPublicBuckets !== true) return policy;
  if (principal.kind === 'service') return policy;
  const isOwn = principal.kind !== 'anonymous' && principal.account === bucket.account;
  return isOwn || !isPublicPolicy(policy) ? policy : undefined;
}

/** Condition keys of S3's own, under their names without prefix; those that a request does not have are left out. */
export function contextOf(values: Values | undefined): Context {
  const context: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries(values ?? {})) {
    if (value === undefined) continue;
    const isList = typeof value === 'object';
    context[`s3:${name}`] = isList ? value : String(value);
  }
  return context;
}

/**
 * AWS, GetObject: "If the object you request doesn't exist, the error that Amazon S3 returns depends on whether you also have the s3:ListBucket
 * permission": 404 with it, 403 without.
 */
export function mayKnowOfMissing(turn: S3Turn, bucket: BucketDoc, principal?: Principal): boolean {
  const asked = { action: 'ListBucket', ...(principal === undefined ? {} : { principal }) };
  return turn.authorize(bucketRequest(turn, bucket, asked)).isAllowed;
}
