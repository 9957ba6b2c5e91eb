// AWS's own example (API reference, "Example: Browser-Based Upload using HTTP POST"), and what is wrong with others.

import { describe, expect, it } from 'vitest';
import { isRefused } from '#model/aws-error.ts';
import { nodeDigest } from '#runtime/digest.ts';
import { SigningKeys } from '../../sigv4-keys.ts';
import { FormFields } from './form-fields.ts';
import { readFormSignature, verifyForm } from './form-signature.ts';

const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const POLICY = `{ "expiration": "2015-12-30T12:00:00.000Z",
  "conditions": [
    {"bucket": "sigv4examplebucket"},
    ["starts-with", "$key", "user/user1/"],
    {"acl": "public-read"},
    {"success_action_redirect": "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"},
    ["starts-with", "$Content-Type", "image/"],
    {"x-amz-meta-uuid": "14365123651274"},
    {"x-amz-server-side-encryption": "AES256"},
    ["starts-with", "$x-amz-meta-tag", ""],

    {"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"},
    {"x-amz-algorithm": "AWS4-HMAC-SHA256"},
    {"x-amz-date": "20151229T000000Z" }
  ]
}`.replaceAll('\n', '\r\n');
const EXAMPLE = {
  policy: Buffer.from(POLICY).toString('base64'),
  'x-amz-algorithm': 'AWS4-HMAC-SHA256',
  'X-Amz-Credential': 'AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request',
  'x-amz-date': '20151229T000000Z',
  'x-amz-signature': '8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e',
};

function verdict(fields: Readonly<Record<string, string | undefined>>, secret = SECRET): string {
  const all = new FormFields();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) all.add(name, value);
  const read = readFormSignature(all);
  if (read === undefined) return 'nobody';
  const refused = isRefused(read)
    ? read.refused
    : verifyForm(read, { digest: nodeDigest, keys: new SigningKeys(nodeDigest), secret });
  return refused === undefined ? 'right' : `${refused.code} ${String(refused.members?.['ArgumentName'] ?? '')}`.trim();
}

describe('the signature of a form', () => {
  it('is right in AWS’s example', () => {
    expect(verdict(EXAMPLE)).toBe('right');
    expect(verdict(EXAMPLE, 'another')).toBe('SignatureDoesNotMatch');
  });

  it('of version 2 is, too', () => {
    const v2 = { policy: EXAMPLE.policy, AWSAccessKeyId: 'AKIAIOSFODNN7EXAMPLE' };
    const signature = Buffer.from(nodeDigest.hmacSha1(SECRET, v2.policy)).toString('base64');
    expect(verdict({ ...v2, signature })).toBe('right');
    expect(verdict({ ...v2, signature: `${signature} ` })).toBe('SignatureDoesNotMatch');
    expect(verdict(v2)).toBe('InvalidArgument Signature');
    expect(verdict({ policy: v2.policy, signature })).toBe('InvalidArgument AWSAccessKeyId');
    expect(verdict({ ...v2, signature, policy: undefined })).toBe('InvalidArgument Policy');
  });

  it('is nobody’s when no field of it is there', () => {
    expect(verdict({ policy: EXAMPLE.policy, key: 'a' })).toBe('nobody');
  });

  it.each([
    [{ 'x-amz-signature': undefined }, 'InvalidArgument X-Amz-Signature'],
    [{ 'x-amz-algorithm': undefined, 'X-Amz-Credential': undefined }, 'InvalidArgument X-Amz-Algorithm'],
    [{ 'x-amz-date': undefined }, 'InvalidArgument X-Amz-Date'],
    [{ 'x-amz-date': 'today' }, 'InvalidArgument X-Amz-Date'],
    [{ 'x-amz-algorithm': 'AWS4-ECDSA-P256-SHA256' }, 'InvalidArgument X-Amz-Algorithm'],
    [{ 'X-Amz-Credential': 'AKIA' }, 'InvalidArgument X-Amz-Credential'],
    [{ 'X-Amz-Credential': '/20151229/us-east-1/s3/aws4_request' }, 'InvalidArgument X-Amz-Credential'],
    [{ 'X-Amz-Credential': 'AKIA/2015/us-east-1/s3/aws4_request' }, 'InvalidArgument X-Amz-Credential'],
    [{ 'X-Amz-Credential': 'AKIA/20151229/us_east/s3/aws4_request' }, 'InvalidArgument X-Amz-Credential'],
    [{ 'X-Amz-Credential': 'AKIA/20151229/us-east-1/sqs/aws4_request' }, 'InvalidArgument X-Amz-Credential'],
    [{ 'X-Amz-Credential': 'AKIA/20151229/us-east-1/s3/aws4' }, 'InvalidArgument X-Amz-Credential'],
  ])('with %j is refused', (changed, expected) => {
    expect(verdict({ ...EXAMPLE, ...changed })).toBe(expected);
  });
});
