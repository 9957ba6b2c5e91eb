// Against the examples of AWS's own documentation: S3 API reference, "Signature calculations for the authorization header: transferring
// payload in a single chunk", "… in multiple chunks", "… trailing headers", "Authenticating requests: using query parameters".

import { describe, expect, it } from 'vitest';
import { nodeDigest } from '#runtime/digest.ts';
import { ChunkSignatures } from '#runtime/objects/chunk-signatures.ts';
import { readCredential } from '../credential.ts';
import { type WireRequest, wireHeaders } from '../http-message.ts';
import { type ChunkSeed, checkS3Form, S3SignatureVerifier } from './signature.ts';

const KEY = { secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const AT = Date.UTC(2013, 4, 24);
const SCOPE = 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request';

function request(method: string, target: string, headers: Record<string, string>): WireRequest {
  const [path = '', query = ''] = target.split('?');
  return { method, path, query, headers: wireHeaders(Object.entries(headers)), body: new Uint8Array(0) };
}

function signed(names: string, signature: string): string {
  return `AWS4-HMAC-SHA256 Credential=${SCOPE},SignedHeaders=${names},Signature=${signature}`;
}

function verify(asked: WireRequest, nowMs = AT) {
  const reading = readCredential(asked);
  const malformed = checkS3Form(asked, reading, nowMs);
  if (malformed !== undefined) return { refused: malformed };
  if (reading.credential === undefined) throw new Error('the request is not signed');
  return new S3SignatureVerifier(nodeDigest).verify(asked, reading.credential, { nowMs, keyOf: () => KEY });
}

const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const GET = {
  Host: 'examplebucket.s3.amazonaws.com',
  Range: 'bytes=0-9',
  'x-amz-content-sha256': EMPTY,
  'x-amz-date': '20130524T000000Z',
};
const GET_NAMES = 'host;range;x-amz-content-sha256;x-amz-date';
const GET_SIGNATURE = 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41';

describe('a signature of S3', () => {
  it('of a GET with a range is taken as AWS calculates it', () => {
    expect(
      verify(request('GET', '/test.txt', { ...GET, Authorization: signed(GET_NAMES, GET_SIGNATURE) })),
    ).toHaveProperty('key', KEY);
  });

  it('covers the key as it is: dots and doubled slashes are not folded', () => {
    for (const path of ['/./test.txt', '//test.txt', '/a/../test.txt']) {
      const verdict = verify(request('GET', path, { ...GET, Authorization: signed(GET_NAMES, GET_SIGNATURE) }));
      expect(verdict).toMatchObject({ refused: { code: 'SignatureDoesNotMatch', status: 403 } });
    }
  });

  it('must cover every x-amz- header', () => {
    const headers = { ...GET, 'x-amz-acl': 'public-read', Authorization: signed(GET_NAMES, GET_SIGNATURE) };
    expect(verify(request('GET', '/test.txt', headers))).toMatchObject({
      refused: { code: 'AccessDenied', members: { HeadersNotSigned: 'x-amz-acl' } },
    });
  });

  it('is refused fifteen minutes later, and before', () => {
    const asked = request('GET', '/test.txt', { ...GET, Authorization: signed(GET_NAMES, GET_SIGNATURE) });
    for (const nowMs of [AT + 901_000, AT - 901_000]) {
      expect(verify(asked, nowMs)).toMatchObject({ refused: { code: 'RequestTimeTooSkewed', status: 403 } });
    }
  });

  it('of version 2, of 4A, of none and in two places is refused by name', () => {
    const refusalOf = (headers: Record<string, string>, target = '/test.txt') =>
      (verify(request('GET', target, { Host: 'localhost', ...headers })) as { refused: { code: string } }).refused.code;
    expect(refusalOf({ Authorization: 'AWS AKIAIOSFODNN7EXAMPLE:frJIUN8DYpKDtOLCwo//yllqDzg=' })).toBe(
      'InvalidRequest',
    );
    expect(
      refusalOf({ Authorization: signed('host', 'x').replace('AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256') }),
    ).toBe('InvalidRequest');
    expect(refusalOf({ Authorization: 'Bearer x' })).toBe('InvalidArgument');
    expect(refusalOf({ Authorization: signed('host', 'x') }, '/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256')).toBe(
      'InvalidArgument',
    );
    expect(refusalOf({ Authorization: 'AWS4-HMAC-SHA256 Credential=a' })).toBe('AuthorizationHeaderMalformed');
    expect(refusalOf({ ...GET, Authorization: signed(GET_NAMES, 'x'), 'x-amz-content-sha256': 'nonsense' })).toBe(
      'InvalidArgument',
    );
  });
});

describe('a presigned query', () => {
  const SIGNATURE = 'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404';
  const target = (expires: string, signature = SIGNATURE) =>
    `/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeURIComponent(SCOPE)}&X-Amz-Date=20130524T000000Z&X-Amz-Expires=${expires}&X-Amz-SignedHeaders=host&X-Amz-Signature=${signature}`;
  const ask = (path: string, nowMs = AT) =>
    verify(request('GET', path, { Host: 'examplebucket.s3.amazonaws.com' }), nowMs) as { refused?: { code: string } };

  it('is taken as AWS calculates it, until it is over', () => {
    expect(ask(target('86400'))).toHaveProperty('key', KEY);
    expect(ask(target('86400'), AT + 86_400_000)).toHaveProperty('key', KEY);
    expect(ask(target('86400'), AT + 86_401_000)).toMatchObject({
      refused: { code: 'AccessDenied', message: 'Request has expired', members: { 'X-Amz-Expires': 86_400 } },
    });
    expect(ask(target('86400'), AT - 901_000)).toMatchObject({ refused: { message: 'Request is not valid yet' } });
  });

  it('lives a week at most', () => {
    for (const expires of ['604801', '-1', 'soon', '']) {
      expect(ask(target(expires)).refused?.code).toBe('AuthorizationQueryParametersError');
    }
  });
});

describe('the signatures of chunks', () => {
  const CHUNKED = {
    Host: 's3.amazonaws.com',
    'x-amz-date': '20130524T000000Z',
    'x-amz-storage-class': 'REDUCED_REDUNDANCY',
    'Content-Encoding': 'aws-chunked',
    'x-amz-decoded-content-length': '66560',
  };
  const seedOf = (headers: Record<string, string>, names: string, signature: string): ChunkSeed => {
    const asked = request('PUT', '/examplebucket/chunkObject.txt', {
      ...headers,
      Authorization: signed(names, signature),
    });
    return (verify(asked) as { seed: ChunkSeed }).seed;
  };

  it('are those of AWS’s example', () => {
    const seed = seedOf(
      { ...CHUNKED, 'Content-Length': '66824', 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' },
      'content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class',
      '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
    );
    const chunks = new ChunkSignatures(seed);
    chunks.data(Buffer.alloc(65_536, 'a'));
    expect(chunks.chunkEnd('ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648')).toBe(true);
    chunks.data(Buffer.alloc(1_024, 'a'));
    expect(chunks.chunkEnd('0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497')).toBe(true);
    expect(chunks.chunkEnd('b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9')).toBe(true);
  });

  it('are those of AWS’s example with a trailer', () => {
    const seed = seedOf(
      {
        ...CHUNKED,
        'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
        'x-amz-trailer': 'x-amz-checksum-crc32c',
      },
      'content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer',
      '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e',
    );
    const chunks = new ChunkSignatures(seed);
    chunks.data(Buffer.alloc(65_536, 'a'));
    expect(chunks.chunkEnd('b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2')).toBe(true);
    chunks.data(Buffer.alloc(1_024, 'a'));
    expect(chunks.chunkEnd('1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7')).toBe(true);
    expect(chunks.chunkEnd('2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992')).toBe(true);
    chunks.trailer('x-amz-checksum-crc32c', 'sOO8/Q==');
    expect(chunks.trailerEnd('d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435')).toBe(true);
  });

  it('tell a changed byte', () => {
    const chunks = new ChunkSignatures({ signingKey: new Uint8Array(32), stamp: 's', scope: 's', signature: 'x' });
    chunks.data(Buffer.from('a'));
    expect(chunks.chunkEnd('ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648')).toBe(false);
    expect(chunks.chunkEnd(undefined)).toBe(false);
  });
});
