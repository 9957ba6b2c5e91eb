import { crc32 as nativeCrc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { SeededRandom } from '#base/random.ts';
import { crc32, crc32Words } from './crc32.ts';
import { checkEntryHead, checkPayloads, decodeEntry, encodeEntry, entryBytes, makeSpan } from './entry.ts';

describe('CRC-32', () => {
  it('equals the one of zlib, from any seed, bytes and words', () => {
    const random = new SeededRandom(1);
    for (let length = 1; length < 300; length += 1) {
      const span = makeSpan(length);
      random.fill(span.bytes);
      const seed = random.u32();
      const bytes = span.bytes.subarray(0, length);
      expect(crc32(bytes, seed)).toBe(nativeCrc32(bytes, seed));
      expect(crc32Words(span.words, 0, span.words.length, seed)).toBe(nativeCrc32(span.bytes, seed));
    }
    // Unlike zlib's, ours keeps the seed when there are no bytes.
    expect(crc32(new Uint8Array(0), 5)).toBe(5);
    expect(crc32(new TextEncoder().encode('123456789'), 0)).toBe(0xcbf43926);
  });
});

describe('an entry', () => {
  const facts = Uint8Array.from([1, 2, 3]);
  const payloads = [Uint8Array.from([4, 5, 6, 7, 8, 9, 10, 11, 12]), new Uint8Array(0)];
  const checksum = nativeCrc32;
  const encoded = (stamp: { position: number; sequence: number; groupStart: number; salt: number }) => {
    const span = makeSpan(entryBytes(facts, payloads));
    const positions = encodeEntry(span, 0, stamp, { facts, payloads, checksum });
    return { span, positions };
  };
  const stamp = { position: 2 ** 52 + 4096, sequence: 2 ** 40 + 1, groupStart: 2 ** 52, salt: 0xdeadbeef };

  it('comes back as it was, at positions beyond 32 bits', () => {
    const { span, positions } = encoded(stamp);
    const expected = { position: stamp.position, salt: stamp.salt, limit: span.bytes.length, checksum };
    expect(checkEntryHead(span, 0, expected)).toBe('whole');
    expect(checkPayloads(span, 0, expected)).toBe('whole');
    const entry = decodeEntry(span, 0);
    expect(entry.position).toBe(stamp.position);
    expect(entry.end).toBe(stamp.position + span.bytes.length);
    expect(entry.payloads).toEqual(positions);
    expect(entry.facts).toEqual(facts);
    expect(entry.payloadBytes).toEqual(payloads);
  });

  it('is not taken at another position, with another salt, or cut short', () => {
    const { span } = encoded(stamp);
    const expected = { position: stamp.position, salt: stamp.salt, limit: span.bytes.length, checksum };
    expect(checkEntryHead(span, 0, { ...expected, position: 8 })).toBe('the entry belongs to another position');
    expect(checkEntryHead(span, 0, { ...expected, salt: 1 })).toBe('the checksum of the entry does not match');
    expect(checkEntryHead(span, 0, { ...expected, limit: expected.limit - 8 })).toBe('the entry is cut short');
    expect(checkPayloads(span, 0, { ...expected, salt: 1 })).toBe('the checksum of a payload does not match');
  });
});
