// `eval $(eddy env)`: the shell's AWS clients talk to this server.

import { clientEnvironment } from '../client-environment.ts';
import { endpointOf } from '../server-client.ts';

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
    ...clientEnvironment(endpoint, { ...process.env, EDDY_ENDPOINT: undefined }, options.dataDir),
  };
  if (options.json === true) return JSON.stringify(variables);
  const names = Object.keys(variables);
  if (options.unset === true) return names.map((name) => `unset ${name};`).join('\n');
  return names.map((name) => `export ${name}=${quoted(variables[name]!)};`).join('\n');
}

function quoted(text: string): string {
  return /^[\w:/.+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
