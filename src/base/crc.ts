// Checksums of pieces put together: the CRC of a whole from those of its parts, without the bytes. A CRC is a remainder of polynomials over
// GF(2); appending n bytes multiplies by x^8n, so the whole's is crc(A)·x^8n + crc(B). Method as in zlib's crc32_combine. Bits are reflected,
// initial value and final xor are all ones, as in CRC-32, CRC-32C and CRC-64/NVME alike.

export type CrcAlgorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME';

interface Crc {
  readonly width: number;
  readonly polynomial: bigint;
  /** x^8n by n: parts of an upload are of one length as a rule. */
  readonly shifts: Map<number, bigint>;
}

const CRCS: Readonly<Record<CrcAlgorithm, Crc>> = {
  CRC32: { width: 32, polynomial: 0xedb88320n, shifts: new Map() },
  CRC32C: { width: 32, polynomial: 0x82f63b78n, shifts: new Map() },
  CRC64NVME: { width: 64, polynomial: 0x9a6c9329ac4bc9b5n, shifts: new Map() },
};
const SHIFTS_MAX = 64;

/** Of `one` followed by `other`, whose length in bytes is given. Big-endian bytes, as S3 writes them in base64. */
export function combineCrc(
  algorithm: CrcAlgorithm,
  one: Uint8Array,
  other: { readonly crc: Uint8Array; readonly bytes: number },
): Uint8Array {
  const crc = CRCS[algorithm];
  const combined = multiply(crc, shiftOf(crc, other.bytes), toBig(one)) ^ toBig(other.crc);
  return toBytes(combined, crc.width / 8);
}

/** For short inputs (checksums of parts); bit by bit. */
export function crcOf(algorithm: 'CRC32' | 'CRC32C', bytes: Uint8Array): Uint8Array {
  const polynomial = Number(CRCS[algorithm].polynomial);
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ polynomial : sum >>> 1;
  }
  return toBytes(BigInt((sum ^ 0xffffffff) >>> 0), 4);
}

/** Polynomials' product modulo the CRC's; the highest bit is x^0. */
function multiply({ width, polynomial }: Crc, one: bigint, other: bigint): bigint {
  let product = 0n;
  let factor = other;
  for (let mask = 1n << BigInt(width - 1); mask > 0n; mask >>= 1n) {
    if (one & mask) product ^= factor;
    factor = factor & 1n ? (factor >> 1n) ^ polynomial : factor >> 1n;
  }
  return product;
}

/** x^8n. */
function shiftOf(crc: Crc, bytes: number): bigint {
  const known = crc.shifts.get(bytes);
  if (known !== undefined) return known;
  let power = 1n << BigInt(crc.width - 2);
  let shift = 1n << BigInt(crc.width - 1);
  for (let bits = BigInt(bytes) * 8n; bits > 0n; bits >>= 1n) {
    if (bits & 1n) shift = multiply(crc, shift, power);
    power = multiply(crc, power, power);
  }
  if (crc.shifts.size >= SHIFTS_MAX) crc.shifts.clear();
  crc.shifts.set(bytes, shift);
  return shift;
}

function toBig(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function toBytes(value: bigint, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => Number((value >> BigInt((length - 1 - at) * 8)) & 0xffn));
}

/**
 * CRC-32 of a whole from those of its pieces, all of them of one length but for the last. In numbers and not in big integers: an object of
 * gigabytes has thousands.
 */
export function crc32OfPieces(
  checksums: readonly number[],
  length: { readonly pieceBytes: number; readonly bytes: number },
): number {
  const { pieceBytes, bytes } = length;
  const shift = shift32(pieceBytes);
  const lastShift = shift32(bytes - (checksums.length - 1) * pieceBytes);
  const last = checksums.length - 1;
  return (
    checksums.reduce(
      (whole, piece, at) => (at === 0 ? piece : multiply32(at === last ? lastShift : shift, whole) ^ piece),
      0,
    ) >>> 0
  );
}

const X_TO_0 = 0x80000000;
const X_TO_8 = 0x00800000;
const POLYNOMIAL_32 = 0xedb88320;

/** x^8n. */
function shift32(bytes: number): number {
  let shift = X_TO_0;
  let power = X_TO_8;
  for (let left = bytes; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) shift = multiply32(shift, power);
    power = multiply32(power, power);
  }
  return shift;
}

/** As {@link multiply}. */
function multiply32(one: number, other: number): number {
  let product = 0;
  let factor = other;
  for (let mask = X_TO_0; mask !== 0; mask >>>= 1) {
    if ((one & mask) !== 0) product ^= factor;
    factor = (factor & 1) !== 0 ? (factor >>> 1) ^ POLYNOMIAL_32 : factor >>> 1;
  }
  return product >>> 0;
}
