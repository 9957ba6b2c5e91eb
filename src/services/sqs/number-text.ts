// The number of a long text, given to it when it is first needed.

import { TextNumbered } from './facts.ts';
import type { SqsTurn } from './find-queue.ts';

export function numberText(turn: SqsTurn, text: string): number {
  const { texts } = turn.state;
  const known = texts.numberOf(text);
  if (known !== undefined) return known;
  const number = texts.nextNumber;
  turn.record(TextNumbered, { number, text });
  return number;
}
