// An AWS SDK client without a network: what it would send is handed to a function, whose answer it reads as the reply.
import type { HttpRequest } from '@smithy/types';
import { type WireRequest, type WireResponse, wireHeaders } from '../../../src/wire/http-message.ts';

export type Answer = (request: WireRequest) => WireResponse;

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query?: HttpRequest['query'];
  readonly headers: Record<string, string>;
  readonly body?: unknown;
}

const encoded = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

function queryText(query: HttpRequest['query'] = {}): string {
  return Object.entries(query)
    .flatMap(([name, value]) => {
      if (value === null) return [encoded(name)];
      return [value].flat().map((each) => `${encoded(name)}=${encoded(String(each))}`);
    })
    .join('&');
}

async function bytesOf(body: unknown): Promise<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array(0);
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function wireRequestOf(sent: Sent): Promise<WireRequest> {
  return {
    method: sent.method,
    path: sent.path,
    query: queryText(sent.query),
    headers: wireHeaders(Object.entries(sent.headers)),
    body: await bytesOf(sent.body),
  };
}

/** Settings for any client's constructor. */
export function offlineSettings(answer: Answer): Record<string, unknown> {
  return {
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:4566',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
    disableHostPrefix: true,
    md5: false,
    useQueueUrlAsEndpoint: false,
    requestHandler: {
      async handle(sent: Sent) {
        const { status, headers, body } = answer(await wireRequestOf(sent));
        const received = Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
        return { response: { statusCode: status, headers: received, body: Buffer.from(body as string) } };
      },
    },
  };
}

export interface OfflineClient {
  send(command: unknown): Promise<Record<string, unknown>>;
}

type Constructor = new (settings: unknown) => unknown;

/** The client class and the command classes of an SDK package. */
export async function sdk(client: string) {
  const module = (await import(`@aws-sdk/client-${client}`)) as Record<string, unknown>;
  const name = Object.keys(module).find((each) => each.endsWith('Client') && `${each.slice(0, -6)}` in module);
  if (name === undefined) throw new Error(`No client class in ${client}`);
  return {
    module,
    client: (answer: Answer, settings: Record<string, unknown> = {}) =>
      new (module[name] as Constructor)({ ...offlineSettings(answer), ...settings }) as OfflineClient,
    command: (operation: string, input: unknown) => new (module[`${operation}Command`] as Constructor)(input),
  };
}
