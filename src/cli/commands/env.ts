// `eval $(eddy env)`: the shell's AWS clients talk to this server.

import { resolve } from 'node:path';
import { clientEnvironment } from '../client-environment.ts';
import { TEST_KEY } from '../root-key.ts';
import { endpointOf, ServerClient } from '../server-client.ts';

export interface EnvOptions {
  readonly endpoint?: string;
  readonly dataDir?: string;
  readonly json?: boolean;
  readonly unset?: boolean;
}

export function env(options: EnvOptions): string {
  const endpoint = endpointOf(options.endpoint);
  const variables: Record<string, string> = {
    EDDY_ENDPOINT: endpoint,
    // Where `eddy explain` and the others find the root key afterwards, from whatever folder.
    ...(options.dataDir === undefined ? {} : { EDDY_DATA_DIR: resolve(options.dataDir) }),
    ...clientEnvironment(endpoint, { ...process.env, EDDY_ENDPOINT: undefined }, options.dataDir),
  };
  if (options.json === true) return JSON.stringify(variables);
  const names = Object.keys(variables);
  if (options.unset === true) {
    // Whether or not it is named again: left behind, it would be the next server's data directory.
    return [...new Set([...names, 'EDDY_DATA_DIR'])].map((name) => `unset ${name};`).join('\n');
  }
  return names.map((name) => `export ${name}=${quoted(variables[name]!)};`).join('\n');
}

/** Said beside the variables when they will not do: the server verifies signatures, and its root key was not found. */
export async function envWarning(options: EnvOptions): Promise<string | undefined> {
  const endpoint = endpointOf(options.endpoint);
  const { AWS_ACCESS_KEY_ID: accessKeyId } = clientEnvironment(endpoint, process.env, options.dataDir);
  if (options.unset === true || accessKeyId !== TEST_KEY.accessKeyId) return undefined;
  if ((await new ServerClient(endpoint).probe('/_eddy/status')) !== 401) return undefined;
  return `${endpoint} verifies signatures, and its root key is not here: name its data directory with --data-dir.`;
}

function quoted(text: string): string {
  return /^[\w:/.+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
