// Talks to a running server's admin API. Which server: `--endpoint`, then EDDY_ENDPOINT, then EDDY_PORT on this machine.

import type { AdminProblem } from '#server/admin-api/contract.ts';
import { CommandProblem, EXIT } from './exit-codes.ts';
import { rootKeyOf } from './root-key.ts';

export function endpointOf(given: string | undefined): string {
  const endpoint = given ?? process.env['EDDY_ENDPOINT'] ?? `http://127.0.0.1:${process.env['EDDY_PORT'] ?? '4566'}`;
  if (!URL.canParse(endpoint)) throw new CommandProblem(EXIT.usage, `The endpoint ${endpoint} is not a URL.`);
  return endpoint.replace(/\/+$/, '');
}

export class ServerClient {
  constructor(readonly endpoint: string) {}

  async get<T>(path: string): Promise<T> {
    return this.json(path, { method: 'GET' });
  }

  async post<T>(path: string, body: unknown): Promise<T> {
    return this.json(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  /** Status of the answer, or undefined when nobody answers. */
  async probe(path: string): Promise<number | undefined> {
    try {
      const response = await fetch(this.endpoint + path, { signal: AbortSignal.timeout(2_000) });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return undefined;
    }
  }

  /** Lines of a stream of server-sent events, until the server or the caller ends it. */
  async *lines(path: string, signal: AbortSignal): AsyncGenerator<string> {
    const response = await this.fetch(path, { signal });
    const decoder = new TextDecoder();
    let rest = '';
    for await (const piece of this.pieces(response, signal)) {
      rest += decoder.decode(piece, { stream: true });
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.startsWith('data: ')) yield line.slice('data: '.length);
    }
  }

  /** Of a body that may break off: then the server has ended without a word. */
  private async *pieces(response: Response, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    try {
      yield* response.body as unknown as AsyncIterable<Uint8Array>;
    } catch (error) {
      if (signal.aborted) throw error;
      throw new CommandProblem(EXIT.cannotConnect, `Eddy at ${this.endpoint} has gone: the connection broke off.`);
    }
  }

  private async json<T>(path: string, init: RequestInit): Promise<T> {
    const response = await this.fetch(path, init);
    return (await response.json()) as T;
  }

  /** The server's own words are for HTTP clients; here is what somebody at a shell does. */
  private keyMissing(): string {
    return (
      `${this.endpoint} verifies signatures, and its root key is not here: ` +
      'say `eval $(eddy env --data-dir …)` with its data directory, or set EDDY_ROOT_ACCESS_KEY_ID and EDDY_ROOT_SECRET_ACCESS_KEY.'
    );
  }

  private async fetch(path: string, init: RequestInit): Promise<Response> {
    const headers = { ...(init.headers as Record<string, string> | undefined), ...authorizationHeader() };
    let response: Response;
    try {
      response = await fetch(this.endpoint + path, { ...init, headers });
    } catch (error) {
      if ((error as Error).name === 'AbortError') throw error;
      throw new CommandProblem(
        EXIT.cannotConnect,
        `Nothing answers at ${this.endpoint}: start Eddy with \`eddy start\`, or name its address with --endpoint.`,
      );
    }
    if (response.ok) return response;
    const text = await response.text();
    const problem = response.status === 401 ? this.keyMissing() : problemText(text, response.status);
    throw new CommandProblem(EXIT.serviceError, problem);
  }
}

/** Servers with strict authentication want the root key for their admin API. */
function authorizationHeader(): Record<string, string> {
  const key = rootKeyOf(process.env);
  if (key === undefined) return {};
  const pair = Buffer.from(`${key.accessKeyId}:${key.secretAccessKey}`).toString('base64');
  return { authorization: `Basic ${pair}` };
}

function problemText(text: string, status: number): string {
  try {
    return (JSON.parse(text) as AdminProblem).message;
  } catch {
    return `The server answered ${status}: ${text.slice(0, 200)}`;
  }
}
