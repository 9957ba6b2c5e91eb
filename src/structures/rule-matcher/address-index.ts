// Ranges of IP addresses that a value may lie in: by network, one look-up for each different length of mask.

import { type IpAddress, parseIp } from '#base/ip-range.ts';
import type { Posting } from './posting.ts';

/** `address/mask`, as one number for the network. */
export interface Network {
  readonly address: IpAddress;
  readonly maskBits: number;
}

const SHORTEST_ADDRESS = 2;
const LONGEST_ADDRESS = 45;

export class AddressIndex {
  private readonly postings = new Map<bigint, Posting[]>();
  private readonly masks: Readonly<Record<32 | 128, Map<number, number>>> = { 32: new Map(), 128: new Map() };

  get isEmpty(): boolean {
    return this.postings.size === 0;
  }

  get(network: Network | undefined, source: string): Posting | undefined {
    if (network === undefined) return undefined;
    return this.postings.get(keyOf(network))?.find(({ test }) => test.source === source);
  }

  add(network: Network, posting: Posting): void {
    const key = keyOf(network);
    const postings = this.postings.get(key);
    if (postings === undefined) this.postings.set(key, [posting]);
    else postings.push(posting);
    const masks = this.masks[network.address.bits];
    masks.set(network.maskBits, (masks.get(network.maskBits) ?? 0) + 1);
  }

  delete(network: Network | undefined, posting: Posting): void {
    if (network === undefined) return;
    const key = keyOf(network);
    const left = (this.postings.get(key) ?? []).filter((other) => other !== posting);
    if (left.length > 0) this.postings.set(key, left);
    else this.postings.delete(key);
    const masks = this.masks[network.address.bits];
    const count = (masks.get(network.maskBits) ?? 1) - 1;
    if (count > 0) masks.set(network.maskBits, count);
    else masks.delete(network.maskBits);
  }

  /** Adds what it finds to `found`. */
  find(text: string, found: Posting[]): void {
    const address = parseIp(text);
    if (address === undefined) return;
    for (const maskBits of this.masks[address.bits].keys()) {
      for (const posting of this.postings.get(keyOf({ address, maskBits })) ?? []) found.push(posting);
    }
  }
}

function keyOf({ address, maskBits }: Network): bigint {
  const family = address.bits === 128 ? 1n : 0n;
  return ((address.value >> BigInt(address.bits - maskBits)) << 9n) | (BigInt(maskBits) << 1n) | family;
}

/** Whether it is worth a closer look: hexadecimal digits, points and colons only. */
export function looksLikeAddress(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < SHORTEST_ADDRESS || end - start > LONGEST_ADDRESS) return false;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    const letter = byte | 0x20;
    // From the point to the colon: the digits, and a slash, which the parser refuses.
    if (!((byte >= 0x2e && byte <= 0x3a) || (letter >= 0x61 && letter <= 0x66))) return false;
  }
  return true;
}
