// The root key that the command line uses: from the environment, or the file that a server with strict authentication keeps in its data
// directory. Without either, the test key that relaxed authentication takes.

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { RootKey } from '#server/config/config.ts';
import { ROOT_KEY_FILE } from '#server/root-key-file.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export function rootKeyOf(environment: Environment, dataDir?: string): RootKey | undefined {
  const accessKeyId = environment['EDDY_ROOT_ACCESS_KEY_ID'];
  const secretAccessKey = environment['EDDY_ROOT_SECRET_ACCESS_KEY'];
  if (accessKeyId !== undefined && secretAccessKey !== undefined) return { accessKeyId, secretAccessKey };
  const folder = resolve(dataDir ?? environment['EDDY_DATA_DIR'] ?? './.eddy');
  try {
    return JSON.parse(readFileSync(join(folder, ROOT_KEY_FILE), 'utf8')) as RootKey;
  } catch {
    return undefined;
  }
}

export const TEST_KEY: RootKey = { accessKeyId: 'test', secretAccessKey: 'test' };
