// The AWS SDK for JavaScript, as it is; over HTTP/2 without TLS; and with compressed requests.

import { connect } from 'node:http2';
import { gzipSync } from 'node:zlib';
import { type Call, type Driver, type Key, Refusal } from './client.ts';

interface SdkClient {
  send(command: unknown): Promise<unknown>;
  destroy(): void;
  readonly middlewareStack: { add(middleware: Middleware, options: object): void };
}

interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Record<string, string>;
  body?: string | Uint8Array | undefined;
}

type Handler = (given: { readonly request: SdkRequest }) => Promise<unknown>;
type Middleware = (next: Handler) => Handler;

export interface JavascriptOptions {
  readonly name: string;
  readonly url: string;
  readonly isHttp2?: boolean;
  readonly isCompressed?: boolean;
}

const PACKAGES: Readonly<Record<string, string>> = { logs: 'cloudwatch-logs' };

export function javascriptDriver(options: JavascriptOptions): Driver {
  const handler = options.isHttp2 === true ? new Http2Handler(options.url) : undefined;
  const clients = new Map<string, Promise<SdkClient>>();

  async function make(service: string, key: Key): Promise<SdkClient> {
    const module = await sdkPackage(service);
    const name = Object.keys(module).find((each) => each.endsWith('Client') && each.slice(0, -6) in module) ?? '';
    const settings = { endpoint: options.url, region: 'us-east-1', credentials: key, maxAttempts: 1 };
    const Constructor = module[name] as new (settings: object) => SdkClient;
    const client = new Constructor({ ...settings, ...(handler === undefined ? {} : { requestHandler: handler }) });
    // Before the length is known and the signature made.
    if (options.isCompressed) client.middlewareStack.add(compress, { step: 'build', priority: 'high' });
    return client;
  }

  return {
    name: options.name,
    async call({ service, operation, input, key }: Call) {
      const id = `${service} ${key.accessKeyId} ${key.secretAccessKey}`;
      const made = clients.get(id) ?? make(service, key);
      clients.set(id, made);
      const module = await sdkPackage(service);
      const Command = module[`${operation}Command`] as new (input: object) => unknown;
      try {
        return await (await made).send(new Command(input));
      } catch (error) {
        const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
        if ($metadata?.httpStatusCode === undefined) throw error;
        throw new Refusal(name, message);
      }
    },
    close() {
      for (const client of clients.values()) void client.then((each) => each.destroy());
      handler?.destroy();
    },
  };
}

function sdkPackage(service: string): Promise<Record<string, unknown>> {
  return import(`@aws-sdk/client-${PACKAGES[service] ?? service}`) as Promise<Record<string, unknown>>;
}

const compress: Middleware = (next) => async (given) => {
  const { request } = given;
  if (request.body !== undefined && request.body.length > 0) {
    request.body = gzipSync(request.body);
    request.headers['content-encoding'] = 'gzip';
  }
  return next(given);
};

/** HTTP/2 with prior knowledge: one connection for all requests. */
class Http2Handler {
  readonly metadata = { handlerProtocol: 'h2' };
  private readonly session;

  constructor(url: string) {
    this.session = connect(url);
  }

  handle({ method, path, query, headers, body }: SdkRequest): Promise<object> {
    const { host, connection: _, ...rest } = headers;
    const text = queryText(query);
    const target = text === '' ? path : `${path}?${text}`;
    const stream = this.session.request({ ':method': method, ':path': target, ':authority': host ?? '', ...rest });
    return new Promise((resolve, reject) => {
      const pieces: Buffer[] = [];
      let received: Record<string, unknown> = {};
      stream.on('response', (each) => {
        received = each;
      });
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('error', reject);
      stream.on('end', () => {
        const { ':status': statusCode, ...named } = received;
        resolve({ response: { statusCode, headers: named, body: Buffer.concat(pieces) } });
      });
      stream.end(body);
    });
  }

  destroy(): void {
    this.session.close();
  }
}

function queryText(query: SdkRequest['query']): string {
  return Object.entries(query)
    .flatMap(([name, value]) => (typeof value === 'string' ? [value] : (value ?? [''])).map((each) => [name, each]))
    .map((pair) => pair.map(encodeURIComponent).join('='))
    .join('&');
}
