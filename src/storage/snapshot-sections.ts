// Sections of a snapshot that is being taken: whole, or in pieces that are made while somebody asks for them.

import type { SectionBytes, Snapshot, TakenSnapshot } from './journal.ts';

export function piecesOf(section: SectionBytes): Iterable<Uint8Array> {
  return section instanceof Uint8Array ? [section] : section;
}

/** A copy with each section in one piece. */
export function wholeSnapshot({ position, sections }: TakenSnapshot): Snapshot {
  return { position, sections: new Map([...sections].map(([name, section]) => [name, joined(piecesOf(section))])) };
}

function joined(all: Iterable<Uint8Array>): Uint8Array {
  const pieces = [...all];
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
