// Where a request to S3 names its bucket: in the host (`photos.s3.us-east-1.amazonaws.com`, `photos.s3.localhost:4566`) or as the path's
// first segment. AWS: S3 user guide, "Virtual hosting of general purpose buckets".

import { percentDecode } from '../percent.ts';

/** `s3`, `s3.eu-west-1`, `s3-eu-west-1`, `s3.dualstack.eu-west-1`, each with or without a bucket before it. */
const S3_HOST = /^(?:(.+)\.)?s3(?:-fips|-accelerate)?(?:\.dualstack)?(?:[.-][a-z]{2}(?:-[a-z]+)+-\d)?$/;
const BASES = ['localhost.localstack.cloud', 'localhost', 'amazonaws.com.cn', 'amazonaws.com'];

export interface S3Host {
  /** The host says that S3 is meant. Without it the host may be a bucket's (`photos.localhost`), when S3 is meant at all. */
  readonly isS3: boolean;
  readonly bucket: string | undefined;
}

const NO_BUCKET: S3Host = { isS3: false, bucket: undefined };

export function readS3Host(hostHeader: string): S3Host {
  const host = nameOf(hostHeader);
  const base = BASES.find((each) => host.endsWith(`.${each}`));
  if (base === undefined) return NO_BUCKET;
  const before = host.slice(0, -base.length - 1);
  const found = S3_HOST.exec(before);
  if (found !== null) return { isS3: true, bucket: found[1] };
  return base === 'localhost' ? { isS3: false, bucket: before } : NO_BUCKET;
}

function nameOf(hostHeader: string): string {
  const lower = hostHeader.toLowerCase();
  const colon = lower.lastIndexOf(':');
  return colon === -1 || lower.endsWith(']') ? lower : lower.slice(0, colon);
}

export interface S3Address {
  /** Undefined: the service itself. */
  readonly bucket: string | undefined;
  /** Undefined: the bucket itself. */
  readonly key: string | undefined;
}

/** Undefined when the path is not UTF-8. The key is what stands behind the bucket, whatever it is: `..`, `//` and dots are characters of it. */
export function readS3Address(path: string, hostBucket: string | undefined): S3Address | undefined {
  if (hostBucket !== undefined) return addressOf(hostBucket, path.slice(1));
  const slash = path.indexOf('/', 1);
  const bucket = percentDecode(slash === -1 ? path.slice(1) : path.slice(1, slash));
  if (bucket === undefined) return undefined;
  if (bucket === '') return path === '/' ? { bucket: undefined, key: undefined } : addressOf('', path.slice(2));
  return addressOf(bucket, slash === -1 ? '' : path.slice(slash + 1));
}

function addressOf(bucket: string, rawKey: string): S3Address | undefined {
  if (rawKey === '') return { bucket, key: undefined };
  const key = percentDecode(rawKey);
  return key === undefined ? undefined : { bucket, key };
}
