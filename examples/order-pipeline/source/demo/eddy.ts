// Eddy as the demo's cloud: started on a data directory of its own, killed and started again on the same port, its time moved.

import { type Started, start } from './processes.ts';

/** The root key that Eddy is started with: known also where permissions are enforced. */
export const KEYS = {
  accessKeyId: 'AKIAORDERPIPELINE001',
  secretAccessKey: 'orderPipelineOrderPipelineOrderPipeline0',
};
export const REGION = 'us-east-1';

export class EddyServer {
  private constructor(
    private readonly options: EddyOptions,
    private process: Started,
    readonly url: string,
  ) {}

  static async start(options: EddyOptions): Promise<EddyServer> {
    const started = await startProcess(options, '0');
    const url = /http:\/\/\S+/.exec(started.said)?.[0] ?? '';
    return new EddyServer(options, started, url);
  }

  get pid(): number {
    return this.process.pid;
  }

  /** kill -9, and another process on the same data and port. */
  async killAndRestart(): Promise<void> {
    await this.process.end('SIGKILL');
    this.process = await startProcess(this.options, new URL(this.url).port);
  }

  async end(): Promise<void> {
    await this.process.end('SIGTERM');
  }

  async freeze(): Promise<void> {
    await this.clock({ action: 'freeze' });
  }

  async resume(): Promise<void> {
    await this.clock({ action: 'resume' });
  }

  /** Everything that is due on the way happens, in order; for a clock that stands. */
  async advance(seconds: number): Promise<void> {
    await this.clock({ action: 'advance', ms: seconds * 1_000 });
  }

  async get<T>(path: string): Promise<T> {
    return read<T>(await fetch(this.url + path));
  }

  private async clock(request: object): Promise<void> {
    await read(await fetch(`${this.url}/_eddy/clock`, { method: 'POST', body: JSON.stringify(request) }));
  }
}

export interface EddyOptions {
  /** Eddy's own folder. */
  readonly project: string;
  readonly dataDir: string;
  /** Further words for `eddy start`. */
  readonly words?: readonly string[] | undefined;
}

async function read<T>(response: Response): Promise<T> {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

/** As Eddy's own start command has them. */
const MEMORY_FLAGS = ['--max-semi-space-size=64', '--initial-old-space-size=128'];

function startProcess({ project, dataDir, words = [] }: EddyOptions, port: string): Promise<Started> {
  const args = [...MEMORY_FLAGS, 'bin/eddy.mjs', 'start', '--port', port, '--data-dir', dataDir, ...words];
  const env = { EDDY_ROOT_ACCESS_KEY_ID: KEYS.accessKeyId, EDDY_ROOT_SECRET_ACCESS_KEY: KEYS.secretAccessKey };
  return start({ args, env, cwd: project, isReady: /^Ready\.$/m });
}
