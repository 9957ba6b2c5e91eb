// Regular expressions as JSON Schema has them (ECMA 262), read into a tree. What cannot be matched in linear time is refused by name here:
// back references and looking around. Code units, no flags: `.` and classes take halves of surrogate pairs, as `new RegExp(text)` does.

/** Ranges of code units, both ends included, in any order. */
export type CodeRanges = readonly (readonly [number, number])[];

export type RegexNode =
  | { readonly kind: 'empty' }
  | { readonly kind: 'code'; readonly ranges: CodeRanges }
  | { readonly kind: 'start' }
  | { readonly kind: 'end' }
  | { readonly kind: 'boundary'; readonly isNegated: boolean }
  | { readonly kind: 'sequence'; readonly parts: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly parts: readonly RegexNode[] }
  | { readonly kind: 'repeat'; readonly part: RegexNode; readonly min: number; readonly max: number };

export class RegexProblem extends Error {}

const CODE_MAX = 0xffff;
const NESTING_MAX = 100;
const LINE_ENDS: CodeRanges = [
  [10, 10],
  [13, 13],
  [0x2028, 0x2029],
];
const DIGITS: CodeRanges = [[48, 57]];
const WORD: CodeRanges = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
];
const SPACES: CodeRanges = [
  [9, 13],
  [32, 32],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];
const CLASSES: Readonly<Record<string, CodeRanges>> = {
  d: DIGITS,
  D: outside(DIGITS),
  w: WORD,
  W: outside(WORD),
  s: SPACES,
  S: outside(SPACES),
};
const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, 0: 0 };

/** Throws {@link RegexProblem}. */
export function parseRegex(text: string): RegexNode {
  const reader = new RegexReader(text);
  const node = reader.choice(0);
  if (!reader.isAtEnd) throw new RegexProblem('a parenthesis is closed that was never opened');
  return node;
}

function outside(ranges: CodeRanges): CodeRanges {
  const sorted = [...ranges].sort((one, other) => one[0] - other[0]);
  const found: [number, number][] = [];
  let next = 0;
  for (const [from, to] of sorted) {
    if (from > next) found.push([next, from - 1]);
    next = Math.max(next, to + 1);
  }
  if (next <= CODE_MAX) found.push([next, CODE_MAX]);
  return found;
}

class RegexReader {
  private at = 0;

  constructor(private readonly text: string) {}

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  choice(depth: number): RegexNode {
    if (depth > NESTING_MAX) throw new RegexProblem('groups are nested too deeply');
    const parts = [this.sequence(depth)];
    while (this.takes('|')) parts.push(this.sequence(depth));
    return parts.length === 1 ? (parts[0] as RegexNode) : { kind: 'choice', parts };
  }

  private sequence(depth: number): RegexNode {
    const parts: RegexNode[] = [];
    while (!this.isAtEnd && this.peek() !== '|' && this.peek() !== ')') parts.push(this.repeated(depth));
    return parts.length === 0 ? { kind: 'empty' } : { kind: 'sequence', parts };
  }

  private repeated(depth: number): RegexNode {
    let part = this.atom(depth);
    for (;;) {
      const bounds = this.quantifier();
      if (bounds === undefined) return part;
      const isAssertion = part.kind === 'start' || part.kind === 'end' || part.kind === 'boundary';
      if (isAssertion || part.kind === 'repeat') throw new RegexProblem('a quantifier has nothing to repeat');
      part = { kind: 'repeat', part, ...bounds };
    }
  }

  /** Lazy quantifiers match the same texts as greedy ones. */
  private quantifier(): { min: number; max: number } | undefined {
    const sign = this.peek();
    let bounds: { min: number; max: number } | undefined;
    if (sign === '*') bounds = { min: 0, max: Number.POSITIVE_INFINITY };
    else if (sign === '+') bounds = { min: 1, max: Number.POSITIVE_INFINITY };
    else if (sign === '?') bounds = { min: 0, max: 1 };
    if (bounds !== undefined) this.at += 1;
    else {
      const counted = /^\{(\d{1,5})(?:(,)(\d{1,5})?)?\}/.exec(this.text.slice(this.at, this.at + 14));
      if (counted === null) return undefined;
      this.at += counted[0].length;
      const min = Number(counted[1]);
      const last = counted[2] === undefined ? min : Number(counted[3] ?? Number.POSITIVE_INFINITY);
      bounds = { min, max: last };
    }
    if (bounds.max < bounds.min) throw new RegexProblem('a quantifier ends before it begins');
    this.takes('?');
    return bounds;
  }

  private atom(depth: number): RegexNode {
    const sign = this.next();
    switch (sign) {
      case '^':
        return { kind: 'start' };
      case '$':
        return { kind: 'end' };
      case '.':
        return { kind: 'code', ranges: outside(LINE_ENDS) };
      case '(':
        return this.group(depth);
      case '[':
        return { kind: 'code', ranges: this.characterClass() };
      case '\\':
        return this.escape();
      case '*':
      case '+':
      case '?':
        throw new RegexProblem('a quantifier has nothing to repeat');
      default:
        return codeNode(sign.charCodeAt(0));
    }
  }

  private group(depth: number): RegexNode {
    if (this.takes('?')) {
      const rest = this.text.slice(this.at);
      if (/^(?:=|!|<=|<!)/.test(rest)) throw new RegexProblem('looking ahead or behind is not available');
      const name = /^(?::|<[A-Za-z_$][\w$]{0,100}>)/.exec(rest)?.[0];
      if (name === undefined) throw new RegexProblem('a group begins with something unknown');
      this.at += name.length;
    }
    const node = this.choice(depth + 1);
    if (!this.takes(')')) throw new RegexProblem('a parenthesis is not closed');
    return node;
  }

  private escape(): RegexNode {
    const sign = this.next();
    if (sign === 'b' || sign === 'B') return { kind: 'boundary', isNegated: sign === 'B' };
    if (/[1-9]/.test(sign) || (sign === 'k' && this.peek() === '<')) {
      throw new RegexProblem('back references are not available');
    }
    return { kind: 'code', ranges: this.escaped(sign) };
  }

  private escaped(sign: string): CodeRanges {
    if (Object.hasOwn(CLASSES, sign)) return CLASSES[sign] as CodeRanges;
    if (Object.hasOwn(CONTROLS, sign)) return single(CONTROLS[sign] as number);
    if (sign === 'x' || sign === 'u') {
      const length = sign === 'x' ? 2 : 4;
      const digits = this.text.slice(this.at, this.at + length);
      if (digits.length === length && /^[0-9a-f]+$/i.test(digits)) {
        this.at += length;
        return single(Number.parseInt(digits, 16));
      }
    }
    if (sign === 'c' && /[A-Za-z]/.test(this.peek())) return single(this.next().charCodeAt(0) % 32);
    if (/[A-Za-z]/.test(sign) && !'xuc'.includes(sign)) throw new RegexProblem(`the escape \\${sign} is unknown`);
    return single(sign.charCodeAt(0));
  }

  private characterClass(): CodeRanges {
    const isNegated = this.takes('^');
    const ranges: (readonly [number, number])[] = [];
    while (!this.takes(']')) {
      const from = this.classMember();
      const isRange = this.peek() === '-' && this.text[this.at + 1] !== ']';
      if (!isRange || from.length !== 1 || from[0]?.[0] !== from[0]?.[1]) {
        ranges.push(...from);
        continue;
      }
      this.at += 1;
      const to = this.classMember();
      const [first, last] = [from[0]?.[0] ?? 0, to[0]?.[1] ?? 0];
      if (to.length !== 1 || to[0]?.[0] !== last) ranges.push(...from, [45, 45], ...to);
      else if (last < first) throw new RegexProblem('a range of a class ends before it begins');
      else ranges.push([first, last]);
    }
    return isNegated ? outside(ranges) : ranges;
  }

  private classMember(): CodeRanges {
    const sign = this.next('a class is not closed');
    if (sign !== '\\') return single(sign.charCodeAt(0));
    const after = this.next();
    return after === 'b' ? single(8) : this.escaped(after);
  }

  private peek(): string {
    return this.text[this.at] ?? '';
  }

  private next(missing = 'it ends too early'): string {
    const sign = this.text[this.at];
    if (sign === undefined) throw new RegexProblem(missing);
    this.at += 1;
    return sign;
  }

  private takes(sign: string): boolean {
    if (this.text[this.at] !== sign) return false;
    this.at += 1;
    return true;
  }
}

function single(code: number): CodeRanges {
  return [[code, code]];
}

function codeNode(code: number): RegexNode {
  return { kind: 'code', ranges: single(code) };
}
