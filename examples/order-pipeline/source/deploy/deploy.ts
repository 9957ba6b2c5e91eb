// Deploys the pipeline: with Terraform, or from the same files through the AWS SDK. Either way what comes back is the files' outputs.

import { spawn } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Where } from '../clients.ts';
import { computeCreators } from './compute.ts';
import { deployModule } from './evaluate.ts';
import { readModule } from './hcl.ts';
import { messagingCreators } from './messaging.ts';
import { streamCreators } from './streams.ts';

export interface Deployment {
  /** The folder of the `.tf` files. */
  readonly module: string;
  /** Values of the files' variables. */
  readonly variables: Readonly<Record<string, string>>;
  onProgress(line: string): void;
}

export type Outputs = Readonly<Record<string, string>>;

export async function deployBySdk({ module, variables, onProgress }: Deployment, where: Where): Promise<Outputs> {
  const { outputs } = await deployModule({
    folder: module,
    blocks: readModule(module),
    variables,
    creators: { ...messagingCreators(where), ...computeCreators(where), ...streamCreators(where) },
    onCreated: onProgress,
  });
  return outputs as Outputs;
}

/** A copy of the files in which Terraform has found its provider, or undefined where it is not there, or finds none. */
export async function preparedModule(deployment: Deployment, folder: string): Promise<Deployment | undefined> {
  const module = join(folder, 'terraform');
  cpSync(deployment.module, module, {
    recursive: true,
    filter: (path) => !/terraform\/\.terraform|tfstate/.test(path),
  });
  const prepared = { ...deployment, module };
  try {
    await terraform(prepared, ['init', '-input=false']);
    return prepared;
  } catch {
    return undefined;
  }
}

export async function deployByTerraform(prepared: Deployment): Promise<Outputs> {
  await terraform(prepared, ['apply', '-auto-approve', '-input=false']);
  const outputs = JSON.parse(await terraform(prepared, ['output', '-json'])) as Record<string, { value: unknown }>;
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, String(value)]));
}

function terraform({ module, variables, onProgress }: Deployment, words: readonly string[]): Promise<string> {
  const given = Object.entries(variables).map(([name, value]) => [`TF_VAR_${name}`, value]);
  const env = { ...process.env, ...Object.fromEntries(given), TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' };
  const child = spawn('terraform', [...words, '-no-color'], { cwd: module, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let problems = '';
  child.stdout.on('data', (piece: Buffer) => {
    output += piece.toString();
    for (const line of piece.toString().split('\n')) {
      const address = /^(\S+): Creation complete/.exec(line)?.[1];
      if (address !== undefined) onProgress(address);
    }
  });
  child.stderr.on('data', (piece: Buffer) => {
    problems += piece.toString();
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`terraform ${words[0]} ended with ${code}: ${problems.trim()}`));
    });
  });
}
