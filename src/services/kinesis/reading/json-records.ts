// The program of json-records.wat with its memory: stored records go in, their text comes out. One of these serves all answers in turn; nothing in
// it outlives a call but what the next record's sequence number is.

import { assert } from '#base/assert.ts';
import { BASE64_DIGITS } from '#base/base64.ts';
import { utf8Encode } from '#base/bytes.ts';
import { programOpener } from '#base/program-opener.ts';
import type { AsciiWriter } from '../ascii-writer.ts';
import { SequenceDigits } from '../sequence-digits.ts';
import { program } from './generated/json-records.ts';

/** Behind input and output: the program reads and writes whole words there. */
const SLACK_BYTES = 64;

// Where things lie, as the program's own comment says.
const NUMBER_AT = 1_024;
const STEP_AT = 1_088;
const HEAD_AT = 1_152;
const HEAD_BYTES_MAX = 256;
const KEY_NAME_AT = 1_408;
const DIGITS_AT = 1_472;
const RESULT_AT = 1_536;
const GROUP_TEXTS_AT = 4_096;
const INPUT_AT = 65_536;

const ESCAPE_BYTES = 8;
const KEY_NAME = utf8Encode('","PartitionKey":"');
/** What the program writes between data and key and behind it. */
export const FRAME_BYTES = KEY_NAME.length + '"}'.length;

/** Records of a batch that are to be written. */
export interface RecordRun {
  readonly bytes: Uint8Array;
  /** Of the first record, and behind the last one. */
  readonly start: number;
  readonly end: number;
  readonly count: number;
}

/** How they are written. */
export interface RunStyle {
  /** Names, sequence number and time; the number's digits are written anew for each record, `digitsAt`. */
  readonly head: Uint8Array;
  readonly digitsAt: number;
  /** Before the first record; others have a comma. */
  readonly separator: number;
}

type Write = (
  ...args: [
    from: number,
    inputEnd: number,
    to: number,
    outputEnd: number,
    left: number,
    headBytes: number,
    digitsAt: number,
    separator: number,
  ]
) => number;

const open = programOpener(program);

export class JsonRecords {
  /** Has to be at the first record's number. */
  readonly sequence: SequenceDigits;
  /** Behind the last record that was written. */
  end = 0;
  /** Records that there was no room for. */
  left = 0;
  private readonly memory: Uint8Array;
  private readonly words: DataView;
  private readonly outputAt: number;
  private readonly write: Write;

  /** `roomBytes`: most that is written at once; a longer record needs another one of these. */
  constructor(private readonly roomBytes: number) {
    this.outputAt = INPUT_AT + roomBytes + SLACK_BYTES;
    const { exports, memory } = open(this.outputAt + roomBytes + SLACK_BYTES);
    this.write = exports['write'] as Write;
    this.memory = new Uint8Array(memory);
    this.words = new DataView(memory);
    this.sequence = new SequenceDigits(new Int32Array(memory, NUMBER_AT, SequenceDigits.step.length));
    this.fillTables();
  }

  private fillTables(): void {
    const { memory } = this;
    for (let byte = 0; byte < 128; byte += 1) {
      const escaped = utf8Encode(JSON.stringify(String.fromCharCode(byte)).slice(1, -1));
      memory.set(escaped, byte * ESCAPE_BYTES);
      memory[(byte + 1) * ESCAPE_BYTES - 1] = escaped.length;
    }
    new Int32Array(memory.buffer, STEP_AT, SequenceDigits.step.length).set(SequenceDigits.step);
    memory.set(KEY_NAME, KEY_NAME_AT);
    memory.set(utf8Encode(BASE64_DIGITS), DIGITS_AT);
    new Int32Array(memory.buffer, GROUP_TEXTS_AT, SequenceDigits.texts.length).set(SequenceDigits.texts);
  }

  /** As many records as there is room for, each with its separator. What is left to write is in `end` and `left`. */
  writeRun({ bytes, start, end, count }: RecordRun, style: RunStyle, writer: AsciiWriter): void {
    const { memory, words, outputAt, sequence } = this;
    const { head, digitsAt, separator } = style;
    const room = Math.min(writer.room, this.roomBytes);
    // A record's text is longer than the record: more than there is room for cannot be used.
    const inputBytes = Math.min(end - start, room);
    memory.set(bytes.subarray(start, start + inputBytes), INPUT_AT);
    assert(head.length <= HEAD_BYTES_MAX, 'there is room for what stands before the data');
    memory.set(head, HEAD_AT);
    sequence.write(words, HEAD_AT + digitsAt);
    const inputEnd = INPUT_AT + inputBytes;
    const numberAt = HEAD_AT + digitsAt;
    const outputEnd = this.write(
      INPUT_AT,
      inputEnd,
      outputAt,
      outputAt + room,
      count,
      head.length,
      numberAt,
      separator,
    );
    writer.raw(memory.subarray(outputAt, outputEnd));
    this.end = start + words.getInt32(RESULT_AT, true) - INPUT_AT;
    this.left = words.getInt32(RESULT_AT + 4, true);
    sequence.wasCounted(count - this.left);
  }
}
