import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Interpreters } from './interpreters.ts';

let home: string;

function script(path: string, text: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'interpreters-'));
  script(join(home, 'bin', 'python3.9'), 'echo "shim: python3.9: command not found" >&2; exit 127');
  script(join(home, 'bin', 'python3.11'), 'echo Python 3.11.2');
  script(join(home, '.pyenv', 'versions', '3.13.0', 'bin', 'python3.13'), 'echo Python 3.13.0; echo /real/python3.13');
});
afterAll(() => rmSync(home, { recursive: true }));

const interpreters = () => new Interpreters({ PATH: join(home, 'bin'), HOME: home });

test('the named Python is taken when it works', async () => {
  expect(await interpreters().find('python3.11')).toEqual({
    kind: 'python',
    command: join(home, 'bin', 'python3.11'),
    version: 'Python 3.11.2',
  });
});

test('a Python that only a version manager knows is found, and started as the program it leads to', async () => {
  expect(await interpreters().find('python3.13')).toMatchObject({
    command: '/real/python3.13',
  });
});

test('a shim that fails is no Python: the nearest newer one is taken, and says so', async () => {
  const command = join(home, 'bin', 'python3.11');
  expect(await interpreters().find('python3.9')).toEqual({
    kind: 'python',
    command,
    version: 'Python 3.11.2',
    note: `python3.9 is not on this machine: running on Python 3.11.2 (${command}).`,
  });
});

test('what nothing runs is refused with what is there', async () => {
  const runnable = `python3.11, python3.13, nodejs (${process.version}), provided (a bootstrap in the package)`;
  expect(await interpreters().find('python3.14')).toEqual({
    missing: `Neither python3.14 nor a newer Python 3 is on this machine; it can run ${runnable}.`,
  });
  expect(await interpreters().find('java21')).toEqual({
    missing: `Nothing on this machine runs java21; it can run ${runnable}.`,
  });
});

test('Node functions run on the Node of the server', async () => {
  const major = process.version.slice(1).split('.')[0];
  expect(await interpreters().find(`nodejs${major}.x`)).toEqual({
    kind: 'node',
    command: process.execPath,
    version: `Node.js ${process.version}`,
  });
  expect(await interpreters().find('nodejs16.x')).toMatchObject({
    note: `nodejs16.x runs on the Node.js of this server: ${process.version}.`,
  });
});
