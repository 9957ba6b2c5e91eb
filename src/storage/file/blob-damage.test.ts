// A blob in pieces whose file was changed: the pieces that are whole are read, the one that is not is named, and so is a file that is
// shorter than it was.

import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { StorageCorruption } from '../journal.ts';
import { FileBlobs } from './file-blobs.ts';
import { nodeDisk } from './node-disk.ts';

const NAME = 's3/00000000-0000-4000-8000-000000000001';
const PIECE = 256 * 1024;
let folder: string;
let blobs: FileBlobs;
let file: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'eddy-blobs-'));
  blobs = await FileBlobs.open(nodeDisk, folder);
  const writer = await blobs.write(NAME);
  await writer.append(Buffer.alloc(3 * PIECE + 10, 'what is kept '));
  await writer.finish();
  file = join(folder, readdirSync(folder)[0] as string);
});

afterEach(() => rmSync(folder, { recursive: true }));

function flip(at: number): void {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] as number) ^ 1;
  writeFileSync(file, bytes);
}

it('is spelled out in the directory, so that a listing opens nothing', async () => {
  expect(readdirSync(folder)).toEqual(['s3.00000000-0000-4000-8000-000000000001.blob']);
  flip(0);
  expect(await blobs.names('s3/')).toEqual([NAME]);
});

it('is read where it is whole, and named where it is not', async () => {
  flip(PIECE + 1_000);
  const reader = await blobs.open(NAME);
  expect(await reader?.read(0, 100)).toHaveLength(100);
  expect(await reader?.read(2 * PIECE, 3 * PIECE + 10)).toHaveLength(PIECE + 10);
  await expect(reader?.read(0, PIECE + 1)).rejects.toThrow(/from 262144 on do not match their checksum/);
  await reader?.close();
});

it.each([0, 20, 40])('with another byte in its head at %i is not opened', async (at) => {
  flip(at);
  await expect(blobs.open(NAME)).rejects.toThrow(StorageCorruption);
});

it.each([1, 4, 12, 20, 24, 30])('with another byte %i before its end is not opened', async (before) => {
  const { length } = readFileSync(file);
  flip(length - before);
  await expect(blobs.open(NAME)).rejects.toThrow(StorageCorruption);
});

it.each([0, 31, 100, PIECE, 3 * PIECE])('cut to %i bytes is not opened', async (bytes) => {
  truncateSync(file, bytes);
  await expect(blobs.open(NAME)).rejects.toThrow(StorageCorruption);
});

it('is read into memory that was brought, where that is enough, and verified there', async () => {
  const content = Buffer.alloc(100_000, 'of a block ');
  await blobs.put('block', content);
  const memory = Buffer.alloc(100_001, 'before');
  const read = (await blobs.get('block', memory)) as Uint8Array;
  expect(read.buffer).toBe(memory.buffer);
  expect(content.equals(read)).toBe(true);
  const tooSmall = await blobs.get('block', memory.subarray(0, 99_999));
  expect(tooSmall?.buffer).not.toBe(memory.buffer);
  expect(content.equals(tooSmall as Uint8Array)).toBe(true);
  file = join(folder, readdirSync(folder).find((name) => !name.startsWith('s3.')) as string);
  flip(50_000);
  await expect(blobs.get('block', memory)).rejects.toThrow('the bytes of "block" do not match their checksum');
});
