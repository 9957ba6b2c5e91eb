// Decimal numbers as their text says: digits and where the point is. Nothing here writes an exponent out before it is known to fit.

export interface ExactDecimal {
  /** Without a point. */
  readonly unscaled: bigint;
  /** Digits behind the point; may be below 0. */
  readonly scale: number;
}

const NUMBER = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,9}))?$/;
const DIGITS_MAX = 1_000;

/** Undefined when it is no number. */
export function parseDecimal(text: string): ExactDecimal | undefined {
  const found = NUMBER.exec(text);
  if (found === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = found;
  const digits = whole + fraction;
  if (digits === '' || digits.length > DIGITS_MAX) return undefined;
  const unscaled = BigInt(digits);
  return { unscaled: sign === '-' ? -unscaled : unscaled, scale: fraction.length - Number(exponent) };
}

/** Rounded half away from zero to so many digits behind the point; undefined when it has more than `digitsMax` digits then. */
export function rescaled({ unscaled, scale }: ExactDecimal, wanted: number, digitsMax: number): bigint | undefined {
  if (unscaled === 0n) return 0n;
  const digits = unscaled.toString().replace('-', '').length;
  if (digits - scale > digitsMax - wanted) return undefined;
  if (digits - scale + wanted < 0) return 0n;
  const shift = wanted - scale;
  const value = shift >= 0 ? unscaled * 10n ** BigInt(shift) : roundedQuotient(unscaled, 10n ** BigInt(-shift));
  return value.toString().replace('-', '').length > digitsMax ? undefined : value;
}

function roundedQuotient(value: bigint, divisor: bigint): bigint {
  const half = value < 0n ? -divisor / 2n : divisor / 2n;
  return (value + half) / divisor;
}

/** Two's complement, high byte first, in so many bytes. */
export function bigEndianBytes(value: bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let rest = BigInt.asUintN(length * 8, value);
  for (let i = length - 1; i >= 0; i -= 1) {
    bytes[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

/** How many bytes a decimal of so many digits takes. */
export function bytesForDigits(digits: number): number {
  let bytes = 1;
  while (2n ** BigInt(8 * bytes - 1) <= 10n ** BigInt(digits) - 1n) bytes += 1;
  return bytes;
}
