// Uploads, into a store in memory as a rule: what is kept, and that nothing else is.

import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BodyTaker, IncomingBody } from '#runtime/http/exchange.ts';
import { FileBlobs } from '#storage/file/file-blobs.ts';
import { nodeDisk } from '#storage/file/node-disk.ts';
import type { BlobStore } from '#storage/journal.ts';
import { MemoryBlobs } from '#storage/memory/memory-store.ts';
import { wireHeaders } from '#wire/http-message.ts';
import { readBodyPlan } from '#wire/s3/body-plan.ts';
import { DigestThread } from './digest-thread.ts';
import { takeUpload, type UploadResult } from './upload.ts';

const BLOB = 's3/00000000-0000-4000-8000-000000000001';
const digests = new DigestThread();

class FakeBody implements IncomingBody {
  readonly isAbsent = false;
  taker!: BodyTaker;
  heldTimes = 0;
  private wake: (() => void) | undefined;

  constructor(readonly announcedBytes: number) {}

  start(taker: BodyTaker): void {
    this.taker = taker;
  }

  resume(): void {
    this.wake?.();
  }

  async send(bytes: Uint8Array): Promise<void> {
    if (this.taker.take(Buffer.from(bytes))) return;
    this.heldTimes += 1;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
    });
  }
}

function upload(bytes: number, headers: Record<string, string> = {}, blobs: BlobStore = new MemoryBlobs()) {
  const incoming = new FakeBody(bytes);
  const plan = readBodyPlan({ headers: wireHeaders(Object.entries(headers)), query: '' }, incoming);
  if ('refused' in plan) return { refused: plan.refused };
  const defects: unknown[] = [];
  const result = new Promise<UploadResult>((done) => {
    const onDefect = (_what: string, error: unknown) => defects.push(error);
    takeUpload({ incoming, plan, seed: undefined, blobs, digests, blob: BLOB, onDefect, done });
  });
  return { incoming, result, blobs, defects };
}

async function sent(body: Uint8Array, headers: Record<string, string> = {}, isChunked = false) {
  const started = upload(
    body.length,
    isChunked ? { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', ...headers } : headers,
  );
  if ('refused' in started) return { result: started, names: [] };
  const { incoming, result, blobs } = started;
  if (body.length > 0) await incoming.send(body);
  incoming.taker.end();
  return { result: await result, names: await blobs.names(), blobs };
}

const base64 = (algorithm: string, body: Uint8Array) => createHash(algorithm).update(body).digest('base64');
const crcOf = (body: Uint8Array) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
};
const codeOf = (result: unknown) => (result as { refused?: { code: string } }).refused?.code;
const HELLO = Buffer.from('hello world');

describe('an upload', () => {
  it('becomes a blob with its digests; CRC64NVME when the client named none', async () => {
    const { result, names, blobs } = await sent(HELLO);
    expect(result).toEqual({
      body: {
        blob: BLOB,
        bytes: 11,
        md5: '5eb63bbbe01eeed093cb22bb8f5acdc3',
        checksums: { CRC64NVME: 'jSnVw/bqjr4=' },
        isChecksumClaimed: false,
      },
    });
    expect(names).toEqual([BLOB]);
    expect(Buffer.from((await blobs?.get(BLOB)) ?? [])).toEqual(HELLO);
  });

  it.each([
    ['x-amz-checksum-crc32', crcOf(HELLO), 'CRC32'],
    ['x-amz-checksum-crc32c', 'yZRlqg==', 'CRC32C'],
    ['x-amz-checksum-crc64nvme', 'jSnVw/bqjr4=', 'CRC64NVME'],
    ['x-amz-checksum-sha1', base64('sha1', HELLO), 'SHA1'],
    ['x-amz-checksum-sha256', base64('sha256', HELLO), 'SHA256'],
    ['x-amz-checksum-sha512', base64('sha512', HELLO), 'SHA512'],
    ['x-amz-checksum-md5', base64('md5', HELLO), 'MD5'],
    ['x-amz-checksum-xxhash64', 'RatnNLIeaWg=', 'XXHASH64'],
    ['x-amz-checksum-xxhash3', '1Eex6kDmmIs=', 'XXHASH3'],
    ['x-amz-checksum-xxhash128', '340J6T+HSQCpm4d1zBW2xw==', 'XXHASH128'],
  ])('agrees with %s', async (header, value, name) => {
    const body = { checksums: { [name]: value }, isChecksumClaimed: true };
    for (const headers of [{ [header]: value }, { [header]: value, 'x-amz-sdk-checksum-algorithm': name }]) {
      expect((await sent(HELLO, headers)).result).toMatchObject({ body });
    }
    const wrong = Buffer.from(value, 'base64').fill(1).toString('base64');
    const { result, names } = await sent(HELLO, { [header]: wrong });
    expect(result).toMatchObject({
      refused: { code: 'BadDigest', message: `The ${name} you specified did not match the calculated checksum.` },
    });
    expect(names).toEqual([]);
  });

  it.each([
    [{ 'content-md5': 'AAAA' }, 'InvalidDigest'],
    [{ 'content-md5': base64('md5', Buffer.from('other')) }, 'BadDigest'],
    [{ 'x-amz-content-sha256': '0'.repeat(64) }, 'XAmzContentSHA256Mismatch'],
    [{ 'x-amz-checksum-crc32': 'AA==' }, 'InvalidRequest'],
    [{ 'x-amz-checksum-crc32': crcOf(HELLO), 'x-amz-checksum-sha1': base64('sha1', HELLO) }, 'InvalidRequest'],
    [{ 'x-amz-sdk-checksum-algorithm': 'CRC32' }, 'InvalidRequest'],
    [{ 'x-amz-sdk-checksum-algorithm': 'MD4' }, 'InvalidRequest'],
    [{ 'x-amz-trailer': 'x-amz-meta-a' }, 'InvalidRequest'],
    [{ 'x-amz-trailer': 'x-amz-checksum-crc32', 'x-amz-checksum-crc32': crcOf(HELLO) }, 'InvalidRequest'],
    [{ 'content-encoding': 'aws-chunked' }, 'MissingContentLength'],
    [{ 'x-amz-trailer': 'x-amz-checksum-crc32' }, 'MalformedTrailerError'],
  ])('with %j is refused: %s', async (headers, code) => {
    const { result, names } = await sent(HELLO, headers as Record<string, string>);
    expect(codeOf(result)).toBe(code);
    expect(names).toEqual([]);
  });

  // Texts: replies of AWS recorded in the cross-compatibility tests of OpenStack Swift.
  it.each([
    [{ 'x-amz-checksum-crc32': 'y/Q5Jh==' }, 'Value for x-amz-checksum-crc32 header is invalid.'],
    [
      { 'x-amz-checksum-crc32': crcOf(HELLO), 'x-amz-sdk-checksum-algorithm': 'SHA1' },
      'Value for x-amz-sdk-checksum-algorithm header is invalid.',
    ],
    [
      { 'x-amz-checksum-crc32': crcOf(HELLO), 'x-amz-sdk-checksum-algorithm': 'MD4' },
      'Value for x-amz-sdk-checksum-algorithm header is invalid.',
    ],
    [
      { 'x-amz-checksum-crc32': crcOf(HELLO), 'x-amz-trailer': 'x-amz-checksum-crc32, x-amz-checksum-crc32c' },
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    ],
    [
      { 'x-amz-checksum-crc32': crcOf(HELLO), 'x-amz-trailer': 'x-amz-checksum-crc32' },
      'Expecting a single x-amz-checksum- header',
    ],
    [{ 'x-amz-checksum-md4': 'AAAA' }, 'The algorithm type you specified in x-amz-checksum- header is invalid.'],
  ])('with %j is told: %s', async (headers, message) => {
    const { result } = await sent(HELLO, headers as unknown as Record<string, string>);
    expect(result).toMatchObject({ refused: { code: 'InvalidRequest', message } });
  });

  it('that is signed as one piece is one, whatever its encoding says', async () => {
    const hash = createHash('sha256').update(HELLO).digest('hex');
    const headers = { 'content-encoding': 'aws-chunked', 'x-amz-content-sha256': hash };
    expect((await sent(HELLO, headers)).result).toMatchObject({ body: { bytes: 11 } });
  });

  it('in chunks that should be signed and are not is cut short', async () => {
    const headers = {
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      'x-amz-decoded-content-length': '11',
    };
    const { result, names } = await sent(Buffer.from('b\r\nhello world\r\n0\r\n\r\n'), headers);
    expect(codeOf(result)).toBe('IncompleteBody');
    expect(names).toEqual([]);
  });

  it('is told the MD5 that it claimed in hex', async () => {
    const other = createHash('md5').update('other');
    const md5 = other.copy().digest('base64');
    const members = { ExpectedDigest: other.digest('hex'), CalculatedDigest: base64('md5', HELLO) };
    expect((await sent(HELLO, { 'content-md5': md5 })).result).toMatchObject({ refused: { members } });
  });

  it('agrees with a signed payload and an MD5', async () => {
    const headers = {
      'content-md5': base64('md5', HELLO),
      'x-amz-content-sha256': createHash('sha256').update(HELLO).digest('hex'),
    };
    expect(codeOf((await sent(HELLO, headers)).result)).toBeUndefined();
    const both = { ...headers, 'x-amz-checksum-sha256': base64('sha256', HELLO) };
    expect((await sent(HELLO, both)).result).toMatchObject({
      body: { checksums: { SHA256: base64('sha256', HELLO) } },
    });
  });

  it('of no bytes needs no blob', async () => {
    const { result, names } = await sent(new Uint8Array(0));
    expect(result).toMatchObject({ body: { bytes: 0, md5: 'd41d8cd98f00b204e9800998ecf8427e' } });
    expect(names).toEqual([]);
  });

  it('of more than 5 GiB, or of unknown length, is refused before a byte', () => {
    expect(upload(5 * 2 ** 30 + 1)).toMatchObject({ refused: { code: 'EntityTooLarge' } });
    const absent = { announcedBytes: 0, isAbsent: true };
    expect(readBodyPlan({ headers: wireHeaders([]), query: '' }, absent)).toMatchObject({
      refused: { code: 'MissingContentLength', status: 411 },
    });
  });

  it.each(['ended', 'gone', 'timed-out', 'malformed'] as const)('whose body %s leaves nothing', async (how) => {
    const started = upload(3_000_000);
    if ('refused' in started) throw new Error('it was let in');
    const { incoming, result, blobs } = started;
    await incoming.send(randomBytes(2_000_000));
    incoming.taker.fail(how);
    const expected = { ended: 'IncompleteBody', malformed: 'IncompleteBody', 'timed-out': 'RequestTimeout' };
    expect(how === 'gone' ? await result : codeOf(await result)).toBe(how === 'gone' ? 'gone' : expected[how]);
    expect(await blobs.names()).toEqual([]);
  });

  it('of any size, however cut, is what was sent', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 3_000_000 }),
        fc.array(fc.nat(3_000_000), { maxLength: 5 }),
        async (length, cuts) => {
          const body = randomBytes(length);
          const started = upload(length, { 'x-amz-checksum-crc32': crcOf(body) });
          if ('refused' in started) throw new Error('it was let in');
          const at = [0, ...cuts.map((cut) => Math.min(cut, length)).sort((a, b) => a - b), length];
          for (let i = 1; i < at.length; i += 1) await started.incoming.send(body.subarray(at[i - 1], at[i]));
          started.incoming.taker.end();
          const md5 = createHash('md5').update(body).digest('hex');
          expect(await started.result).toMatchObject({ body: { bytes: length, md5 } });
          const kept = (await started.blobs.get(BLOB)) ?? new Uint8Array(0);
          expect(Buffer.compare(kept, body)).toBe(0);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('waits for the disk, and takes eight pieces meanwhile at most', async () => {
    const blobs = new MemoryBlobs();
    const write = blobs.write.bind(blobs);
    let letGo: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    blobs.write = async (name) => {
      await gate;
      return write(name);
    };
    const started = upload(20 * 2 ** 20, {}, blobs);
    if ('refused' in started) throw new Error('it was let in');
    const { incoming, result } = started;
    let sentBytes = 0;
    const sending = (async () => {
      for (; sentBytes < 20 * 2 ** 20; sentBytes += 2 ** 16) await incoming.send(Buffer.alloc(2 ** 16));
      incoming.taker.end();
    })();
    while (incoming.heldTimes === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(sentBytes).toBeLessThanOrEqual(8 * 2 ** 20);
    letGo();
    await sending;
    expect(await result).toMatchObject({ body: { bytes: 20 * 2 ** 20 } });
  });

  it('that the disk does not take is refused as an internal error, and told', async () => {
    const blobs = new MemoryBlobs();
    blobs.write = () => Promise.reject(new Error('ENOSPC: no space left on device'));
    const started = upload(11, {}, blobs);
    if ('refused' in started) throw new Error('it was let in');
    await started.incoming.send(HELLO);
    started.incoming.taker.end();
    expect(codeOf(await started.result)).toBe('InternalError');
    expect(String(started.defects[0])).toContain('ENOSPC');
  });
});

describe('an upload into files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'eddy-uploads-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each([0, 1, 262_144, 600_000, 5_000_001])(
    'of %i bytes agrees with the CRC32 that the files have',
    async (length) => {
      const blobs = await FileBlobs.open(nodeDisk, folder);
      const body = randomBytes(length);
      const right = crcOf(body);
      const wrong = crcOf(Buffer.concat([body, body, HELLO]));
      for (const claimed of [right, wrong]) {
        const started = upload(length, { 'x-amz-checksum-crc32': claimed }, blobs);
        if ('refused' in started) throw new Error('it was let in');
        for (let at = 0; at < length; at += 100_000) await started.incoming.send(body.subarray(at, at + 100_000));
        started.incoming.taker.end();
        const result = await started.result;
        if (claimed === right) expect(result).toMatchObject({ body: { bytes: length, checksums: { CRC32: right } } });
        else expect(codeOf(result)).toBe('BadDigest');
        expect(await blobs.names()).toHaveLength(claimed === right && length > 0 ? 1 : 0);
        await blobs.delete(BLOB);
        expect(readdirSync(folder)).toEqual([]);
      }
    },
  );
});

describe('an upload whose last piece fails', () => {
  it.each(['append', 'finish'] as const)('at %s is not acknowledged', async (step) => {
    const blobs = new MemoryBlobs();
    const write = blobs.write.bind(blobs);
    blobs.write = async (name) => {
      const writer = await write(name);
      writer[step] = () => Promise.reject(new Error('EIO: i/o error'));
      return writer;
    };
    const started = upload(11, {}, blobs);
    if ('refused' in started) throw new Error('it was let in');
    await started.incoming.send(HELLO);
    started.incoming.taker.end();
    expect(codeOf(await started.result)).toBe('InternalError');
    expect(await blobs.names()).toEqual([]);
    expect(started.defects).toHaveLength(1);
  });
});

describe('a chunked upload', () => {
  const LENGTH = { 'x-amz-decoded-content-length': '11' };
  const TRAILER = { ...LENGTH, 'x-amz-trailer': 'x-amz-checksum-crc32' };
  const body = (text: string) => Buffer.from(text);

  it('is its chunks, agreed with its trailer', async () => {
    const coded = body(`b\r\nhello world\r\n0\r\nx-amz-checksum-crc32:${crcOf(HELLO)}\r\n\r\n`);
    expect((await sent(coded, TRAILER, true)).result).toMatchObject({
      body: { bytes: 11, checksums: { CRC32: crcOf(HELLO) } },
    });
    expect((await sent(body('b\r\nhello world\r\n0\r\n\r\n'), LENGTH, true)).result).toMatchObject({
      body: { bytes: 11 },
    });
  });

  it.each([
    ['another checksum', 'b\r\nhello world\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n', TRAILER, 'BadDigest'],
    ['no trailer', 'b\r\nhello world\r\n0\r\n\r\n', TRAILER, 'MalformedTrailerError'],
    [
      'a trailer nobody announced',
      'b\r\nhello world\r\n0\r\nx-amz-checksum-sha1:AAAA\r\n\r\n',
      TRAILER,
      'MalformedTrailerError',
    ],
    ['a checksum that is none', 'b\r\nhello world\r\n0\r\nx-amz-checksum-crc32:AA\r\n\r\n', TRAILER, 'InvalidRequest'],
    ['fewer bytes', '5\r\nhello\r\n0\r\n\r\n', LENGTH, 'IncompleteBody'],
    ['more bytes', 'c\r\nhello worlds\r\n0\r\n\r\n', LENGTH, 'IncompleteBody'],
    ['no end', 'b\r\nhello world\r\n', LENGTH, 'IncompleteBody'],
    ['nonsense', 'hello world', LENGTH, 'IncompleteBody'],
    ['small chunks', '5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n', LENGTH, 'InvalidChunkSizeError'],
  ])('with %s is refused and leaves nothing', async (_what, text, headers, code) => {
    const { result, names } = await sent(body(text), headers, true);
    expect(codeOf(result)).toBe(code);
    expect(names).toEqual([]);
  });
});
