// What is printed when the server is ready. The last line is exactly `Ready.`: test tools wait for it.

import { join } from 'node:path';
import type { Config } from './config/config.ts';
import type { Diagnostics } from './diagnostics.ts';
import { ROOT_KEY_FILE } from './root-key-file.ts';
import { versionText } from './version.ts';

const IAM = {
  off: 'off (nothing is asked)',
  explain: 'explain (allowed, and what AWS would deny is written down)',
  enforce: 'enforce (denied as AWS does)',
};

function authentication({ auth, rootKey, dataDir }: Config): string {
  if (auth === 'relaxed') return 'relaxed (any access key; a 12-digit one names the account)';
  const key =
    rootKey === undefined
      ? `the root key is in ${join(dataDir, ROOT_KEY_FILE)}`
      : `the root key is ${rootKey.accessKeyId}`;
  return `strict (every signature is verified; ${key})`;
}

export function printBanner(diagnostics: Diagnostics, config: Config, url: string): void {
  if (config.log === 'quiet') {
    process.stdout.write('Ready.\n');
    return;
  }
  const data = config.isEphemeral
    ? 'in memory (nothing survives the process)'
    : `${config.dataDir} (file; a write is answered when it is on the disk)`;
  const clock = config.clock === 'real' ? 'real' : 'frozen (eddy clock advance 5m)';
  if (config.logFormat === 'json') {
    const { auth, iam, isInsecure } = config;
    const dataDir = config.isEphemeral ? null : config.dataDir;
    diagnostics.info('Started.', { version: versionText(), url, dataDir, auth, iam, clock: config.clock, isInsecure });
    diagnostics.info('Ready.');
    return;
  }
  const lines = [
    `Eddy ${versionText()}`,
    `  address         ${url}${config.isInsecure ? '  (insecure: open to every machine that reaches it)' : ''}`,
    `  data            ${data}`,
    `  authentication  ${authentication(config)}`,
    `  permissions     ${IAM[config.iam]}`,
    `  clock           ${clock}`,
    'Ready.',
  ];
  diagnostics.info(lines.join('\n'));
}
