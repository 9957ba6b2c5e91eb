// `eddy terraform …`: runs Terraform with an override file that points every AWS provider of the module at this server, and takes the file
// away again. An existing file of that name is not touched.

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientEnvironment } from '../client-environment.ts';
import { CommandProblem, EXIT } from '../exit-codes.ts';
import { runProgram } from '../run-program.ts';

export const OVERRIDE_FILE = 'eddy_override.tf';

/** Endpoint names of the provider; other services follow AWS_ENDPOINT_URL. */
const SERVICES = [
  'cloudwatchlogs',
  'events',
  'firehose',
  'iam',
  'kinesis',
  'lambda',
  'pipes',
  's3',
  'scheduler',
  'schemas',
  'sns',
  'sqs',
  'sts',
];

/** Terraform reads no configuration for these. */
const WITHOUT_PROVIDERS = new Set([
  'fmt',
  'version',
  'login',
  'logout',
  '-version',
  '--version',
  '-help',
  '--help',
  '-h',
]);

export async function terraform(args: readonly string[], endpoint: string): Promise<number> {
  const added = clientEnvironment(endpoint, process.env);
  const command = args.find((arg) => !arg.startsWith('-chdir='));
  if (command === undefined || WITHOUT_PROVIDERS.has(command)) return runProgram('terraform', args, added);
  const folder = args.find((arg) => arg.startsWith('-chdir='))?.slice('-chdir='.length) ?? '.';
  const path = join(folder, OVERRIDE_FILE);
  if (existsSync(path)) {
    throw new CommandProblem(EXIT.failed, `${path} exists: another run is under way, or one was cut off; remove it.`);
  }
  writeFileSync(path, overrideText(endpoint, providerAliases(folder)), { flag: 'wx' });
  try {
    return await runProgram('terraform', args, added);
  } finally {
    rmSync(path, { force: true });
  }
}

/** Aliases of the AWS provider in a folder's files; undefined stands for the one without. */
export function providerAliases(folder: string): (string | undefined)[] {
  const aliases = new Set<string | undefined>([undefined]);
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.tf')) continue;
    const text = readFileSync(join(folder, name), 'utf8');
    for (const block of text.matchAll(/^\s*provider\s+"aws"\s*\{([\s\S]*?)^\s*\}/gm)) {
      const alias = /^\s*alias\s*=\s*"([^"]+)"/m.exec(block[1] ?? '')?.[1];
      if (alias !== undefined) aliases.add(alias);
    }
  }
  return [...aliases];
}

export function overrideText(endpoint: string, aliases: readonly (string | undefined)[]): string {
  const blocks = aliases.map((alias) =>
    [
      'provider "aws" {',
      ...(alias === undefined ? [] : [`  alias = "${alias}"`]),
      '  skip_credentials_validation = true',
      '  skip_metadata_api_check     = true',
      '  s3_use_path_style           = true',
      '  endpoints {',
      ...SERVICES.map((service) => `    ${service} = "${endpoint}"`),
      '  }',
      '}',
      '',
    ].join('\n'),
  );
  return `# Written by eddy terraform; removed when it ends.\n${blocks.join('\n')}`;
}
