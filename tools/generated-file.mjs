// What a generator does with a text: writes it, or with --check tells whether the file has it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export const isCheck = process.argv.includes('--check');

/** False when the file should have another text; that is said, and the process will end with 1. `source`: what it is made from. */
export function settle(path, text, source) {
  if (!isCheck) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return true;
  }
  let before = '';
  try {
    before = readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  if (before === text) return true;
  console.error(`${path} differs from ${source}: run npm run generate`);
  process.exitCode = 1;
  return false;
}
