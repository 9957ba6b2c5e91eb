// Which piece of a wildcard an index looks for; where it is, the wildcard itself is asked. A piece that few other wildcards
// are looked for by is best, since each value that has it makes all of them candidates; then a long one.

import type { WildcardText } from '#structures/event-pattern/value-test.ts';

export type PiecePlace = 'start' | 'end' | 'inside' | 'any';

export interface Piece {
  readonly place: PiecePlace;
  readonly text: string;
  /** There is more to the wildcard than this piece. */
  readonly needsCheck: boolean;
}

/** One other wildcard at a piece outweighs this many characters. */
const CROWD_WEIGHT = 4;

export function choosePiece(test: WildcardText, crowdOf: (piece: Piece) => number): Piece {
  let best: Piece | undefined;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const piece of piecesOf(test)) {
    const score = piece.text.length - CROWD_WEIGHT * crowdOf(piece);
    if (score <= bestScore) continue;
    best = piece;
    bestScore = score;
  }
  return best ?? { place: 'any', text: '', needsCheck: false };
}

/** Those at the firm ends come first: they are looked up without a search. */
function piecesOf({ tokens }: WildcardText): Piece[] {
  const pieces: Piece[] = [];
  const isAlone = tokens.filter((token) => typeof token === 'object').length === 1;
  for (const [index, token] of tokens.entries()) {
    if (typeof token !== 'object') continue;
    const isFirst = index === 0;
    const isLast = index === tokens.length - 1;
    // A wildcard without any asterisk is at both ends.
    const needsCheck = !isAlone || (isFirst && isLast);
    pieces.push({ place: isFirst ? 'start' : isLast ? 'end' : 'inside', text: token.literal, needsCheck });
  }
  return pieces.sort((a, b) => rank(a) - rank(b));
}

function rank({ place }: Piece): number {
  return place === 'inside' ? 1 : 0;
}
