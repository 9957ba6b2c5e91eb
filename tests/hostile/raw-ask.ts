// Requests as no SDK would send them, and answers as plain values: status, code and text, whatever the protocol. The Authorization header
// claims account, region and service; its signature is nonsense, as a relaxed server allows, unless the caller brings headers of his own.

import { Agent, request } from 'node:http';
import { SCHEMAS } from '../conformance/wire/ask.ts';

export interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The error's name, without namespace; empty when there is none. */
  readonly code: string;
  readonly message: string;
}

export interface From {
  readonly account?: string;
  readonly region?: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 16 });

export function ask(url: string, { method = 'POST', path = '/', headers = {}, body = '' }: Asked): Promise<Answer> {
  const { hostname, port } = new URL(url);
  // Node would send the body of a GET without saying how long it is.
  const length = { 'content-length': String(Buffer.byteLength(body)) };
  const options = { hostname, port, method, path, headers: { ...length, ...headers }, agent };
  return new Promise((resolve, reject) => {
    const sent = request(options, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(pieces).toString('utf8');
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          ...errorOf(text, response.headers),
        });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Ends connections that wait for the next request. */
export function closeConnections(): void {
  agent.destroy();
}

function errorOf(text: string, headers: Answer['headers']): { code: string; message: string } {
  const inXml = /<Error>.*?<Code>([^<]*)<\/Code>\s*<Message>([^<]*)<\/Message>/s.exec(text);
  if (inXml !== null) return { code: inXml[1] ?? '', message: inXml[2] ?? '' };
  const document = parsed(text);
  const type = headers['x-amzn-errortype'] ?? document?.['__type'];
  if (typeof type !== 'string') return { code: '', message: '' };
  const message = document?.['message'] ?? document?.['Message'] ?? '';
  return { code: type.slice(type.lastIndexOf('#') + 1), message: String(message) };
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    // Not JSON, so no JSON error either.
    return undefined;
  }
}

function schemaOf(prefix: string) {
  const schema = SCHEMAS.find(({ endpointPrefix }) => endpointPrefix === prefix);
  if (schema === undefined) throw new Error(`There is no service ${prefix}`);
  return schema;
}

/** Who is asking, and of which service. */
export function claim(service: string, { account = '000000000000', region = 'us-east-1' }: From = {}): string {
  const credential = `${account}/20260101/${region}/${service}/aws4_request`;
  return `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=${'0'.repeat(64)}`;
}

/** A request in JSON 1.0 or 1.1; a body that is not text is made into JSON first. */
export function jsonAsk(service: string, operation: string, document: unknown, from?: From): Asked {
  const schema = schemaOf(service);
  const version = schema.protocols.includes('json-1.0') ? '1.0' : '1.1';
  const headers = {
    'x-amz-target': `${schema.targetPrefix}.${operation}`,
    'content-type': `application/x-amz-json-${version}`,
    authorization: claim(schema.signingName, from),
  };
  return { headers, body: typeof document === 'string' ? document : (JSON.stringify(document) ?? '') };
}

/** A request in the query protocol: parameters, or the rest of the form as it is. */
export function queryAsk(
  service: string,
  operation: string,
  parameters: string | Readonly<Record<string, string>> = {},
  from?: From,
): Asked {
  const { apiVersion, signingName } = schemaOf(service);
  const rest = typeof parameters === 'string' ? parameters : new URLSearchParams(parameters).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded', authorization: claim(signingName, from) };
  return { headers, body: `Action=${operation}&Version=${apiVersion}${rest === '' ? '' : `&${rest}`}` };
}

/** A request to a path of Lambda. */
export function restAsk(method: string, path: string, document?: unknown, from?: From): Asked {
  const body = document === undefined ? '' : typeof document === 'string' ? document : JSON.stringify(document);
  return { method, path, headers: { authorization: claim('lambda', from), 'content-type': 'application/json' }, body };
}
