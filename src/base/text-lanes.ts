// What is asked of many texts at once, by the program of text-lanes.wat: MD5, four side by side, and whether there are unusual characters. Ten
// messages of a kibibyte take half of the time that ten calls into the platform's digest take, and ten of a regular expression.

import { program } from './generated/text-lanes.ts';
import { MD5_STEPS } from './md5.ts';
import { programOpener } from './program-opener.ts';

const LANES = 4;
const LANE_BYTES = 65_536;
/** Longer texts are not waited for by short ones; a character is three bytes in UTF-8 at most. */
const TEXT_CHARACTERS_MAX = Math.floor((LANE_BYTES - 128) / 3);

// Where things lie, as the program's own comment says.
const CONSTANTS_AT = 0;
const WORDS_AT = 256;
const SHIFTS_AT = 512;
const BLOCKS_AT = 1_024;
const DIGITS_AT = 2_048;
const TEXTS_AT = 65_536;
const DIGITS = 32;
/** Digested at once; there is room for their digits. */
const TEXTS_MAX = 256;

export interface TextFacts {
  /** Of the text as UTF-8. */
  readonly md5Hex: string;
  /** It has neither control characters besides tab, line feed and carriage return, nor halves of surrogate pairs, U+FFFE or U+FFFF. */
  readonly isPlain: boolean;
}

interface Program {
  readonly pad: (from: number, length: number) => number;
  readonly isUnusual: (from: number, length: number) => number;
  readonly digest: (blocks: number, to: number) => void;
}

const open = programOpener(program);

class TextLanes {
  private readonly program: Program;
  private readonly lanes: readonly Uint8Array[];
  private readonly blocks: Int32Array;
  private readonly digits: Uint8Array;

  constructor() {
    const { exports, memory } = open(TEXTS_AT + LANES * LANE_BYTES);
    this.program = exports as unknown as Program;
    const begins = Array.from({ length: LANES }, (_, lane) => TEXTS_AT + lane * LANE_BYTES);
    this.lanes = begins.map((begin) => new Uint8Array(memory, begin, LANE_BYTES));
    this.blocks = new Int32Array(memory, BLOCKS_AT, LANES);
    this.digits = new Uint8Array(memory, DIGITS_AT, TEXTS_MAX * DIGITS);
    new Int32Array(memory, BLOCKS_AT + LANES * 4, LANES).set(begins);
    const { sines, words, shifts } = MD5_STEPS;
    new Int32Array(memory, CONSTANTS_AT, sines.length).set(sines);
    new Int32Array(memory, WORDS_AT, words.length).set(words.map((word) => word * LANES * 4));
    new Int32Array(memory, SHIFTS_AT, shifts.length).set(shifts);
  }

  factsOf(texts: readonly string[]): readonly TextFacts[] {
    const plain: boolean[] = [];
    for (let from = 0; from < texts.length; from += LANES) {
      this.program.digest(this.fill(texts, from, plain), DIGITS_AT + from * DIGITS);
    }
    const digits = decoder.decode(this.digits.subarray(0, texts.length * DIGITS));
    return plain.map((isPlain, i) => ({ md5Hex: digits.slice(i * DIGITS, (i + 1) * DIGITS), isPlain }));
  }

  /** Returns the most blocks that one of them has. */
  private fill(texts: readonly string[], from: number, plain: boolean[]): number {
    const { blocks, lanes, program } = this;
    let blocksMax = 0;
    for (let lane = 0; lane < LANES; lane += 1) {
      const text = texts[from + lane];
      blocks[lane] = 0;
      if (text === undefined) continue;
      const begin = TEXTS_AT + lane * LANE_BYTES;
      const { written } = encoder.encodeInto(text, lanes[lane]!);
      plain.push(program.isUnusual(begin, written) === 0);
      const blockCount = program.pad(begin, written);
      blocks[lane] = blockCount;
      if (blockCount > blocksMax) blocksMax = blockCount;
    }
    return blocksMax;
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8');
let shared: TextLanes | undefined;

/** `md5Hex`: the digest of one text, for what does not gain by company; such a text is not known to be plain. */
export function factsOfTexts(texts: readonly string[], md5Hex: (text: string) => string): readonly TextFacts[] {
  const isShort = texts.every(({ length }) => length <= TEXT_CHARACTERS_MAX);
  if (!isShort || texts.length < 2 || texts.length > TEXTS_MAX) {
    return texts.map((text) => ({ md5Hex: md5Hex(text), isPlain: false }));
  }
  shared ??= new TextLanes();
  return shared.factsOf(texts);
}
