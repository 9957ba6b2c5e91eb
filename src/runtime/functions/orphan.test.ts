// What becomes of an execution environment whose server was killed: nothing reads its output, nobody answers its calls.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const bootstrap = (name: string): string => fileURLToPath(new URL(`bootstraps/${name}`, import.meta.url));
const hasPython = spawnSync('python3', ['--version']).status === 0;

async function orphanEnds(
  command: string,
  script: string,
  files: Readonly<Record<string, string>>,
): Promise<number | null> {
  const root = mkdtempSync(join(tmpdir(), 'eddy-orphan-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
  const api = createServer();
  api.listen(0, '127.0.0.1');
  await once(api, 'listening');
  const env = {
    PATH: process.env.PATH,
    AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${(api.address() as AddressInfo).port}`,
    LAMBDA_TASK_ROOT: root,
    _HANDLER: 'app.handler',
  };
  const child = spawn(command, [script], { env, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  const [request] = await once(api, 'request');
  // The end of the server as the environment sees it: no reader of its output, its call broken off. The lifeline stays, so
  // that it is not what ends the process.
  child.stdout?.destroy();
  child.stderr?.destroy();
  request.socket.destroy();
  api.close();
  try {
    const [code] = await exited;
    return code;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

test('a Node environment ends when its server is gone', async () => {
  const files = { 'app.js': 'exports.handler = async () => null;' };
  expect(await orphanEnds(process.execPath, bootstrap('node.mjs'), files)).not.toBeNull();
});

test.skipIf(!hasPython)('a Python environment ends when its server is gone (python3)', async () => {
  const files = { 'app.py': 'def handler(event, context): return None' };
  expect(await orphanEnds('python3', bootstrap('python.py'), files)).not.toBeNull();
});
