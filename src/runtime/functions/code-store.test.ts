import { existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CodeStore, filesOf } from './code-store.ts';
import { zipOf } from './testing.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'code-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const link = (to: string) => [new TextEncoder().encode(to), { os: 3, attrs: 0o120777 << 16 }] as const;

test('a package is unpacked once, with its execute bits and links', async () => {
  let loads = 0;
  const zip = zipSync({
    'lib/a.py': new TextEncoder().encode('a'),
    'lib/again.py': link('a.py') as never,
    bootstrap: [new Uint8Array(), { os: 3, attrs: 0o100755 << 16 }],
  });
  const store = new CodeStore(folder, async () => {
    loads += 1;
    return zip;
  });
  const [first, second] = await Promise.all([store.folderOf('a/b+c='), store.folderOf('a/b+c=')]);
  expect(second).toBe(first);
  expect(loads).toBe(1);
  expect(readFileSync(join(first, 'lib/a.py'), 'utf8')).toBe('a');
  expect(readlinkSync(join(first, 'lib/again.py'))).toBe('a.py');
  expect(statSync(join(first, 'bootstrap')).mode & 0o111).toBe(0o111);
  expect(statSync(join(first, 'lib/a.py')).mode & 0o111).toBe(0);
});

test.each(['../outside', 'a/../../outside', '/tmp/outside', 'a\\..\\outside', 'C:outside', 'a\0b'])(
  'a package that names %j is refused',
  async (name) => {
    await expect(filesOf(zipOf({ [name]: 'x' }))).rejects.toThrow('names a file outside of itself');
    expect(existsSync(join(folder, 'outside'))).toBe(false);
  },
);

test.each(['/etc/passwd', '../x', 'b/../../x'])('a package with a link to %s is refused', async (to) => {
  await expect(filesOf(zipSync({ a: link(to) as never }))).rejects.toThrow('has a link that leads outside of itself');
});

test('bytes that are no zip are refused', async () => {
  await expect(filesOf(new Uint8Array(100))).rejects.toThrow('cannot be read as a zip file');
  await expect(filesOf(zipOf({ a: 'x' }).subarray(0, 40))).rejects.toThrow('cannot be read as a zip file');
});
