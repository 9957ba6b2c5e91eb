// Where requests to HTTP endpoints may go. Nothing said: to the internet, and as long as only this machine can reach the server also to this
// machine and its private networks, where people develop. Something said: exactly there.

import { type IpRange, parseIpRange } from '#base/ip-range.ts';
import { StartupProblem } from '#base/startup-problem.ts';

export interface OutboundOption {
  readonly allowsLoopback: boolean;
  readonly allowsPrivate: boolean;
  readonly allowsPublic: boolean;
  readonly ranges: readonly IpRange[];
}

const WORDS = ['loopback', 'private', 'public'];

export function outboundOf(items: readonly string[], isOnLoopback: boolean): OutboundOption {
  if (items.length === 0) {
    return { allowsLoopback: isOnLoopback, allowsPrivate: isOnLoopback, allowsPublic: true, ranges: [] };
  }
  return {
    allowsLoopback: items.includes('loopback'),
    allowsPrivate: items.includes('private'),
    allowsPublic: items.includes('public'),
    ranges: items.filter((item) => !WORDS.includes(item)).map(rangeOf),
  };
}

function rangeOf(item: string): IpRange {
  const range = parseIpRange(item);
  if (range !== undefined) return range;
  throw new StartupProblem(
    'CFG-03',
    `--allow-outbound names ${WORDS.join(', ')} or ranges like 10.0.0.0/8, not ${JSON.stringify(item)}.`,
  );
}
