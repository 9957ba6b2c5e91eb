import { describe, expect, it } from 'vitest';
import { readCredential } from '../credential.ts';
import { service as lambda } from '../generated/lambda.ts';
import { service as s3 } from '../generated/s3.ts';
import { service as sqs } from '../generated/sqs.ts';
import { wireHeaders } from '../http-message.ts';
import { identify } from '../identify.ts';
import { restXmlProtocol } from '../protocols/rest-xml.ts';
import { WireServices } from '../services.ts';

const services = new WireServices([sqs, lambda, s3]);
const SIGNED = `AWS4-HMAC-SHA256 Credential=k/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`;

function requestOf(line: string, headers: Record<string, string> = {}, isSigned = true) {
  const [method = '', target = ''] = line.split(' ');
  const mark = target.indexOf('?');
  return {
    method,
    path: mark === -1 ? target : target.slice(0, mark),
    query: mark === -1 ? '' : target.slice(mark + 1),
    headers: wireHeaders(
      Object.entries({ host: 'localhost:4566', ...(isSigned ? { authorization: SIGNED } : {}), ...headers }),
    ),
    body: new Uint8Array(0),
  };
}

function asked(line: string, headers: Record<string, string> = {}, isSigned = true) {
  const request = requestOf(line, headers, isSigned);
  const found = identify(services, request, readCredential(request).credential);
  if ('refused' in found) return `${found.service?.prefix ?? ''} refused ${found.refused.code}`;
  const { Bucket = '', Key } = found.labels ?? {};
  return [found.operation.name, Bucket, Key].filter((each) => each !== undefined && each !== '').join(' ');
}

describe('which operation of S3 is meant', () => {
  it.each([
    ['http://localhost:4566', '/photos', undefined],
    ['http://localhost:4566', '/photos/', undefined],
    ['http://photos.s3.localhost', '/', 'photos.s3.localhost'],
  ])('a form that is posted to %s%s puts an object, whoever signs it', (_url, path, host) => {
    const headers = { 'content-type': 'Multipart/Form-Data; boundary=b', ...(host === undefined ? {} : { host }) };
    for (const isSigned of [false, true]) {
      const request = requestOf(`POST ${path}`, headers, isSigned);
      const found = identify(services, request, readCredential(request).credential);
      expect(found).toMatchObject({
        isPostedForm: true,
        operation: { name: 'PutObject' },
        labels: { Bucket: 'photos' },
      });
    }
  });

  it.each([
    ['GET /', 'ListBuckets'],
    ['GET /?x-id=ListBuckets', 'ListBuckets'],
    ['PUT /photos', 'CreateBucket photos'],
    ['PUT /photos/', 'CreateBucket photos'],
    ['HEAD /photos', 'HeadBucket photos'],
    ['DELETE /photos', 'DeleteBucket photos'],
    ['GET /photos', 'ListObjects photos'],
    ['GET /photos?list-type=2&prefix=a', 'ListObjectsV2 photos'],
    ['GET /photos?list-type=1', 'ListObjects photos'],
    ['GET /photos?list-type=3', 's3 refused InvalidArgument'],
    ['GET /photos?list-type', 's3 refused InvalidArgument'],
    ['GET /photos?start-after=a', 's3 refused InvalidArgument'],
    ['GET /photos?list-type=2&start-after=a', 'ListObjectsV2 photos'],
    ['GET /photos?versions', 'ListObjectVersions photos'],
    ['GET /photos?uploads', 'ListMultipartUploads photos'],
    ['GET /photos?acl', 'GetBucketAcl photos'],
    ['GET /photos?acl=', 'GetBucketAcl photos'],
    ['GET /photos?analytics', 'ListBucketAnalyticsConfigurations photos'],
    ['GET /photos?analytics&id=a', 'GetBucketAnalyticsConfiguration photos'],
    ['GET /photos?unknown', 'ListObjects photos'],
    ['POST /photos?delete', 'DeleteObjects photos'],
    ['GET /photos/a', 'GetObject photos a'],
    ['GET /photos/a?versionId=1', 'GetObject photos a'],
    ['GET /photos/a?versions', 's3 refused InvalidRequest'],
    ['GET /photos/a?uploads', 's3 refused InvalidRequest'],
    ['GET /photos/a?uploadId=1', 'ListParts photos a'],
    ['GET /photos/a?tagging', 'GetObjectTagging photos a'],
    ['PUT /photos/a', 'PutObject photos a'],
    ['PUT /photos/a?partNumber=1&uploadId=2', 'UploadPart photos a'],
    ['PUT /photos/a?acl', 'PutObjectAcl photos a'],
    ['POST /photos/a?uploads', 'CreateMultipartUpload photos a'],
    ['POST /photos/a?uploadId=1', 'CompleteMultipartUpload photos a'],
    ['DELETE /photos/a?uploadId=1', 'AbortMultipartUpload photos a'],
    ['DELETE /photos/a', 'DeleteObject photos a'],
    ['PUT /photos/a?partNumber=1', 's3 refused InvalidArgument'],
    ['PUT /photos/a?uploadId=1', 's3 refused InvalidArgument'],
    ['POST /photos', 's3 refused PreconditionFailed'],
    ['PATCH /photos/a', 's3 refused MethodNotAllowed'],
    ['GET /photos/%ff', 's3 refused InvalidURI'],
  ])('%s', (line, expected) => {
    expect(asked(line)).toBe(expected);
  });

  it('directory buckets are refused by name', () => {
    const authorization = SIGNED.replace('/s3/', '/s3express/');
    expect(asked('GET /photos--use1-az4--x-s3?session', { authorization })).toBe('s3 refused NotImplemented');
  });

  it('a copy is told by its header', () => {
    const headers = { 'x-amz-copy-source': '/photos/a' };
    expect(asked('PUT /photos/b', headers)).toBe('CopyObject photos b');
    expect(asked('PUT /photos/b?partNumber=1&uploadId=2', headers)).toBe('UploadPartCopy photos b');
  });

  it('keys are what stands behind the bucket, whatever it is', () => {
    expect(asked('GET /photos//')).toBe('GetObject photos /');
    expect(asked('GET /photos/../../etc/passwd')).toBe('GetObject photos ../../etc/passwd');
    expect(asked('GET /photos/a//b/./c/')).toBe('GetObject photos a//b/./c/');
    expect(asked('GET /photos/a+b%20c%2Fd%25%C3%BC')).toBe('GetObject photos a+b c/d%ü');
    expect(asked('GET /photos/2015-03-31/functions/')).toBe('GetObject photos 2015-03-31/functions/');
  });

  it('a path of another service is S3’s when it is signed for S3', () => {
    expect(asked('GET /2015-03-31/functions/')).toBe('GetObject 2015-03-31 functions/');
    expect(asked('GET /2015-03-31/functions/', {}, false)).toBe('ListFunctions');
    expect(asked('POST /photos?delete', { 'x-amz-target': 'AmazonSQS.SendMessage' })).toBe('DeleteObjects photos');
  });

  it('without a signature a path that nobody else knows is a bucket’s, and / is nobody’s', () => {
    expect(asked('GET /photos/a', {}, false)).toBe('GetObject photos a');
    expect(asked('GET /photos/a?AWSAccessKeyId=k&Signature=s&Expires=1', {}, false)).toBe('GetObject photos a');
    expect(asked('GET /', {}, false)).toBe(' refused AccessDeniedException');
  });
});

describe('the bucket in the host', () => {
  it.each([
    ['photos.s3.localhost:4566', 'photos'],
    ['photos.s3.us-east-1.localhost:4566', 'photos'],
    ['photos.localhost:4566', 'photos'],
    ['a.b.s3.localhost', 'a.b'],
    ['photos.s3.eu-west-1.localhost.localstack.cloud:4566', 'photos'],
    ['photos.s3.amazonaws.com', 'photos'],
    ['photos.s3.dualstack.eu-west-1.amazonaws.com', 'photos'],
    ['photos.s3-eu-west-1.amazonaws.com', 'photos'],
  ])('%s', (host, bucket) => {
    expect(asked('GET /a/b', { host })).toBe(`GetObject ${bucket} a/b`);
    expect(asked('GET /', { host })).toBe(`ListObjects ${bucket}`);
  });

  it.each(['s3.localhost:4566', 's3.eu-west-1.amazonaws.com', '127.0.0.1:4566', '[::1]:4566', 'host.docker.internal'])(
    '%s is no bucket’s',
    (host) => {
      expect(asked('GET /a/b', { host })).toBe('GetObject a b');
    },
  );

  it('needs no signature where the host names S3, and none where it is no service’s', () => {
    expect(asked('GET /a', { host: 'photos.s3.localhost' }, false)).toBe('GetObject photos a');
    expect(asked('GET /a', { host: 'photos.localhost' }, false)).toBe('GetObject photos a');
    expect(asked('GET /b/a', { host: 'sqs.us-east-1.localhost' }, false)).toBe('GetObject b a');
  });
});

describe('what stands in a head and cannot be read', () => {
  it.each([
    ['GET /photos?list-type=2&max-keys=many', {}, 'max-keys', 'many'],
    [
      'GET /photos/a?attributes',
      { 'x-amz-object-attributes': 'ETag', 'x-amz-max-parts': '1.5' },
      'x-amz-max-parts',
      '1.5',
    ],
  ])('%s %j is named, with what it was', (line, headers, name, value) => {
    const request = requestOf(line, headers as Record<string, string>);
    const found = identify(services, request, readCredential(request).credential);
    if ('refused' in found) throw new Error('it is an operation');
    const decoded = restXmlProtocol.decode(found, request);
    expect(decoded).toMatchObject({ refused: { members: { ArgumentName: name, ArgumentValue: value } } });
  });
});
