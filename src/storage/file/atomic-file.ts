// Small files that are there whole or not at all: written aside, synced, renamed, and the directory synced. The JSON kind
// carries a checksum over its own content, so that a flipped bit never becomes another key or another range.

import { crc32 } from 'node:zlib';
import { StorageCorruption } from '../journal.ts';
import { type Disk, isMissing } from './disk.ts';

/** Ends the names of files that were never finished; they are removed when the store is opened. */
export const UNFINISHED = '.unfinished';

/** The journal waits while the disk takes what is synced here: a hundred megabytes at once are a tenth of a second. */
const UNSYNCED_BYTES_MAX = 8 * 2 ** 20;

const splitPath = (path: string) => path.slice(0, path.lastIndexOf('/'));
let asideCount = 0;

/** The bytes must not change before it resolves. */
export type Append = (pieces: readonly Uint8Array[]) => Promise<void>;

/** Writes a file in pieces through `fill`, then puts it in place under `path`. */
export async function writeAtomically(
  disk: Disk,
  path: string,
  fill: (append: Append) => Promise<void>,
): Promise<void> {
  asideCount += 1;
  const aside = `${path}.${asideCount}${UNFINISHED}`;
  await removeIfThere(disk, aside);
  try {
    await writeAside(disk, aside, fill);
    await disk.rename(aside, path);
  } catch (error) {
    // On a full disk the half of a file would take the room that is needed. The first error is the one that tells.
    await disk.remove(aside).catch(() => undefined);
    throw error;
  }
  await disk.syncDirectory(splitPath(path));
}

async function writeAside(disk: Disk, path: string, fill: (append: Append) => Promise<void>): Promise<void> {
  const fd = await disk.open(path, 'create');
  try {
    let at = 0;
    let syncedAt = 0;
    await fill(async (pieces) => {
      if (at - syncedAt >= UNSYNCED_BYTES_MAX) {
        await disk.syncData(fd);
        syncedAt = at;
      }
      await disk.write(fd, pieces, at);
      for (const { length } of pieces) at += length;
    });
    await disk.syncData(fd);
  } finally {
    await disk.close(fd);
  }
}

export async function removeIfThere(disk: Disk, path: string): Promise<void> {
  try {
    await disk.remove(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** Removes what an earlier process never finished. */
export async function removeUnfinished(disk: Disk, directory: string): Promise<void> {
  for (const name of await disk.list(directory)) {
    if (name.endsWith(UNFINISHED)) await removeIfThere(disk, `${directory}/${name}`);
  }
}

/** The whole file, or undefined when it is not there. */
export async function readWhole(disk: Disk, path: string): Promise<Uint8Array | undefined> {
  let fd: number;
  try {
    fd = await disk.open(path, 'read');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  try {
    const bytes = new Uint8Array(await disk.size(fd));
    const count = await disk.read(fd, bytes, 0);
    return bytes.subarray(0, count);
  } finally {
    await disk.close(fd);
  }
}

export async function writeJson(disk: Disk, path: string, content: object): Promise<void> {
  const checksum = checksumOf(content);
  const text = `${JSON.stringify({ ...content, checksum }, undefined, 2)}\n`;
  await writeAtomically(disk, path, (append) => append([Buffer.from(text)]));
}

/** The content as it was written, or undefined when the file is not there. */
export async function readJson(disk: Disk, path: string): Promise<object | undefined> {
  const bytes = await readWhole(disk, path);
  if (bytes === undefined) return undefined;
  const parsed = parseJson(bytes);
  if (parsed === undefined) throw new StorageCorruption(`${path} is damaged: it is not the JSON that was written`);
  const { checksum, ...content } = parsed;
  if (checksum !== checksumOf(content)) {
    throw new StorageCorruption(`${path} is damaged: its content does not match its checksum`);
  }
  return content;
}

function parseJson(bytes: Uint8Array): ({ checksum?: unknown } & object) | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function checksumOf(content: object): string {
  return crc32(Buffer.from(JSON.stringify(content)), 0)
    .toString(16)
    .padStart(8, '0');
}
