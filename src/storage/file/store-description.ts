// `store.json`: what makes a directory a store. Written once, when the store is made.

import { randomBytes } from 'node:crypto';
import { StartupProblem } from '#base/startup-problem.ts';
import { readJson, UNFINISHED, writeJson } from './atomic-file.ts';
import type { Disk } from './disk.ts';

const MAGIC = 'eddy-store';
const FORMAT_VERSION = 1;
const SECRET_BYTES = 32;

export interface StoreDescription {
  /** 32 hexadecimal digits; every file of the store carries it. */
  readonly storeId: string;
  readonly secret: Uint8Array;
}

interface Content {
  readonly magic: string;
  readonly formatVersion: number;
  readonly storeId: string;
  readonly secret: string;
  readonly createdAt: string;
}

/** Reads the description, or makes a new store in an empty directory. */
export async function readOrCreate(disk: Disk, directory: string): Promise<StoreDescription> {
  const path = `${directory}/store.json`;
  const content = (await readJson(disk, path)) as Partial<Content> | undefined;
  return content === undefined ? create(disk, directory, path) : check(content, path);
}

async function create(disk: Disk, directory: string, path: string): Promise<StoreDescription> {
  // A lock is ours, and so is what a process left that ended while it made the store.
  const foreign = (await disk.list(directory)).filter(
    (name) => !/^lock(\.|$)/.test(name) && !name.endsWith(UNFINISHED),
  );
  if (foreign.length > 0) {
    throw new StartupProblem(
      'STO-01',
      `The data directory ${directory} is not empty and holds no store.json, so it is not a store of Eddy: it contains ` +
        `"${foreign.sort()[0]}".`,
    );
  }
  const secret = randomBytes(SECRET_BYTES);
  const content: Content = {
    magic: MAGIC,
    formatVersion: FORMAT_VERSION,
    storeId: randomBytes(16).toString('hex'),
    secret: secret.toString('base64'),
    createdAt: new Date().toISOString(),
  };
  await writeJson(disk, path, content);
  return { storeId: content.storeId, secret };
}

function check(content: Partial<Content>, path: string): StoreDescription {
  if (content.magic !== MAGIC) throw new StartupProblem('STO-01', `${path} does not describe a store of Eddy.`);
  if (content.formatVersion !== FORMAT_VERSION) {
    throw new StartupProblem(
      'STO-04',
      `${path} has format version ${content.formatVersion}; this version of Eddy reads version ${FORMAT_VERSION}.`,
    );
  }
  const secret = Buffer.from(content.secret ?? '', 'base64');
  if (secret.length !== SECRET_BYTES || !/^[0-9a-f]{32}$/.test(content.storeId ?? '')) {
    throw new StartupProblem('STO-01', `${path} does not describe a store of Eddy: an entry is missing.`);
  }
  return { storeId: content.storeId as string, secret };
}
