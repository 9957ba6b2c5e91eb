import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundaryOf, MultipartReader } from './multipart-reader.ts';
import { readPartHead } from './part-head.ts';

interface Part {
  readonly head: string;
  readonly position: number;
  content: string;
  isEnded: boolean;
}

/** Bytes as characters, so that content may be anything. */
function read(body: string, cuts: readonly number[] = []) {
  const parts: Part[] = [];
  const taker = {
    part: (head: string, position: number) => parts.push({ head, position, content: '', isEnded: false }),
    data: (bytes: Uint8Array) => {
      (parts.at(-1) as Part).content += Buffer.from(bytes).toString('latin1');
    },
    partEnd: () => {
      (parts.at(-1) as Part).isEnded = true;
    },
  };
  const reader = new MultipartReader('b-1', taker, (all, wanted) => Buffer.from(all).indexOf(wanted));
  const bytes = Buffer.from(body, 'latin1');
  const places = [0, ...[...cuts].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (let i = 1; i < places.length; i += 1) reader.take(bytes.subarray(places[i - 1], places[i]));
  const { isComplete, isMalformed, position } = reader;
  return { parts, isComplete, isMalformed, position };
}

const HEAD = 'Content-Disposition: form-data; name="a"';
const formOf = (contents: readonly string[]): string =>
  `${contents.map((content) => `--b-1\r\n${HEAD}\r\n\r\n${content}\r\n`).join('')}--b-1--\r\n`;

const content = fc
  .array(fc.oneof(fc.constantFrom('\r', '\n', '-', '--', '\r\n', '\r\n--b-', '--b-1', '\r\n--b-2', ' '), fc.string()))
  .map((pieces) => Buffer.from(pieces.join('')).toString('latin1'))
  .filter((text) => !text.includes('\r\n--b-1'));

describe('a form', () => {
  it('gives its parts back, however it is cut', () => {
    fc.assert(
      fc.property(fc.array(content, { maxLength: 4 }), fc.array(fc.nat(), { maxLength: 40 }), (contents, cuts) => {
        const body = formOf(contents);
        const whole = read(body);
        expect(whole.parts.map((part) => [part.content, part.isEnded])).toEqual(contents.map((each) => [each, true]));
        expect(whole.isComplete).toBe(true);
        expect(read(body, cuts)).toEqual(whole);
      }),
    );
  });

  it('is the same byte by byte, whatever it is', () => {
    const piece = fc.constantFrom('\r\n', '--b-1', '--', HEAD, 'x', '\r', ' ', '\r\n\r\n', '\xff');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const body = pieces.join('');
        expect(
          read(
            body,
            Array.from(body, (_, at) => at),
          ),
        ).toEqual(read(body));
      }),
    );
  });

  it('may have something before its first delimiter, spaces behind one, and anything at its end', () => {
    const { parts, isComplete, isMalformed } = read(
      `preamble\r\n--b-1 \t\r\n${HEAD}\r\n\r\nx\r\n--b-1--epilogue\r\n--b-1\r\n`,
    );
    expect([parts.map((part) => part.content), isComplete, isMalformed]).toEqual([['x'], true, false]);
  });

  it('tells where the content of a part begins', () => {
    const body = formOf(['one', 'two']);
    for (const cuts of [[], [3, 60, 70]]) {
      expect(read(body, cuts).parts.map(({ position }) => body.slice(position, position + 3))).toEqual(['one', 'two']);
    }
  });

  it.each([
    ['without its end', `--b-1\r\n${HEAD}\r\n\r\nx`, false],
    ['that is empty', '', false],
    ['whose delimiter goes on', `--b-1x\r\n${HEAD}\r\n\r\n`, true],
    ['whose head never ends', `--b-1\r\n${'x'.repeat(9_000)}`, true],
    ['whose head is no UTF-8', '--b-1\r\nname: \xff\r\n\r\nx', true],
    ['with a line of spaces', `--b-1${' '.repeat(300)}\r\n${HEAD}\r\n\r\n`, true],
  ])('%s is not complete', (_what, body, isMalformed) => {
    const found = read(body);
    expect([found.isComplete, found.isMalformed]).toEqual([false, isMalformed]);
  });
});

describe('the head of a part', () => {
  it.each([
    ['Content-Disposition: form-data; name="key"', 'key', undefined],
    ['content-disposition:form-data;name=key', 'key', undefined],
    ['X: y\r\nContent-Disposition: Form-Data; NAME="a b"; filename="x.jpg"\r\nContent-Type: a/b', 'a b', 'x.jpg'],
    ['Content-Disposition: form-data; filename="name=x"; name="a"', 'a', 'name=x'],
    ['Content-Disposition: form-data; name="a"; filename="C:\\Program Files\\dir\\file.txt"', 'a', 'file.txt'],
    ['Content-Disposition: form-data; name="a"; filename="pictures/of/file.txt"', 'a', 'file.txt'],
    ['Content-Disposition: form-data; name="a"; filename="say \\"hi\\".txt"', 'a', 'say "hi".txt'],
    ['Content-Disposition: form-data; name="a"; filename=""', 'a', ''],
    ['Content-Disposition: form-data; name="a"; name="b"', 'a', undefined],
    ['Content-Disposition: file; name="file"', undefined, undefined],
    ['Content-Disposition: form-data', undefined, undefined],
    ['', undefined, undefined],
  ])('%s', (head, name, filename) => {
    expect(readPartHead(head)).toEqual({ name, filename });
  });

  it('with thousands of quotation marks is read at once', () => {
    const head = `Content-Disposition: form-data; name="a"${'; x="\\"'.repeat(1_000)}`;
    expect(readPartHead(head).name).toBe('a');
  });
});

it('the boundary stands in the content type, quoted or not, and has 70 characters at most', () => {
  expect(boundaryOf('multipart/form-data; boundary=abc')).toBe('abc');
  expect(boundaryOf('multipart/form-data; charset=utf-8; Boundary="a b:c"')).toBe('a b:c');
  expect(boundaryOf('multipart/form-data; boundary=abc; charset=utf-8')).toBe('abc');
  expect(boundaryOf('multipart/form-data')).toBeUndefined();
  expect(boundaryOf(`multipart/form-data; boundary=${'x'.repeat(71)}`)).toBeUndefined();
});
