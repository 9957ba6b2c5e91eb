// Function code on disk: each package is unpacked once, into a folder named after its hash, and used by all environments
// that run it. A package's entries never get out of their folder: names and links that would are refused. Links are made
// last, so that nothing is written through one.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';

/** AWS: 250 MB unpacked, layers included. */
export const UNPACKED_BYTES_MAX = 262_144_000;
const LOCAL_HEADER_BYTES = 30;

export class BadPackage extends Error {
  override readonly name = 'BadPackage';
}

export class CodeStore {
  private readonly unpacked = new Map<string, Promise<string>>();
  private bounded: Promise<void> | undefined;

  /** @param folder made when needed, may be removed when the server stops. */
  constructor(
    private readonly folder: string,
    private readonly load: (codeHash: string) => Promise<Uint8Array | undefined>,
  ) {}

  /** The folder with the package's files. Rejects with {@link BadPackage} when there is no such code or it cannot be read. */
  folderOf(codeHash: string): Promise<string> {
    let folder = this.unpacked.get(codeHash);
    if (folder === undefined) {
      folder = this.unpack(codeHash);
      this.unpacked.set(codeHash, folder);
      folder.catch(() => this.unpacked.delete(codeHash));
    }
    return folder;
  }

  private async unpack(codeHash: string): Promise<string> {
    // Hashes are base64, which has slashes.
    const name = createHash('sha256').update(codeHash).digest('hex').slice(0, 32);
    const target = join(this.folder, name);
    this.bounded ??= boundScope(this.folder).catch((error: unknown) => {
      this.bounded = undefined;
      throw error;
    });
    await this.bounded;
    if (existsSync(target)) return target;
    const bytes = await this.load(codeHash);
    if (bytes === undefined) throw new BadPackage(`the code ${codeHash} is not stored`);
    const aside = `${target}.new`;
    await rm(aside, { recursive: true, force: true });
    await mkdir(aside, { recursive: true, mode: 0o700 });
    const files = await filesOf(bytes);
    for (const file of files) if (file.linkTo === undefined) await writeFileOf(aside, file);
    for (const file of files) if (file.linkTo !== undefined) await writeLink(aside, file.path, file.linkTo);
    await rename(aside, target);
    return target;
  }
}

/**
 * Node asks the nearest package.json above a file what `.js` means. Where a package has none, that must not be one above the store: the project's
 * that Eddy was started in, for instance, which may say `"type": "module"` to a CommonJS handler.
 */
async function boundScope(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, 'package.json'), '{}\n');
}

export interface PackageFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly isExecutable: boolean;
  /** Set for a symbolic link: where it leads, relative to its own folder. */
  readonly linkTo?: string;
}

/** The files of a zip, checked: paths and links stay inside the package, which is not larger than AWS takes. */
export async function filesOf(zip: Uint8Array): Promise<PackageFile[]> {
  const modes = unixModes(zip);
  let total = 0;
  // Its tables take a while to make, and a start makes do without.
  const { unzip } = await import('fflate');
  const entries = await unzipAsync(unzip, zip, (size) => {
    total += size;
    if (total > UNPACKED_BYTES_MAX)
      throw new BadPackage(`the unpacked package is larger than ${UNPACKED_BYTES_MAX} bytes`);
  });
  const files: PackageFile[] = [];
  for (const [name, bytes] of Object.entries(entries)) {
    const path = insidePath(name);
    if (path === undefined) throw new BadPackage(`the package names a file outside of itself: ${name}`);
    if (name.endsWith('/')) continue;
    const mode = modes.get(name) ?? 0;
    const isExecutable = (mode & 0o111) !== 0;
    if ((mode & FILE_TYPE) !== SYMBOLIC_LINK) files.push({ path, bytes, isExecutable });
    else files.push({ path, bytes, isExecutable, linkTo: checkedLink(path, Buffer.from(bytes).toString('utf8')) });
  }
  return files;
}

const FILE_TYPE = 0o170000;
const SYMBOLIC_LINK = 0o120000;

function checkedLink(path: string, linkTo: string): string {
  if (!linkTo.startsWith('/') && insidePath(join(dirname(path), linkTo)) !== undefined) return linkTo;
  throw new BadPackage(`the package has a link that leads outside of itself: ${path} -> ${linkTo}`);
}

function insidePath(name: string): string | undefined {
  if (name.includes('\0') || name.includes('\\') || name.startsWith('/') || /^[A-Za-z]:/.test(name)) return undefined;
  const path = normalize(name);
  return path === '..' || path.startsWith(`..${sep}`) ? undefined : path;
}

async function writeFileOf(root: string, file: PackageFile): Promise<void> {
  const path = join(root, file.path);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, file.bytes);
  await chmod(path, file.isExecutable ? 0o755 : 0o644);
}

async function writeLink(root: string, path: string, linkTo: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await symlink(linkTo, join(root, path));
}

function unzipAsync(
  unzip: typeof import('fflate').unzip,
  zip: Uint8Array,
  admit: (originalBytes: number) => void,
): Promise<Record<string, Uint8Array>> {
  return new Promise((done, failed) => {
    try {
      const filter = (file: { originalSize: number }): boolean => {
        admit(file.originalSize);
        return true;
      };
      unzip(zip, { filter }, (error, files) => {
        if (error !== null) failed(new BadPackage(`the package cannot be read as a zip file: ${error.message}`));
        else done(files);
      });
    } catch (error) {
      failed(
        error instanceof BadPackage ? error : new BadPackage(`the package cannot be read as a zip file: ${error}`),
      );
    }
  });
}

/** File modes out of the zip's central directory: fflate does not give them, and `bootstrap` needs its execute bit. */
function unixModes(zip: Uint8Array): Map<string, number> {
  const modes = new Map<string, number>();
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  let end = zip.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end -= 1;
  if (end < 0) return modes;
  let at = view.getUint32(end + 16, true);
  const count = view.getUint16(end + 10, true);
  for (let i = 0; i < count && at + LOCAL_HEADER_BYTES + 16 <= zip.length; i += 1) {
    if (view.getUint32(at, true) !== 0x02014b50) break;
    const nameBytes = view.getUint16(at + 28, true);
    const isUnix = view.getUint8(at + 5) === 3;
    const name = Buffer.from(zip.subarray(at + 46, at + 46 + nameBytes)).toString('utf8');
    if (isUnix) modes.set(name, view.getUint32(at + 38, true) >>> 16);
    at += 46 + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return modes;
}
