// Which names this server answers to. A page of a foreign site can make a browser send requests to this machine: by a name of its own that
// suddenly resolves to 127.0.0.1 (DNS rebinding: the Host header shows it), or plainly across origins (the Origin header shows it). Both are
// refused. Addresses are no names and cannot be rebound.

import { isIP } from 'node:net';

export interface HostGuardOptions {
  /** Further names, lower case. */
  readonly allowedHosts: readonly string[];
  /** `http://localhost:3000`, lower case. */
  readonly allowedOrigins: readonly string[];
}

/** Names that lead to this machine by definition, or that AWS's own clients send. */
const NAMES = ['localhost', 'localhost.localstack.cloud', 'host.docker.internal'];
const SUFFIXES = ['.localhost', '.localhost.localstack.cloud', '.amazonaws.com', '.amazonaws.com.cn', '.api.aws'];

/** Different Host headers that are remembered; a client that invents new ones costs a check each. */
const REMEMBERED_MAX = 1_000;

export class HostGuard {
  private readonly verdicts = new Map<string, boolean>();
  private readonly names: ReadonlySet<string>;
  private readonly origins: ReadonlySet<string>;

  constructor(options: HostGuardOptions) {
    this.names = new Set([...NAMES, ...options.allowedHosts]);
    this.origins = new Set(options.allowedOrigins);
  }

  allowsHost(host: string): boolean {
    const known = this.verdicts.get(host);
    if (known !== undefined) return known;
    const verdict = this.check(nameOf(host));
    if (this.verdicts.size < REMEMBERED_MAX) this.verdicts.set(host, verdict);
    return verdict;
  }

  /** Same origin, or one that was named in the configuration. Clients that are no browsers send none. */
  allowsOrigin(origin: string, baseUrl: string): boolean {
    const lower = origin.toLowerCase();
    return lower === baseUrl.toLowerCase() || this.origins.has(lower) || this.origins.has('*');
  }

  private check(name: string): boolean {
    if (isIP(name) !== 0 || this.names.has(name)) return true;
    return SUFFIXES.some((suffix) => name.endsWith(suffix));
  }
}

/** Host header without port and brackets, lower case. */
function nameOf(host: string): string {
  const lower = host.toLowerCase();
  if (lower.startsWith('[')) return lower.slice(1, lower.indexOf(']'));
  const colon = lower.lastIndexOf(':');
  return (colon === -1 ? lower : lower.slice(0, colon)).replace(/\.$/, '');
}
