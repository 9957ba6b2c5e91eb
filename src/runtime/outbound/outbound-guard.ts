// Where requests may go. Public addresses over TLS; this machine and private networks as the configuration says; metadata services and what
// has no business in a request never, whatever the configuration says; and never back to this server itself, whose admin API trusts this machine.

import { networkInterfaces } from 'node:os';
import { type IpRange, isInRange, parseIp } from '#base/ip-range.ts';
import { carriedBy, kindOf } from './address-kinds.ts';

export interface OutboundRules {
  readonly allowsLoopback: boolean;
  readonly allowsPrivate: boolean;
  readonly allowsPublic: boolean;
  /** Allowed beyond that, unless the kind of address is never allowed. */
  readonly ranges: readonly IpRange[];
}

export interface Destination {
  /** An IP address as text. */
  readonly address: string;
  readonly port: number;
  readonly isSecure: boolean;
}

export class OutboundGuard {
  constructor(
    private readonly rules: OutboundRules,
    /** Where this server listens. */
    private readonly ownPort: number,
  ) {}

  /** Undefined when it is allowed; else why not, for people. */
  whyNot({ address, port, isSecure }: Destination): string | undefined {
    const zone = address.indexOf('%');
    const parsed = parseIp(zone < 0 ? address : address.slice(0, zone));
    if (parsed === undefined) return 'its address has no known form';
    const kind = kindOf(parsed);
    if (kind === 'never') return `${address} is a link-local, metadata or reserved address: requests never go there`;
    if (port === this.ownPort && (kind === 'loopback' || isOfThisMachine(address))) {
      return `port ${port} of ${address} is this server itself`;
    }
    const real = carriedBy(parsed);
    if (this.rules.ranges.some((range) => isInRange(range, parsed) || isInRange(range, real))) return undefined;
    if (kind === 'loopback') return this.rules.allowsLoopback ? undefined : notConfigured(address, kind);
    if (kind === 'private') return this.rules.allowsPrivate ? undefined : notConfigured(address, kind);
    if (!this.rules.allowsPublic) return notConfigured(address, kind);
    // AWS sends nothing without TLS at all; over the internet neither does this server.
    return isSecure ? undefined : `${address} is on the internet, and requests go there by https only`;
  }
}

function notConfigured(address: string, kind: string): string {
  return `${address} is a ${kind} address, which --allow-outbound does not name`;
}

function isOfThisMachine(address: string): boolean {
  const own = Object.values(networkInterfaces()).flatMap((interfaces) => interfaces ?? []);
  const real = numberOf(address);
  return own.some((one) => numberOf(one.address) === real);
}

function numberOf(address: string): string {
  const parsed = parseIp(address);
  if (parsed === undefined) return address;
  const { bits, value } = carriedBy(parsed);
  return `${bits}/${value}`;
}
