import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { wireHeaders } from '#wire/http-message.ts';
import { documentProblem } from './document-digests.ts';

const body = new TextEncoder().encode('<Delete><Object><Key>a</Key></Object></Delete>');
const digest = (algorithm: string) => createHash(algorithm).update(body).digest('base64');

const problemOf = (operation: string, headers: Record<string, string>) =>
  documentProblem(
    { method: 'POST', path: '/b', query: 'delete', headers: wireHeaders(Object.entries(headers)), body },
    operation,
  )?.message;

describe('a document', () => {
  it('that deletes comes with a digest', () => {
    const missing = 'Missing required header for this request: Content-MD5 OR x-amz-checksum-*';
    expect(problemOf('DeleteObjects', {})).toBe(missing);
    expect(problemOf('PutBucketTagging', {})).toBeUndefined();
    expect(problemOf('DeleteObjects', { 'content-md5': digest('md5') })).toBeUndefined();
    expect(problemOf('DeleteObjects', { 'x-amz-checksum-sha256': digest('sha256') })).toBeUndefined();
  });

  it('is held against its digest, whichever it is', () => {
    const other = createHash('sha512').update('other').digest('base64');
    expect(problemOf('PutBucketTagging', { 'x-amz-checksum-sha512': other })).toContain('did not match');
    expect(problemOf('DeleteObjects', { 'content-md5': digest('md5').replace(/^./, '+') })).toContain('did not match');
    expect(problemOf('CompleteMultipartUpload', { 'x-amz-checksum-sha512': other })).toBeUndefined();
    const md5 = createHash('md5').update('other').digest('base64');
    expect(problemOf('CompleteMultipartUpload', { 'content-md5': md5 })).toContain('did not match');
  });
});
