// Matching of text against patterns with `*` (any run) and `?` (any one character), in linear time: between two stars
// the leftmost occurrence is always the right one, so nothing is ever tried twice, and long pieces are searched with
// Knuth-Morris-Pratt. No regular expressions: a pattern comes from a client, and backtracking would let it stop the
// process. Whoever has a syntax of his own (IAM's variables, EventBridge's escapes) makes tokens of it first.

export type WildcardToken = { readonly literal: string } | '*' | '?';

export interface Wildcard {
  matches(text: string): boolean;
}

/** Below this length the engine's own search is faster, and its worst case harmless. */
const SHORT_PIECE = 32;

interface Piece {
  readonly text: string;
  /** Positions that take any character; undefined when there are none. */
  readonly holes: ReadonlySet<number> | undefined;
  /** For long pieces without holes: length of the longest border of each prefix. */
  readonly borders: Int32Array | undefined;
}

export function wildcardOf(tokens: readonly WildcardToken[]): Wildcard {
  const pieces = piecesOf(tokens).map(pieceOf);
  const [first] = pieces;
  const last = pieces[pieces.length - 1];
  if (first === undefined || last === undefined) return { matches: (text) => text === '' };
  if (pieces.length === 1) return { matches: (text) => text.length === first.text.length && fitsAt(first, text, 0) };
  const fixedLength = first.text.length + last.text.length;
  return {
    matches(text) {
      const end = text.length - last.text.length;
      if (text.length < fixedLength || !fitsAt(first, text, 0) || !fitsAt(last, text, end)) return false;
      let at = first.text.length;
      for (let i = 1; i < pieces.length - 1; i += 1) {
        const piece = pieces[i] as Piece;
        const found = find(piece, text, at, end);
        if (found < 0) return false;
        at = found + piece.text.length;
      }
      return true;
    },
  };
}

/** Once only, and `*` alone is special; to match often, compile with {@link wildcardOf}. */
export function wildcardMatches(pattern: string, text: string): boolean {
  const tokens = pattern.split('*').flatMap((literal, index): WildcardToken[] => {
    const token = { literal };
    return index === 0 ? [token] : ['*', token];
  });
  return wildcardOf(tokens).matches(text);
}

/** Pattern where every `*` and `?` is special and nothing can be escaped. */
export function wildcardTokens(pattern: string): WildcardToken[] {
  const tokens: WildcardToken[] = [];
  let start = 0;
  for (let i = 0; i <= pattern.length; i += 1) {
    const character = pattern[i];
    if (i < pattern.length && character !== '*' && character !== '?') continue;
    if (i > start) tokens.push({ literal: pattern.slice(start, i) });
    if (character === '*' || character === '?') tokens.push(character);
    start = i + 1;
  }
  return tokens;
}

/** Splits at stars: n stars make n + 1 pieces, of which the first is anchored at the start and the last at the end. */
function piecesOf(tokens: readonly WildcardToken[]): { text: string; holes: Set<number> }[] {
  let current = { text: '', holes: new Set<number>() };
  const pieces = [current];
  for (const token of tokens) {
    if (token === '*') {
      current = { text: '', holes: new Set() };
      pieces.push(current);
    } else if (token === '?') {
      current.holes.add(current.text.length);
      current.text += '?';
    } else current.text += token.literal;
  }
  return pieces;
}

function pieceOf(raw: { text: string; holes: Set<number> }): Piece {
  const holes = raw.holes.size > 0 ? raw.holes : undefined;
  const isLong = holes === undefined && raw.text.length > SHORT_PIECE;
  return { text: raw.text, holes, borders: isLong ? bordersOf(raw.text) : undefined };
}

function fitsAt(piece: Piece, text: string, at: number): boolean {
  if (piece.holes === undefined) return text.startsWith(piece.text, at);
  for (let i = 0; i < piece.text.length; i += 1) {
    if (text.charCodeAt(at + i) !== piece.text.charCodeAt(i) && !piece.holes.has(i)) return false;
  }
  return true;
}

/** Leftmost place at or after `from` where the piece fits and ends by `end`, or -1. */
function find(piece: Piece, text: string, from: number, end: number): number {
  const lastStart = end - piece.text.length;
  if (piece.borders !== undefined) return findLong(piece.text, piece.borders, { text, from, end });
  if (piece.holes === undefined) {
    const found = text.indexOf(piece.text, from);
    return found <= lastStart ? found : -1;
  }
  for (let at = from; at <= lastStart; at += 1) if (fitsAt(piece, text, at)) return at;
  return -1;
}

function bordersOf(text: string): Int32Array {
  const borders = new Int32Array(text.length);
  let matched = 0;
  for (let i = 1; i < text.length; i += 1) {
    while (matched > 0 && text.charCodeAt(i) !== text.charCodeAt(matched)) matched = borders[matched - 1] as number;
    if (text.charCodeAt(i) === text.charCodeAt(matched)) matched += 1;
    borders[i] = matched;
  }
  return borders;
}

function findLong(piece: string, borders: Int32Array, within: { text: string; from: number; end: number }): number {
  const { text, from, end } = within;
  const { length } = piece;
  let matched = 0;
  for (let i = from; i < end; i += 1) {
    const code = text.charCodeAt(i);
    while (code !== piece.charCodeAt(matched)) {
      if (matched === 0) {
        matched = -1;
        break;
      }
      matched = borders[matched - 1] as number;
    }
    matched += 1;
    if (matched === length) return i - length + 1;
  }
  return -1;
}
