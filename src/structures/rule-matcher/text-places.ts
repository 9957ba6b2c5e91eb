// Texts that a value is, begins with, ends with or has inside: the four indexes of texts, of which most paths need one.

import { ContainsIndex } from './contains-index.ts';
import type { Posting } from './posting.ts';
import { AffixIndex, WholeTextIndex } from './text-index.ts';

export type TextPlace = 'whole' | 'start' | 'end' | 'inside';

export class TextPlaces {
  private whole: WholeTextIndex | undefined;
  private start: AffixIndex | undefined;
  private end: AffixIndex | undefined;
  private inside: ContainsIndex | undefined;

  get isEmpty(): boolean {
    return this.whole === undefined && this.start === undefined && this.end === undefined && this.inside === undefined;
  }

  /** The one that is there of the same test and text. */
  get(place: TextPlace, like: Posting): Posting | undefined {
    return place === 'inside' ? undefined : this[place]?.get(like);
  }

  add(place: TextPlace, posting: Posting): void {
    if (place === 'whole') this.whole ??= new WholeTextIndex();
    else if (place === 'inside') this.inside ??= new ContainsIndex();
    else this[place] ??= new AffixIndex(place);
    this[place]?.add(posting);
  }

  delete(place: TextPlace, posting: Posting): void {
    this[place]?.delete(posting);
    if (this[place]?.isEmpty === true) this[place] = undefined;
  }

  /** Adds what it finds to `found`. */
  find(bytes: Uint8Array, start: number, end: number, found: Posting[]): void {
    const whole = this.whole?.find(bytes, start, end);
    if (whole !== undefined) found.push(whole);
    if (this.start !== undefined) this.start.find(bytes, start, end, found);
    if (this.end !== undefined) this.end.find(bytes, start, end, found);
    if (this.inside !== undefined) this.inside.find(bytes, start, end, found);
  }
}
