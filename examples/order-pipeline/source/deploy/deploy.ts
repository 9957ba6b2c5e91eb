// Deploys the pipeline: with Terraform, or from the same files through the AWS SDK. Either way what comes back is the files' outputs.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { computeCreators } from './compute.ts';
import { deployModule } from './evaluate.ts';
import { readModule } from './hcl.ts';
import { messagingCreators } from './messaging.ts';
import { streamCreators } from './streams.ts';

export interface Deployment {
  /** The example's folder. */
  readonly folder: string;
  /** Values of the files' variables. */
  readonly variables: Readonly<Record<string, string>>;
  onProgress(line: string): void;
}

export type Outputs = Readonly<Record<string, string>>;

/** Through the SDK, whose endpoint and keys the environment names. */
export async function deployBySdk({ folder, variables, onProgress }: Deployment): Promise<Outputs> {
  const module = join(folder, 'terraform');
  const { outputs } = await deployModule({
    folder: module,
    blocks: readModule(module),
    variables,
    creators: { ...messagingCreators(), ...computeCreators(), ...streamCreators() },
    onCreated: onProgress,
  });
  return outputs as Outputs;
}

/** With Terraform, its state in `state`; the provider comes from wherever Terraform's own configuration says. */
export async function deployByTerraform(deployment: Deployment & { readonly state: string }): Promise<Outputs> {
  const { state } = deployment;
  await terraform(deployment, ['init', '-input=false']);
  await terraform(deployment, ['apply', '-auto-approve', '-input=false', `-state=${state}`]);
  const outputs = JSON.parse(await terraform(deployment, ['output', '-json', `-state=${state}`])) as object;
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, String(value)]));
}

/** Whether `terraform` is there and finds its provider. */
export async function hasTerraform(deployment: Deployment): Promise<boolean> {
  try {
    await terraform(deployment, ['init', '-input=false']);
    return true;
  } catch {
    return false;
  }
}

function terraform({ folder, variables, onProgress }: Deployment, words: readonly string[]): Promise<string> {
  const given = Object.entries(variables).map(([name, value]) => [`TF_VAR_${name}`, value]);
  const env = { ...process.env, ...Object.fromEntries(given), TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' };
  const child = spawn('terraform', [...words, '-no-color'], { cwd: join(folder, 'terraform'), env });
  let output = '';
  let problems = '';
  child.stdout.on('data', (piece: Buffer) => {
    output += piece.toString();
    for (const line of piece.toString().split('\n')) if (/Creation complete/.test(line)) onProgress(line.trim());
  });
  child.stderr.on('data', (piece: Buffer) => {
    problems += piece.toString();
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`terraform ${words[0]}: ${problems}`)),
    );
  });
}
