// DER, as much of it as a certificate needs: tag, length, content (ITU-T X.690).

const concat = (parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts);

export function tagged(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const body = concat(content);
  return concat([Uint8Array.of(tag), lengthOf(body.length), body]);
}

function lengthOf(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Uint8Array.of(0x80 | bytes.length, ...bytes);
}

export const sequence = (...content: readonly Uint8Array[]): Uint8Array => tagged(0x30, ...content);
export const set = (...content: readonly Uint8Array[]): Uint8Array => tagged(0x31, ...content);
export const nullValue = (): Uint8Array => tagged(0x05);
export const octets = (bytes: Uint8Array): Uint8Array => tagged(0x04, bytes);
export const utf8 = (text: string): Uint8Array => tagged(0x0c, Buffer.from(text));
/** `YYMMDDHHMMSSZ`: for years up to 2049. */
export const utcTime = (text: string): Uint8Array => tagged(0x17, Buffer.from(text, 'latin1'));
export const bool = (value: boolean): Uint8Array => tagged(0x01, Uint8Array.of(value ? 0xff : 0));

/** A whole number from its bytes, highest first; never negative. */
export function integer(bytes: Uint8Array): Uint8Array {
  const isNegative = ((bytes[0] ?? 0) & 0x80) !== 0;
  return tagged(0x02, ...(isNegative ? [Uint8Array.of(0)] : []), bytes);
}

export function bits(bytes: Uint8Array, unusedBits = 0): Uint8Array {
  return tagged(0x03, Uint8Array.of(unusedBits), bytes);
}

/** `2.5.4.3` */
export function objectId(text: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const groups = [part % 128];
    for (let left = Math.floor(part / 128); left > 0; left = Math.floor(left / 128))
      groups.unshift((left % 128) | 0x80);
    bytes.push(...groups);
  }
  return tagged(0x06, Uint8Array.from(bytes));
}
