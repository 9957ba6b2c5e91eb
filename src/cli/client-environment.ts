// The variables that lead AWS clients to this server: what is set already stays, what is missing gets a value that works.

import { rootKeyOf, TEST_KEY } from './root-key.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export function clientEnvironment(
  endpoint: string,
  environment: Environment,
  dataDir?: string,
): Record<string, string> {
  const added: Record<string, string> = { AWS_ENDPOINT_URL: endpoint };
  const hasKeys = environment['AWS_ACCESS_KEY_ID'] !== undefined || environment['AWS_PROFILE'] !== undefined;
  if (!hasKeys) {
    const key = rootKeyOf(environment, dataDir) ?? TEST_KEY;
    added['AWS_ACCESS_KEY_ID'] = key.accessKeyId;
    added['AWS_SECRET_ACCESS_KEY'] = key.secretAccessKey;
  }
  const region = environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  if (environment['AWS_REGION'] === undefined) added['AWS_REGION'] = region;
  if (environment['AWS_DEFAULT_REGION'] === undefined) added['AWS_DEFAULT_REGION'] = region;
  // Clients that would otherwise look for instance metadata first wait for seconds.
  if (environment['AWS_EC2_METADATA_DISABLED'] === undefined) added['AWS_EC2_METADATA_DISABLED'] = 'true';
  return added;
}
