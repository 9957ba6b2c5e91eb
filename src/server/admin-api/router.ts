// The admin API: `/_eddy/…` and the aliases that tools of the field expect. Probes are open; everything else that looks into the store or
// moves time wants the root key (HTTP Basic) when authentication is strict. The gateway has checked Host and Origin before.

import type { Exchange } from '#runtime/http/exchange.ts';
import type { WireHeaders, WireRequest } from '#wire/http-message.ts';
import type { RootKey } from '../config/config.ts';
import type { AdminProblem } from './contract.ts';

export interface AdminRequest {
  readonly method: string;
  /** Behind the route's own path, decoded: the id of `/_eddy/explain/<id>`. */
  readonly rest: string;
  readonly query: URLSearchParams;
  readonly body: Uint8Array;
  readonly accept: string | undefined;
  readonly headers: WireHeaders;
  /** Names of headers that came more than once. */
  readonly repeatedHeaders: readonly string[];
  /** As sent: what is signed may be the URL. */
  readonly target: string;
  readonly baseUrl: string;
  readonly exchange: Exchange;
}

export interface AdminRoute {
  readonly methods: readonly string[];
  /** Answered without the root key. */
  readonly isOpen?: boolean;
  /** Also takes paths that go on behind a slash. */
  readonly takesRest?: boolean;
  /** What to answer; undefined when the handler answers by itself (streams). */
  handle(request: AdminRequest): AdminAnswer | undefined | Promise<AdminAnswer | undefined>;
}

export interface AdminAnswer {
  readonly status?: number;
  readonly contentType?: string;
  readonly body: unknown;
}

/** Something the caller can mend; its text is the answer. */
export class AdminRefusal extends Error {
  override readonly name = 'AdminRefusal';

  constructor(
    readonly status: number,
    sentence: string,
  ) {
    super(sentence);
  }
}

export interface AdminRouterOptions {
  readonly routes: ReadonlyMap<string, AdminRoute>;
  /** Wanted when authentication is strict. */
  readonly rootKey: RootKey | undefined;
  readonly isEqual: (one: string, other: string) => boolean;
  readonly onDefect: (what: string, error: unknown) => void;
}

const PREFIXES = ['/_eddy', '/_localstack', '/_aws'];

export class AdminRouter {
  constructor(private readonly options: AdminRouterOptions) {}

  /** True when the path belongs to the admin API: then it is answered here. */
  readonly take = (request: WireRequest, exchange: Exchange, baseUrl: string): boolean => {
    const { path } = request;
    if (!PREFIXES.some((prefix) => path === prefix || path.startsWith(`${prefix}/`))) return false;
    const found = this.find(path);
    const problem = found === undefined ? notFound(path) : this.problemOf(request, found.route);
    if (found === undefined || problem !== undefined) {
      answer(exchange, problem ?? notFound(path));
      return true;
    }
    const given: AdminRequest = {
      method: request.method,
      rest: found.rest,
      query: new URLSearchParams(request.query),
      body: request.body,
      accept: request.headers['accept'],
      headers: request.headers,
      repeatedHeaders: request.repeatedHeaders ?? [],
      target: request.query === '' ? path : `${path}?${request.query}`,
      baseUrl,
      exchange,
    };
    void this.run(found.route, given);
    return true;
  };

  private async run(route: AdminRoute, given: AdminRequest): Promise<void> {
    try {
      const answered = await route.handle(given);
      if (answered !== undefined) answer(given.exchange, answered);
    } catch (error) {
      if (error instanceof AdminRefusal) {
        answer(given.exchange, problemAnswer(error.status, error.message));
        return;
      }
      this.options.onDefect('an admin request could not be handled', error);
      answer(given.exchange, problemAnswer(500, 'The request could not be handled; the server has written down why.'));
    }
  }

  private find(path: string): { readonly route: AdminRoute; readonly rest: string } | undefined {
    const exact = this.options.routes.get(path);
    if (exact !== undefined) return { route: exact, rest: '' };
    for (const [prefix, route] of this.options.routes) {
      if (route.takesRest !== true || !path.startsWith(`${prefix}/`)) continue;
      try {
        return { route, rest: decodeURIComponent(path.slice(prefix.length + 1)) };
      } catch {
        // The path is not valid percent-encoding: there is nothing at it.
        return undefined;
      }
    }
    return undefined;
  }

  private problemOf({ method, headers }: WireRequest, route: AdminRoute): AdminAnswer | undefined {
    if (!route.methods.includes(method)) return problemAnswer(405, `Use ${route.methods.join(' or ')}.`);
    const { rootKey, isEqual } = this.options;
    if (route.isOpen === true || rootKey === undefined) return undefined;
    const wanted = Buffer.from(`${rootKey.accessKeyId}:${rootKey.secretAccessKey}`).toString('base64');
    const sent = headers['authorization'] ?? '';
    if (isEqual(sent, `Basic ${wanted}`)) return undefined;
    return problemAnswer(401, 'Authentication is strict: send the root key as user and password (HTTP Basic).');
  }
}

function notFound(path: string): AdminAnswer {
  return problemAnswer(404, `There is nothing at ${path}.`);
}

function problemAnswer(status: number, message: string): AdminAnswer {
  return { status, body: { message } satisfies AdminProblem };
}

function answer(exchange: Exchange, { status = 200, contentType = 'application/json', body }: AdminAnswer): void {
  const text = typeof body === 'string' ? body : `${JSON.stringify(body)}\n`;
  const headers: [string, string][] = [
    ['Content-Type', contentType],
    ['Cache-Control', 'no-store'],
    ['X-Content-Type-Options', 'nosniff'],
  ];
  if (status === 401) headers.push(['WWW-Authenticate', 'Basic realm="eddy"']);
  exchange.reply({ status, headers, body: text });
}

/** The body as a JSON object. */
export function jsonBody(body: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Told below, as for any other value.
  }
  throw new AdminRefusal(400, 'The body must be a JSON object.');
}
