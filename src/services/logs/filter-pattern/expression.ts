// Regular expressions between percent signs, AWS's own small kind: no groups, so an expression is a choice between rows of
// characters, each with how often it may stand. All rows are followed at once, one step for each character of the message:
// time grows with message times expression, whatever a client writes.
// Source: Amazon CloudWatch Logs user guide, "Supported regular expressions (regex) syntax".

import type { PatternText } from './pattern-text.ts';

/** One place of a row; `end` stands behind the last one. */
interface Place {
  readonly kind: 'character' | 'first' | 'last' | 'end';
  readonly isIn: (code: number) => boolean;
  /** May be left out. */
  readonly isOptional: boolean;
  /** May stand again. */
  readonly isRepeated: boolean;
}

/** Ours: places beyond this make searching slow. */
const PLACES_MAX = 256;
/** AWS: what may stand for itself. */
const PLAIN = /^[A-Za-z0-9:_#=@/;,-]$/;
/** May stand for themselves behind a backslash, too. */
const OPERATOR = /^[\^$?[\]{}|\\*+.]$/;

/** Whether the expression, which is taken from the text behind its opening sign up to the closing one, occurs in a value. */
export function takeExpression(text: PatternText): (value: string) => boolean {
  const places: Place[] = [];
  const starts: number[] = [0];
  while (!text.take('%')) {
    if (text.isAtEnd) text.fail('a percent sign is not closed');
    if (text.take('|')) {
      places.push(END);
      starts.push(places.length);
    } else readPlaces(text, places);
    if (places.length > PLACES_MAX) text.fail('the regular expression is too long');
  }
  places.push(END);
  return (value) => occurs(places, starts, value);
}

const always = (): boolean => true;
const END: Place = { kind: 'end', isIn: always, isOptional: false, isRepeated: false };

function readPlaces(text: PatternText, places: Place[]): void {
  const once = { isOptional: false, isRepeated: false };
  if (text.take('^')) places.push({ kind: 'first', isIn: always, ...once });
  else if (text.take('$')) places.push({ kind: 'last', isIn: always, ...once });
  else {
    const place: Place = { kind: 'character', isIn: readCharacter(text), ...once };
    const { min, max } = readCount(text);
    if ((max ?? min) > PLACES_MAX) text.fail('the regular expression is too long');
    for (let i = 0; i < min; i += 1) places.push(place);
    if (max === undefined) places.push({ ...place, isOptional: true, isRepeated: true });
    else for (let i = min; i < max; i += 1) places.push({ ...place, isOptional: true });
  }
}

function readCount(text: PatternText): { readonly min: number; readonly max: number | undefined } {
  if (text.take('?')) return { min: 0, max: 1 };
  if (text.take('*')) return { min: 0, max: undefined };
  if (text.take('+')) return { min: 1, max: undefined };
  if (!text.take('{')) return { min: 1, max: 1 };
  const [, least, comma, most] = /^ *(\d+) *(,)? *(\d*) *$/.exec(text.takeUntil(/[}%]/)) ?? [];
  if (least === undefined || !text.take('}')) return text.fail('expected how often, as in {2,5}');
  const min = Number(least);
  if (comma === undefined) return { min, max: min };
  return most === '' ? { min, max: undefined } : { min, max: Math.max(min, Number(most)) };
}

function readCharacter(text: PatternText): (code: number) => boolean {
  if (text.take('.')) return always;
  if (text.take('[')) return readClass(text);
  if (text.take('\\')) return readEscaped(text).isIn;
  const character = text.peek();
  if (!PLAIN.test(character)) text.failAtTerm(character);
  text.take(character);
  const wanted = character.charCodeAt(0);
  return (code) => code === wanted;
}

interface Escaped {
  readonly isIn: (code: number) => boolean;
  /** Of one character: it may begin or end a range. */
  readonly code: number | undefined;
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);
const isWord = (code: number): boolean =>
  isDigit(code) || code === 95 || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
const not =
  (isIn: (code: number) => boolean) =>
  (code: number): boolean =>
    !isIn(code);

const CLASSES: Readonly<Record<string, (code: number) => boolean>> = {
  ...{ d: isDigit, D: not(isDigit), s: isSpace, S: not(isSpace), w: isWord, W: not(isWord) },
};

function readEscaped(text: PatternText): Escaped {
  const character = text.peek();
  const isIn = CLASSES[character];
  if (isIn !== undefined) {
    text.take(character);
    return { isIn, code: undefined };
  }
  if (text.take('x')) return only(Number.parseInt(readHex(text), 16));
  if (!OPERATOR.test(character) && !(PLAIN.test(character) && !isWord(character.charCodeAt(0)))) {
    text.failAtTerm(`\\${character}`);
  }
  text.take(character);
  return only(character.charCodeAt(0));
}

function only(code: number): Escaped {
  return { isIn: (found) => found === code, code };
}

function readHex(text: PatternText): string {
  const digits = text.peek(2);
  if (!/^[0-9A-Fa-f]{2}$/.test(digits)) text.fail('expected two hexadecimal digits');
  text.take(digits);
  return digits;
}

/** `[abc]`, `[a-z]`, `[^…]`. Operators stand for themselves in it. */
function readClass(text: PatternText): (code: number) => boolean {
  const isNegated = text.take('^');
  const members: ((code: number) => boolean)[] = [];
  do {
    const low = readMember(text);
    const isRange = low.code !== undefined && text.peek() === '-' && text.peek(2) !== '-]';
    if (isRange) text.take('-');
    const high = isRange ? readMember(text).code : undefined;
    if (low.code === undefined || high === undefined) members.push(low.isIn);
    else {
      const [least, most] = [low.code, high];
      members.push((code) => code >= least && code <= most);
    }
  } while (!text.take(']'));
  const isMember = tabled((code) => members.some((isIn) => isIn(code)));
  return isNegated ? not(isMember) : isMember;
}

/** Asked once for each code there is, not for each character of a message; no class tells the codes from 256 on apart. */
function tabled(isIn: (code: number) => boolean): (code: number) => boolean {
  const table = Uint8Array.from({ length: 257 }, (_, code) => (isIn(code) ? 1 : 0));
  return (code) => table[Math.min(code, 256)] === 1;
}

function readMember(text: PatternText): Escaped {
  const character = text.peek();
  if (character === '' || character === '%') text.fail('a bracket is not closed');
  if (text.take('\\')) return readEscaped(text);
  if (!PLAIN.test(character) && !OPERATOR.test(character)) text.failAtTerm(character);
  text.take(character);
  return only(character.charCodeAt(0));
}

/** Follows all rows at once, and begins them anew at each character. */
function occurs(places: readonly Place[], starts: readonly number[], value: string): boolean {
  const seenAt = new Int32Array(places.length).fill(-1);
  let here: number[] = [];
  let ahead: number[] = [];
  /** True: the end of a row was reached. */
  const enter = (list: number[], from: number, at: number): boolean => {
    for (let i = from; ; i += 1) {
      const place = places[i] as Place;
      if (seenAt[i] === at) return false;
      seenAt[i] = at;
      if (place.kind === 'end') return true;
      if ((place.kind === 'first' && at !== 0) || (place.kind === 'last' && at !== value.length)) return false;
      if (place.kind !== 'character') continue;
      list.push(i);
      if (!place.isOptional) return false;
    }
  };
  for (let at = 0; ; at += 1) {
    for (const start of starts) if (enter(here, start, at)) return true;
    if (at === value.length) return false;
    const code = value.charCodeAt(at);
    ahead.length = 0;
    for (const i of here) {
      const place = places[i] as Place;
      if (place.isIn(code) && enter(ahead, place.isRepeated ? i : i + 1, at + 1)) return true;
    }
    [here, ahead] = [ahead, here];
  }
}
