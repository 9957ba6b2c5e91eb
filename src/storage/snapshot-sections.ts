// Sections of a snapshot that is being taken: whole, or in pieces that are made while somebody asks for them.

import { joinBytes } from '#base/bytes.ts';
import type { SectionBytes, Snapshot, TakenSnapshot } from './journal.ts';

export function piecesOf(section: SectionBytes): Iterable<Uint8Array> {
  return section instanceof Uint8Array ? [section] : section;
}

/** A copy with each section in one piece. */
export function wholeSnapshot({ position, sections }: TakenSnapshot): Snapshot {
  return {
    position,
    sections: new Map([...sections].map(([name, section]) => [name, joinBytes([...piecesOf(section)])])),
  };
}
