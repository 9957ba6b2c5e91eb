// One request to somewhere else, from the name's addresses to the last byte of the answer, within one span of time. The addresses are
// looked up once, every one of them is checked, and the connection is made to one of those: what a name means cannot change in between.
// Redirects are answers like others, no proxy of the environment is asked, no connection is kept (API destinations send Connection: close).

import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request as plainRequest } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { HttpAnswer, HttpOutcome, HttpRequest } from '#cell/http-request.ts';
import { readBody } from './answer-body.ts';
import { failureOf, OutboundFailure } from './failures.ts';
import { type HostAddresses, HostDirectory } from './host-addresses.ts';
import type { OutboundGuard } from './outbound-guard.ts';

export interface HttpClientOptions {
  readonly guard: OutboundGuard;
  /** Replaced in tests. */
  readonly directory?: HostDirectory;
  /** PEM, instead of Node's list and NODE_EXTRA_CA_CERTS: for tests. */
  readonly certificateAuthorities?: string;
}

/** What the runtime itself sends may be bytes, compressed for instance. */
export type OutboundRequest = Omit<HttpRequest, 'body'> & { readonly body: string | Uint8Array | undefined };

export interface ConnectionTarget {
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
}

/** Written by the client itself. */
const OWN_HEADERS = new Set(['host', 'content-length', 'transfer-encoding', 'expect', 'upgrade', 'trailer']);
/** RFC 9110, 8.6: these tell their length even when it is 0. */
const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

export class HttpClient {
  private readonly directory: HostDirectory;
  private readonly plain = new HttpAgent();
  private madeSecure: HttpsAgent | undefined = undefined;
  private readonly open = new Set<ClientRequest>();

  constructor(private readonly options: HttpClientOptions) {
    this.directory = options.directory ?? new HostDirectory();
  }

  /** Remembers TLS sessions: the next connection to the same host is cheaper. Made, and Node's TLS loaded, for the first request that needs it. */
  private get secure(): HttpsAgent {
    const { certificateAuthorities: ca } = this.options;
    this.madeSecure ??= new (https().Agent)(ca === undefined ? {} : { ca });
    return this.madeSecure;
  }

  /** Never rejects. */
  async send(request: OutboundRequest): Promise<HttpOutcome> {
    const url = parseUrl(request.url);
    if (url === undefined) return { failure: { kind: 'request', detail: 'the URL is not one of http or https' } };
    const attempt = new Attempt(request.timeoutMs, url.hostname);
    try {
      return await attempt.within(this.exchange(request, url, attempt));
    } catch (error) {
      return { failure: failureOf(error, url.hostname) };
    } finally {
      attempt.end();
    }
  }

  /** Ends what is under way. */
  close(): void {
    for (const sent of this.open) sent.destroy(new OutboundFailure('connection', 'this server ended'));
    this.plain.destroy();
    this.madeSecure?.destroy();
  }

  private async exchange(request: OutboundRequest, url: URL, attempt: Attempt): Promise<HttpAnswer> {
    const addresses = await this.checkedAddresses(url);
    if (attempt.isOver) throw new OutboundFailure('timeout', 'too late');
    const sent = this.start(request, url, addresses);
    this.open.add(sent);
    attempt.onEnd(() => {
      this.open.delete(sent);
      sent.destroy();
    });
    const answer = await answerOf(sent, request.body);
    const { body, isBodyCut } = await readBody(answer, request.bodyBytesMax);
    return { status: answer.statusCode ?? 0, headers: headersOf(answer), body, isBodyCut };
  }

  private checkedAddresses(url: URL): Promise<HostAddresses> {
    return this.addressesOf({ host: bareHost(url), port: portOf(url), isSecure: url.protocol === 'https:' });
  }

  /** Where a connection may be made to, of another protocol, too. Rejects with what {@link failureOf} tells. */
  async addressesOf({ host, port, isSecure }: ConnectionTarget): Promise<HostAddresses> {
    const addresses = await this.directory.find(host);
    for (const { address } of addresses) {
      const reason = this.options.guard.whyNot({ address, port, isSecure });
      if (reason !== undefined) throw new OutboundFailure('address-not-allowed', reason);
    }
    if (addresses.length === 0) throw new OutboundFailure('name-not-found', `the name ${host} has no address`);
    return addresses;
  }

  private start({ method, headers, body }: OutboundRequest, url: URL, addresses: HostAddresses): ClientRequest {
    const host = bareHost(url);
    const isSecure = url.protocol === 'https:';
    const own: [string, string][] = [['Host', url.host]];
    const isLengthTold = body !== undefined || METHODS_WITH_BODY.has(method);
    if (isLengthTold) own.push(['Content-Length', String(Buffer.byteLength(body ?? ''))]);
    const given = headers.filter(([name]) => !OWN_HEADERS.has(name.toLowerCase()));
    return (isSecure ? https().request : plainRequest)({
      agent: isSecure ? this.secure : this.plain,
      host,
      port: portOf(url),
      path: `${url.pathname}${url.search}`,
      method,
      headers: [...own, ...given].flat(),
      lookup: answeringWith(addresses),
      ...(isSecure && isIP(host) === 0 ? { servername: host } : {}),
    });
  }
}

/** The span of time that one request has. */
class Attempt {
  isOver = false;
  private readonly enders: (() => void)[] = [];
  private readonly timer: NodeJS.Timeout;
  private expire: () => void = () => {};
  private readonly expired: Promise<never>;

  constructor(timeoutMs: number, host: string) {
    this.expired = new Promise((_, reject) => {
      this.expire = () =>
        reject(new OutboundFailure('timeout', `no complete answer of ${host} within ${timeoutMs} ms`));
    });
    this.timer = setTimeout(() => this.expire(), timeoutMs);
  }

  within<T>(work: Promise<T>): Promise<T> {
    // Whoever loses the race must not become an unhandled rejection.
    work.catch(() => {});
    return Promise.race([work, this.expired]);
  }

  onEnd(ender: () => void): void {
    this.enders.push(ender);
  }

  end(): void {
    this.isOver = true;
    clearTimeout(this.timer);
    for (const ender of this.enders) ender();
  }
}

function https(): typeof import('node:https') {
  return process.getBuiltinModule('node:https');
}

function answerOf(sent: ClientRequest, body: OutboundRequest['body']): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.on('response', resolve);
    sent.on('error', reject);
    sent.on('upgrade', () => reject(new OutboundFailure('answer', 'the answer changes the protocol')));
    sent.end(body);
  });
}

/** A lookup for the socket: gives what was found and checked, whatever the name means by now. */
function answeringWith(addresses: HostAddresses): LookupFunction {
  return (_name, options, done) => {
    if (options.all === true) done(null, [...addresses]);
    else done(null, addresses[0]?.address ?? '', addresses[0]?.family ?? 4);
  };
}

function parseUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isWeb = url.protocol === 'http:' || url.protocol === 'https:';
  return isWeb && url.username === '' && url.password === '' && url.hostname !== '' ? url : undefined;
}

/** IPv6 addresses without their brackets. */
function bareHost({ hostname }: URL): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

function headersOf({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  const found: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) found.push([name, typeof value === 'string' ? value : value.join(', ')]);
  }
  return Object.fromEntries(found);
}
