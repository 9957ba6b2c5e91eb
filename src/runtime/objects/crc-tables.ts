// CRC-32C and CRC-64/NVME, which Node has not: sixteen bytes a step with tables ("slicing by 16"), in JavaScript. Parameters: RFC 3720,
// appendix B.4 (CRC-32C); NVM Express NVM Command Set 1.0, 5.2.1.3.4 (64b CRC). Both are reflected, begin and end with all bits turned.

const SLICES = 16;

export class Crc32c {
  private crc = 0xffffffff;

  update(bytes: Uint8Array): void {
    let crc = this.crc;
    let at = 0;
    const t = TABLE_32C;
    const end = bytes.length - (bytes.length % SLICES);
    for (; at < end; at += SLICES) {
      crc =
        t[3840 + ((crc ^ bytes[at]!) & 255)]! ^
        t[3584 + (((crc >>> 8) ^ bytes[at + 1]!) & 255)]! ^
        t[3328 + (((crc >>> 16) ^ bytes[at + 2]!) & 255)]! ^
        t[3072 + ((crc >>> 24) ^ bytes[at + 3]!)]! ^
        t[2816 + bytes[at + 4]!]! ^
        t[2560 + bytes[at + 5]!]! ^
        t[2304 + bytes[at + 6]!]! ^
        t[2048 + bytes[at + 7]!]! ^
        t[1792 + bytes[at + 8]!]! ^
        t[1536 + bytes[at + 9]!]! ^
        t[1280 + bytes[at + 10]!]! ^
        t[1024 + bytes[at + 11]!]! ^
        t[768 + bytes[at + 12]!]! ^
        t[512 + bytes[at + 13]!]! ^
        t[256 + bytes[at + 14]!]! ^
        t[bytes[at + 15]!]!;
    }
    for (; at < bytes.length; at += 1) crc = t[(crc ^ bytes[at]!) & 255]! ^ (crc >>> 8);
    this.crc = crc;
  }

  /** Big-endian, as S3 has it. */
  digest(): Uint8Array {
    const value = ~this.crc >>> 0;
    return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
  }
}

export class Crc64Nvme {
  private low = 0xffffffff | 0;
  private high = 0xffffffff | 0;

  update(bytes: Uint8Array): void {
    let { low, high } = this;
    let at = 0;
    const l = LOW_64;
    const h = HIGH_64;
    const end = bytes.length - (bytes.length % 8);
    for (; at < end; at += 8) {
      const a = 1792 + ((low ^ bytes[at]!) & 255);
      const b = 1536 + (((low >>> 8) ^ bytes[at + 1]!) & 255);
      const c = 1280 + (((low >>> 16) ^ bytes[at + 2]!) & 255);
      const d = 1024 + ((low >>> 24) ^ bytes[at + 3]!);
      const e = 768 + ((high ^ bytes[at + 4]!) & 255);
      const f = 512 + (((high >>> 8) ^ bytes[at + 5]!) & 255);
      const g = 256 + (((high >>> 16) ^ bytes[at + 6]!) & 255);
      const i = (high >>> 24) ^ bytes[at + 7]!;
      low = l[a]! ^ l[b]! ^ l[c]! ^ l[d]! ^ l[e]! ^ l[f]! ^ l[g]! ^ l[i]!;
      high = h[a]! ^ h[b]! ^ h[c]! ^ h[d]! ^ h[e]! ^ h[f]! ^ h[g]! ^ h[i]!;
    }
    for (; at < bytes.length; at += 1) {
      const i = (low ^ bytes[at]!) & 255;
      low = l[i]! ^ ((low >>> 8) | (high << 24));
      high = h[i]! ^ (high >>> 8);
    }
    this.low = low;
    this.high = high;
  }

  digest(): Uint8Array {
    const [high, low] = [~this.high, ~this.low];
    const of = (word: number) => [word >>> 24, word >>> 16, word >>> 8, word];
    return Uint8Array.from([...of(high), ...of(low)].map((byte) => byte & 255));
  }
}

const TABLE_32C = table32(0x82f63b78);
const { low: LOW_64, high: HIGH_64 } = table64(0x9a6c9329ac4bc9b5n);

/** Table k holds what a byte does that stands k bytes before the end of a step. */
function table32(polynomial: number): Int32Array {
  const table = new Int32Array(256 * SLICES);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    table[byte] = crc;
  }
  for (let i = 256; i < table.length; i += 1) {
    const before = table[i - 256]!;
    table[i] = table[before & 255]! ^ (before >>> 8);
  }
  return table;
}

function table64(polynomial: bigint): { readonly low: Int32Array; readonly high: Int32Array } {
  const whole = new BigUint64Array(256 * 8);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1n ? (crc >> 1n) ^ polynomial : crc >> 1n;
    whole[byte] = crc;
  }
  for (let i = 256; i < whole.length; i += 1) {
    const before = whole[i - 256]!;
    whole[i] = whole[Number(before & 255n)]! ^ (before >> 8n);
  }
  const low = Int32Array.from(whole, (value) => Number(BigInt.asIntN(32, value)));
  const high = Int32Array.from(whole, (value) => Number(BigInt.asIntN(32, value >> 32n)));
  return { low, high };
}
