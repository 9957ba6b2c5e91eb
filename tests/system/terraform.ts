// Terraform with AWS's provider from a local mirror, in a copy of a module: what a user runs, without a network.

import { cpSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { cleanEnvironment, type Ended, run, whyMissing } from './eddy-process.ts';

/** Folders that hold `registry.terraform.io/hashicorp/aws`, in the places where mirrors usually are. */
function providerMirror(): string | undefined {
  const places = [
    process.env['TF_PLUGIN_MIRROR'],
    '/usr/share/terraform/plugins',
    '/usr/local/share/terraform/plugins',
  ];
  places.push(join(homedir(), '.terraform.d', 'plugins'), process.env['TF_PLUGIN_CACHE_DIR']);
  if (existsSync('/opt')) places.push(...readdirSync('/opt').map((name) => join('/opt', name)));
  return places.find(
    (place) => place !== undefined && existsSync(join(place, 'registry.terraform.io', 'hashicorp', 'aws')),
  );
}

const mirror = providerMirror();

/** Why a test with Terraform is not run; also asks for the other programs that it needs. */
export async function whyNoTerraform(...others: readonly string[]): Promise<string | undefined> {
  if (mirror === undefined) return 'the provider hashicorp/aws is in no local mirror';
  const missing = [await whyMissing('terraform', ['version'])];
  for (const program of others) missing.push(await whyMissing(program, ['--version']));
  return missing.find((reason) => reason !== undefined);
}

export interface Module {
  readonly path: string;
  run(...args: string[]): Promise<Ended>;
  /** Applies it and gives its outputs; the test fails with Terraform's own words. */
  apply(): Promise<Record<string, string>>;
  destroy(): Promise<void>;
}

/** Copies the module's sources into `folder` and runs Terraform there; `variables` by name. */
export function openModule(source: string, folder: string, variables: () => Readonly<Record<string, string>>): Module {
  const path = join(folder, 'module');
  const isSource = (file: string): boolean => !/\.terraform|terraform\.tfstate|\/build/.test(file.slice(source.length));
  cpSync(source, path, { recursive: true, filter: isSource });
  const settings = join(folder, 'terraformrc');
  writeFileSync(settings, `provider_installation {\n  filesystem_mirror {\n    path = "${mirror}"\n  }\n}\n`);
  const terraform = (...args: string[]): Promise<Ended> => {
    const given = Object.entries(variables()).map(([name, value]) => [`TF_VAR_${name}`, value]);
    const env = cleanEnvironment({
      ...Object.fromEntries(given),
      TF_CLI_CONFIG_FILE: settings,
      TF_IN_AUTOMATION: '1',
      CHECKPOINT_DISABLE: '1',
    });
    return run('terraform', [...args, '-no-color'], { cwd: path, env });
  };
  const succeed = async (...args: string[]): Promise<Ended> => {
    const ended = await terraform(...args);
    expect(`${ended.code} ${ended.stderr}`).toBe('0 ');
    return ended;
  };
  return {
    path,
    run: terraform,
    async apply() {
      await succeed('init', '-input=false');
      await succeed('apply', '-auto-approve', '-input=false');
      const { stdout } = await succeed('output', '-json');
      const outputs = Object.entries(JSON.parse(stdout) as Record<string, { value: string }>);
      return Object.fromEntries(outputs.map(([name, { value }]) => [name, value]));
    },
    async destroy() {
      await succeed('destroy', '-auto-approve', '-input=false');
    },
  };
}

/** A second plan says that there is nothing to do. */
export async function expectNoChanges(module: Module): Promise<void> {
  const { code, stdout } = await module.run('plan', '-detailed-exitcode', '-input=false');
  expect(stdout).toContain('No changes.');
  expect(code).toBe(0);
}
