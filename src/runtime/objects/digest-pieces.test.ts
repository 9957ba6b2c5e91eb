// What is digested out of blobs is what lies between the offsets, in one piece or in many, here or in the thread.

import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FileBlobs } from '#storage/file/file-blobs.ts';
import { nodeDisk } from '#storage/file/node-disk.ts';
import { digestPieces } from './digest-pieces.ts';
import { DigestThread } from './digest-thread.ts';

const thread = new DigestThread();
const bytes = randomBytes(3_500_000);
let folder: string;
let blobs: FileBlobs;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'eddy-digests-'));
  blobs = await FileBlobs.open(nodeDisk, folder);
  const writer = await blobs.write('large');
  await writer.append(bytes);
  await writer.finish();
  await blobs.put('small', bytes.subarray(0, 1_000));
});

afterAll(() => rmSync(folder, { recursive: true }));

const base64Of = (whole: Uint8Array): string => {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(whole));
  return sum.toString('base64');
};

it.each([
  ['a few bytes', [{ blob: 'small', from: 10, to: 20 }]],
  ['nothing', []],
  ['all of a blob', [{ blob: 'large', from: 0, to: 3_500_000 }]],
  [
    'runs of several',
    [
      { blob: 'large', from: 1_048_575, to: 3_499_999 },
      { blob: 'small', from: 0, to: 1_000 },
      { blob: 'large', from: 7, to: 600_000 },
    ],
  ],
])('%s', async (_what, pieces) => {
  const whole = Buffer.concat(pieces.map(({ from, to }) => bytes.subarray(from, to)));
  const md5 = createHash('md5').update(whole).digest('hex');
  const sha1 = createHash('sha1').update(whole).digest('base64');
  expect(await digestPieces(blobs, thread, { pieces, algorithms: [] })).toEqual({ md5, checksums: {} });
  expect(await digestPieces(blobs, thread, { pieces, algorithms: ['CRC32', 'SHA1'] })).toEqual({
    md5,
    checksums: { CRC32: base64Of(whole), SHA1: sha1 },
  });
});

it('a blob that is gone is told', async () => {
  const pieces = [
    { blob: 'large', from: 0, to: 3_000_000 },
    { blob: 'never', from: 0, to: 1 },
  ];
  await expect(digestPieces(blobs, thread, { pieces, algorithms: [] })).rejects.toThrow('the blob never is gone');
});
