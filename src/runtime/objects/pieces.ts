// Memory that the bodies of uploads are gathered in: pieces that are filled, then written and digested at the same time, then filled again.
// Few at a time, whatever is uploaded.

export const PIECE_BYTES = 1024 * 1024;
/** Every upload may have so many full pieces, however many uploads there are … */
const OWN_MAX = 2;
/** … and an upload so many, while all have not too many: the MD5 falls behind meanwhile, and catches up while the disk is waited for. */
const ONE_MAX = 8;
const ALL_MAX = 24;
/** Pieces that are kept while nobody uploads. */
const SPARE_MAX = 8;
const spare: Uint8Array[] = [];
let underWay = 0;

/** As long as what is left, so that a small body costs little. */
export function pieceOf(left: number): Uint8Array {
  if (left < PIECE_BYTES) return Buffer.allocUnsafeSlow(Math.max(1, left));
  return spare.pop() ?? new Uint8Array(new SharedArrayBuffer(PIECE_BYTES));
}

/** A piece is full and has to be written and digested. */
export function pieceTaken(): void {
  underWay += 1;
}

/** Nobody reads it any more. */
export function pieceUsed(piece: Uint8Array): void {
  underWay -= 1;
  // Dropped one by one they would only be made anew, and wait for the collector of garbage meanwhile.
  if (piece.length === PIECE_BYTES) spare.push(piece);
  if (underWay === 0) spare.splice(SPARE_MAX);
}

/** Whether an upload of which so many pieces are under way may fill another one. */
export function hasRoomFor(waiting: number): boolean {
  return waiting < OWN_MAX || (waiting < ONE_MAX && underWay < ALL_MAX);
}
