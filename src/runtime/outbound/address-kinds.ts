// What kind of place an IP address is. Addresses that carry another one inside (IPv4 in IPv6 in its many spellings) are what they carry.
//
// Sources: IANA IPv4 and IPv6 Special-Purpose Address Registries; metadata services: AWS EC2 user guide (169.254.169.254, fd00:ec2::254),
// Google Cloud (fd20:ce::254), Azure (168.63.129.16), Alibaba (100.100.100.200), Oracle (192.0.0.192).

import { assertDefined } from '#base/assert.ts';
import { type IpAddress, type IpRange, isInRange, parseIpRange } from '#base/ip-range.ts';

/**
 * - `never`: metadata services, link-local, unspecified, multicast, reserved, tunnels whose end cannot be known.
 * - `loopback`: this machine.
 * - `private`: networks that are not the internet.
 */
export type AddressKind = 'never' | 'loopback' | 'private' | 'public';

const KINDS: readonly (readonly [AddressKind, readonly IpRange[]])[] = [
  [
    'never',
    ranges(
      ['0.0.0.0/8', '169.254.0.0/16', '100.100.100.200', '168.63.129.16', '192.0.0.192', '224.0.0.0/4', '240.0.0.0/4'],
      ['::/128', 'fe80::/10', 'fd00:ec2::/32', 'fd20:ce::/32', 'ff00::/8', '100::/64', '2001::/32'],
    ),
  ],
  ['loopback', ranges(['127.0.0.0/8'], ['::1'])],
  // After `::` and `::1`: addresses of the retired form ::192.0.2.1.
  ['never', ranges(['::/96'])],
  [
    'private',
    ranges(
      ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '192.0.0.0/24', '192.0.2.0/24'],
      ['198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
      ['fc00::/7', 'fec0::/10', '64:ff9b:1::/48', '2001:db8::/32'],
    ),
  ],
];

/** Where an IPv4 address stands inside an IPv6 one: mapped, translated, NAT64, 6to4; bits below it. */
const CARRIERS: readonly { readonly range: IpRange; readonly bitsBelow: bigint }[] = [
  { range: range('::ffff:0:0/96'), bitsBelow: 0n },
  { range: range('::ffff:0:0:0/96'), bitsBelow: 0n },
  { range: range('64:ff9b::/96'), bitsBelow: 0n },
  { range: range('2002::/16'), bitsBelow: 80n },
];

export function kindOf(address: IpAddress): AddressKind {
  const real = carriedBy(address);
  const found = KINDS.find(([, held]) => held.some((one) => isInRange(one, real)));
  return found?.[0] ?? 'public';
}

/** The IPv4 address inside an IPv6 one that carries one, else the address itself. */
export function carriedBy(address: IpAddress): IpAddress {
  const carrier = CARRIERS.find(({ range: held }) => isInRange(held, address));
  if (carrier === undefined) return address;
  return { bits: 32, value: (address.value >> carrier.bitsBelow) & 0xffff_ffffn };
}

function ranges(...texts: readonly (readonly string[])[]): readonly IpRange[] {
  return texts.flat().map(range);
}

function range(text: string): IpRange {
  return assertDefined(parseIpRange(text), `the range ${text}`);
}
