// Numbers where they lie in the bytes. What an index needs is the comparable number (event-pattern/comparable-number.ts);
// it is found without making a string: up to fifteen digits are a whole number that a double holds exactly, and dividing
// it by a power of ten rounds as JSON.parse does. Of longer numbers the first fifteen digits say between which two
// values the number is; nearly always both have the same comparable.

import { comparableNumber } from '#structures/event-pattern/comparable-number.ts';

const DIGITS_MAX = 15;
/** A double holds these exactly. */
const POWERS = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** NaN when AWS would not compare the number, or it is none. */
export function comparableAt(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  const isNegative = bytes[at] === 0x2d;
  if (isNegative) at += 1;
  let digits = 0;
  let mantissa = 0;
  let power = 0;
  let isCut = false;
  let isFraction = false;
  for (; at < end; at += 1) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit >= 0 && digit <= 9) {
      if (digits < DIGITS_MAX) {
        mantissa = mantissa * 10 + digit;
        if (mantissa !== 0) digits += 1;
        if (isFraction) power -= 1;
      } else {
        isCut = true;
        if (!isFraction) power += 1;
      }
    } else if (digit === -2) isFraction = true;
    else break;
  }
  if (at < end) power += exponentAt(bytes, at, end);
  if (!(power >= -22 && power <= 22)) return slowly(bytes, start, end);
  const sign = isNegative ? -1 : 1;
  const low = comparableNumber(sign * scaled(mantissa, power));
  if (!isCut) return low;
  return low === comparableNumber(sign * scaled(mantissa + 1, power)) ? low : slowly(bytes, start, end);
}

function scaled(mantissa: number, power: number): number {
  return power < 0 ? mantissa / (POWERS[-power] as number) : mantissa * (POWERS[power] as number);
}

/** NaN when what stands there is no exponent. */
function exponentAt(bytes: Uint8Array, at: number, end: number): number {
  if (((bytes[at] as number) | 0x20) !== 0x65) return Number.NaN;
  return Number(asciiAt(bytes, at + 1, end));
}

function slowly(bytes: Uint8Array, start: number, end: number): number {
  return comparableNumber(numberAt(bytes, start, end));
}

export function numberAt(bytes: Uint8Array, start: number, end: number): number {
  return Number(asciiAt(bytes, start, end));
}

export function asciiAt(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i += 1) text += String.fromCharCode(bytes[i] as number);
  return text;
}

/**
 * The same text for all spellings of a number: its digits without zeros at either end, and where the point is. For
 * numbers that are too large to be compared in another way, such as identifiers of nineteen digits.
 */
export function canonicalDecimal(numeral: string): string {
  const parts = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([-+]?[0-9]+))?$/.exec(numeral);
  if (parts === null) return numeral;
  const [, sign, whole = '', fraction = '', exponent = '0'] = parts;
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const bare = digits.replace(/0+$/, '');
  if (bare === '') return '0';
  return `${sign}${bare}e${Number(exponent) - fraction.length + digits.length - bare.length}`;
}
