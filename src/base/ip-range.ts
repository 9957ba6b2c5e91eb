// IP addresses and CIDR ranges as numbers, IPv4 and IPv6, for policies and filters. Strict notations only: four decimal
// parts without leading zeros, or IPv6 as in RFC 4291 (with `::` and a dotted tail).

export interface IpAddress {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

export interface IpRange {
  readonly bits: 32 | 128;
  readonly low: bigint;
  readonly high: bigint;
}

export function parseIp(text: string): IpAddress | undefined {
  const value = text.includes(':') ? parseIpv6(text) : parseIpv4(text);
  if (value === undefined) return undefined;
  return { bits: text.includes(':') ? 128 : 32, value };
}

/** The range of `address/mask`, or of the single address when there is no mask. */
export function parseIpRange(text: string): IpRange | undefined {
  const slash = text.indexOf('/');
  const address = parseIp(slash < 0 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  const maskText = slash < 0 ? String(address.bits) : text.slice(slash + 1);
  if (!isDecimal(maskText, 3)) return undefined;
  const mask = Number(maskText);
  if (mask > address.bits) return undefined;
  const hostBits = BigInt(address.bits - mask);
  const low = (address.value >> hostBits) << hostBits;
  return { bits: address.bits, low, high: low + (1n << hostBits) - 1n };
}

export function isInRange(range: IpRange, address: IpAddress): boolean {
  return range.bits === address.bits && address.value >= range.low && address.value <= range.high;
}

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    if (!isDecimal(part, 3) || Number(part) > 255 || (part.length > 1 && part.startsWith('0'))) return undefined;
    value = value * 256 + Number(part);
  }
  return BigInt(value);
}

function parseIpv6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groupsOf(halves[0] ?? '', halves.length === 1);
  const tail = groupsOf(halves[1] ?? '', true);
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  return groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n);
}

/** 16-bit groups of a colon-separated run; its end may be a dotted IPv4 address. */
function groupsOf(text: string, mayEndDotted: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (part.includes('.')) {
      const dotted = mayEndDotted && index === parts.length - 1 ? parseIpv4(part) : undefined;
      if (dotted === undefined) return undefined;
      groups.push(Number(dotted >> 16n), Number(dotted & 0xffffn));
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

function isDecimal(text: string, digitsMax: number): boolean {
  return text.length <= digitsMax && /^[0-9]+$/.test(text);
}
