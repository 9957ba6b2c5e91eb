// Who signed a form's policy: the signature covers the policy as it stands in the form, and nothing else. AWS: S3 API reference, "Browser-based
// uploads using POST (AWS Signature Version 4)"; version 2, which SDKs make for endpoints of one's own: RESTAuthentication.

import { base64Encode } from '#base/base64.ts';
import type { Digest } from '#base/digest.ts';
import type { AwsError } from '#model/aws-error.ts';
import { readInstant } from '../sigv4-checks.ts';
import { deriveSigningKey } from '../sigv4-keys.ts';
import * as refusals from './refusals.ts';
import type { RequestSignature } from './signature-view.ts';

export interface PostSignature {
  readonly version: RequestSignature['version'];
  readonly accessKeyId: string;
  readonly policy: string;
  readonly signature: string;
  readonly date: string;
  readonly region: string;
  readonly signedAtMs: number | undefined;
  readonly sessionToken: string | undefined;
}

type Fields = ReadonlyMap<string, string>;

const V4 = ['x-amz-signature', 'x-amz-algorithm', 'x-amz-credential', 'x-amz-date'];
const V2 = ['signature', 'awsaccesskeyid'];
/** As AWS names them to clients. */
const SHOWN: Readonly<Record<string, string>> = {
  'x-amz-signature': 'X-Amz-Signature',
  'x-amz-algorithm': 'X-Amz-Algorithm',
  'x-amz-credential': 'X-Amz-Credential',
  'x-amz-date': 'X-Amz-Date',
  signature: 'Signature',
  awsaccesskeyid: 'AWSAccessKeyId',
};

/** Of a form with a policy. */
export function readPostSignature(fields: Fields): PostSignature | AwsError {
  const names = [V4, V2].find((each) => each.some((name) => fields.has(name)));
  if (names === undefined) return refusals.accessDenied();
  const missing = names.find((name) => !fields.has(name));
  if (missing !== undefined) return refusals.fieldMissing(SHOWN[missing] ?? missing);
  const of = (name: string): string => fields.get(name) ?? '';
  const shared = { policy: of('policy'), sessionToken: fields.get('x-amz-security-token') };
  if (names === V2) {
    const signed = { accessKeyId: of('awsaccesskeyid'), signature: of('signature') };
    return { version: 'AWS', ...shared, ...signed, date: '', region: '', signedAtMs: undefined };
  }
  if (of('x-amz-algorithm') !== 'AWS4-HMAC-SHA256') return refusals.mechanismNotSupported();
  const scope = /^(.+)\/(\d{8})\/([a-z0-9-]{1,64})\/s3\/aws4_request$/.exec(of('x-amz-credential'));
  const instant = readInstant(of('x-amz-date'));
  if (scope === null || instant === undefined) {
    const reason = 'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".';
    return refusals.invalidArgument('X-Amz-Credential', of('x-amz-credential'), `Error parsing the form: ${reason}`);
  }
  const [, accessKeyId = '', date = '', region = ''] = scope;
  const signature = of('x-amz-signature');
  return { version: 'AWS4-HMAC-SHA256', ...shared, accessKeyId, signature, date, region, signedAtMs: instant.ms };
}

export function verifyPostSignature(posted: PostSignature, secret: string, digest: Digest): AwsError | undefined {
  const { version, policy, signature, accessKeyId, date, region } = posted;
  const expected =
    version === 'AWS'
      ? base64Encode(digest.hmacSha1(secret, policy))
      : digest.hmacSha256Hex(deriveSigningKey(digest, secret, { date, region, service: 's3' }), policy);
  if (digest.timingSafeEqual(expected, signature)) return undefined;
  return refusals.signatureMismatch({ accessKeyId, signature, stringToSign: policy, canonical: undefined });
}
