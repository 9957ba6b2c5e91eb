// JSON values that stand one behind the other in a record: where each one ends, without reading what is in it.

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Objects and arrays of a record, in order; between them white space. Undefined when there is anything else: then it is no such record.
 * Stops behind `countMax` + 1 of them.
 */
export function splitJson(data: Uint8Array, countMax = Number.POSITIVE_INFINITY): readonly Uint8Array[] | undefined {
  const parts: Uint8Array[] = [];
  let at = skipSpace(data, 0);
  while (at < data.length && parts.length <= countMax) {
    const end = endOfValue(data, at);
    if (end === undefined) return undefined;
    parts.push(data.subarray(at, end));
    at = skipSpace(data, end);
  }
  return parts;
}

/** Behind the bracket that closes the one at `from`. */
function endOfValue(data: Uint8Array, from: number): number | undefined {
  let depth = 0;
  for (let at = from; at < data.length; at += 1) {
    const byte = data[at] as number;
    if (byte === QUOTE && depth > 0) {
      at = endOfText(data, at);
    } else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
    } else if (byte === 0x7d || byte === 0x5d) {
      depth -= 1;
      if (depth === 0) return at + 1;
      if (depth < 0) return undefined;
    } else if (depth === 0) return undefined;
  }
  return undefined;
}

/** At the closing quote, or behind the data. */
function endOfText(data: Uint8Array, quoteAt: number): number {
  for (let at = quoteAt + 1; at < data.length; at += 1) {
    if (data[at] === BACKSLASH) at += 1;
    else if (data[at] === QUOTE) return at;
  }
  return data.length;
}

function skipSpace(data: Uint8Array, from: number): number {
  let at = from;
  while (data[at] === 0x20 || data[at] === 0x0a || data[at] === 0x0d || data[at] === 0x09) at += 1;
  return at;
}
