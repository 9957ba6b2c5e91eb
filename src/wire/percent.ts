// Percent-encoding of paths, query strings and form bodies, and the order-keeping list of pairs that they hold.

export interface Pair {
  readonly name: string;
  readonly value: string;
}

/** The decoded text, or undefined when a `%` is not followed by two hex digits or the bytes are not UTF-8. */
export function percentDecode(text: string): string | undefined {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    // The only error that decodeURIComponent knows: a malformed sequence.
    return undefined;
  }
}

/** As in a form: `+` is a space. */
export function formDecode(text: string): string | undefined {
  return percentDecode(text.includes('+') ? text.replaceAll('+', ' ') : text);
}

/** RFC 3986: all but letters, digits, `-`, `.`, `_` and `~` is encoded. A lone surrogate becomes U+FFFD, as it does in UTF-8. */
export function percentEncode(text: string): string {
  if (/^[A-Za-z0-9._~-]*$/.test(text)) return text;
  const known = isWellFormed(text) ? text : text.replace(LONE_SURROGATE, '\ufffd');
  return encodeURIComponent(known).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function isWellFormed(text: string): boolean {
  return text.search(LONE_SURROGATE) < 0;
}

/** The pairs of a query string or form body; undefined when one of them is not decodable, or there are more than `countMax`. */
export function parsePairs(text: string, countMax: number): readonly Pair[] | undefined {
  const pairs: Pair[] = [];
  let start = 0;
  while (start < text.length) {
    let end = text.indexOf('&', start);
    if (end < 0) end = text.length;
    if (end > start) {
      if (pairs.length >= countMax) return undefined;
      const pair = parsePair(text.slice(start, end));
      if (pair === undefined) return undefined;
      pairs.push(pair);
    }
    start = end + 1;
  }
  return pairs;
}

function parsePair(text: string): Pair | undefined {
  const equals = text.indexOf('=');
  const name = formDecode(equals < 0 ? text : text.slice(0, equals));
  const value = equals < 0 ? '' : formDecode(text.slice(equals + 1));
  return name === undefined || value === undefined ? undefined : { name, value };
}
