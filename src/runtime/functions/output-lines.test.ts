import { expect, test } from 'vitest';
import { OutputLines } from './output-lines.ts';

function linesOf(...pieces: string[]): string[] {
  const lines: string[] = [];
  const output = new OutputLines((text) => lines.push(text));
  for (const piece of pieces) output.push(Buffer.from(piece));
  output.end();
  return lines;
}

test('a line is an event, however it came in pieces', () => {
  expect(linesOf('one\ntw', 'o\n\nthr', 'ee')).toEqual(['one', 'two', 'three']);
});

test('a record that spans lines is one event', () => {
  expect(linesOf('\x1ea\x1fb\nc\n')).toEqual(['a\nb', 'c']);
});

test('a record behind text without a line feed is an event of its own', () => {
  expect(linesOf('no feed\x1ea\x1fb\n')).toEqual(['no feed', 'a\nb']);
});

test('a character cut between two pieces stays whole', () => {
  const lines: string[] = [];
  const output = new OutputLines((text) => lines.push(text));
  const bytes = Buffer.from('€\n');
  output.push(bytes.subarray(0, 1));
  output.push(bytes.subarray(1));
  expect(lines).toEqual(['€']);
});
