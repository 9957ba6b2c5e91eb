// The root key of a server with strict authentication that was given none: made once, kept in the data directory, readable by its owner.

import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartupProblem } from '#base/startup-problem.ts';
import type { RootKey } from './config/config.ts';

export const ROOT_KEY_FILE = 'root-key.json';

/** AWS's key ids are base 32. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function ensureRootKey(dataDir: string): RootKey {
  const path = join(dataDir, ROOT_KEY_FILE);
  try {
    return readKey(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const key = newRootKey();
  writeFileSync(path, `${JSON.stringify(key)}\n`, { mode: 0o600, flag: 'wx' });
  return key;
}

function readKey(path: string): RootKey {
  const text = readFileSync(path, 'utf8');
  try {
    const { accessKeyId, secretAccessKey } = JSON.parse(text) as Partial<RootKey>;
    if (typeof accessKeyId === 'string' && typeof secretAccessKey === 'string') {
      return JSON.parse(text) as RootKey;
    }
  } catch {
    // Told below, as for any text that is no key.
  }
  throw new StartupProblem('STO-07', `${path} holds no root key: restore it, or remove it to get a new one.`);
}

export function newRootKey(): RootKey {
  const letters = [...randomBytes(16)].map((byte) => ALPHABET[byte % 32]).join('');
  return { accessKeyId: `AKIA${letters}`, secretAccessKey: randomBytes(30).toString('base64') };
}
