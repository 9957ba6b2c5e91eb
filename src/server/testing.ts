// A whole server inside a test: in memory, on a free port, with frozen time unless told otherwise.

import { SQSClient } from '@aws-sdk/client-sqs';
import { readConfig } from './config/config.ts';
import { Diagnostics } from './diagnostics.ts';
import { openServer, type RunningServer } from './lifecycle.ts';

export interface TestServer extends RunningServer {
  /** An SQS client with this key; `test`/`test` without one. */
  sqs(key?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }, region?: string): SQSClient;
  problems: string[];
}

class RecordedDiagnostics extends Diagnostics {
  readonly problems: string[] = [];

  override problem(text: string, error?: unknown): void {
    this.problems.push(error === undefined ? text : `${text}: ${(error as Error).message}`);
  }
}

export async function startTestServer(
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<TestServer> {
  const config = readConfig(['--port', '0', '--ephemeral', '--log', 'quiet', ...args], environment);
  const diagnostics = new RecordedDiagnostics(config);
  const server = await openServer(config, diagnostics, (error) => diagnostics.problem('fatal', error));
  const clients: SQSClient[] = [];
  return {
    url: server.url,
    problems: diagnostics.problems,
    sqs(credentials = { accessKeyId: 'test', secretAccessKey: 'test' }, region = 'us-east-1') {
      const client = new SQSClient({ endpoint: server.url, region, credentials, maxAttempts: 1 });
      clients.push(client);
      return client;
    },
    async close() {
      for (const client of clients) client.destroy();
      await server.close();
    },
  };
}
