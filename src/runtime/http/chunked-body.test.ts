import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BodyBytes } from './body-bytes.ts';
import { ChunkedBody } from './chunked-body.ts';

interface Outcome {
  readonly body: string | undefined;
  readonly status: number | undefined;
  /** How many bytes the body took. */
  readonly end: number;
}

function take(text: string, pieces: readonly number[] = [], bytesMax = 1000): Outcome {
  const bytes = Buffer.from(text, 'latin1');
  const sink = new BodyBytes(bytesMax);
  const body = new ChunkedBody(sink, bytesMax);
  let at = 0;
  for (const size of [...pieces, bytes.length]) {
    const piece = bytes.subarray(at, at + size);
    const end = body.take(piece, 0);
    at += end;
    if (end < piece.length || at === bytes.length) break;
  }
  const complete = body.isComplete ? sink.bytes.toString('latin1') : undefined;
  return { body: complete, status: body.refusal?.status, end: at };
}

describe('a chunked body', () => {
  it.each([
    ['one chunk', '3\r\nabc\r\n0\r\n\r\n', 'abc'],
    ['two chunks', '3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n', 'abcde'],
    ['no chunk', '0\r\n\r\n', ''],
    ['capital and leading digits', '00A\r\n0123456789\r\n0000\r\n\r\n', '0123456789'],
    ['extensions', '3;name=value;other\r\nabc\r\n0 ; last="x"\r\n\r\n', 'abc'],
    ['trailers', '3\r\nabc\r\n0\r\nx-amz-checksum-crc32: AAAA\r\nB:\r\n\r\n', 'abc'],
    ['line ends as data', '4\r\n\r\n\r\n\r\n0\r\n\r\n', '\r\n\r\n'],
  ])('is read with %s', (_what, text, body) => {
    expect(take(text)).toEqual({ body, status: undefined, end: text.length });
  });

  it('ends where the next request begins', () => {
    expect(take('1\r\na\r\n0\r\n\r\nGET /').end).toBe(11);
  });

  it.each([
    ['LF behind the size', '3\nabc\r\n0\r\n\r\n'],
    ['LF in an extension', '3;a\nb\r\nabc\r\n0\r\n\r\n'],
    ['a bare CR in an extension', '3;a\rb\r\nabc\r\n0\r\n\r\n'],
    ['LF behind the data', '3\r\nabc\n0\r\n\r\n'],
    ['no line end behind the data', '3\r\nabcd\r\n0\r\n\r\n'],
    ['a negative size', '-3\r\nabc\r\n0\r\n\r\n'],
    ['a signed size', '+3\r\nabc\r\n0\r\n\r\n'],
    ['a prefix of hexadecimals', '0x3\r\nabc\r\n0\r\n\r\n'],
    ['an empty size', '\r\nabc\r\n0\r\n\r\n'],
    ['a space before the size', ' 3\r\nabc\r\n0\r\n\r\n'],
    ['letters that are no digits', '3g\r\nabc\r\n0\r\n\r\n'],
    ['a size of more than 64 bits', '10000000000000003\r\nabc\r\n0\r\n\r\n'],
    ['a size beyond counting', 'ffffffffffffffff\r\nabc'],
    ['an endless extension', `3;${'a'.repeat(2000)}\r\nabc\r\n0\r\n\r\n`],
    ['a folded trailer', '0\r\nA: 1\r\n 2\r\n\r\n'],
    ['a trailer without a colon', '0\r\nabc\r\n\r\n'],
    ['LF behind a trailer', '0\r\nA: 1\n\r\n'],
    ['NUL in a trailer', '0\r\nA: \0\r\n\r\n'],
    ['endless trailers', `0\r\n${`A: ${'b'.repeat(900)}\r\n`.repeat(10)}\r\n`],
  ])('is refused with %s', (_what, text) => {
    expect(take(text)).toMatchObject({ body: undefined, status: 400 });
  });

  it('is refused as soon as a size exceeds the limit', () => {
    expect(take('a\r\n', [], 10)).toMatchObject({ status: undefined });
    expect(take('b\r\n', [], 10)).toMatchObject({ status: 413 });
    expect(take('6\r\nabcdef\r\n5\r\n', [], 10)).toMatchObject({ status: 413 });
  });

  it('does not depend on how it is cut into packets', () => {
    const valid = fc.array(fc.string({ minLength: 1, maxLength: 20, unit: 'binary-ascii' }), { maxLength: 5 });
    const damage = fc.option(fc.tuple(fc.nat(60), fc.constantFrom('\r', '\n', '0', 'z', '\0', ';')));
    fc.assert(
      fc.property(valid, damage, fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 60 }), (chunks, hit, pieces) => {
        let text = `${chunks.map((chunk) => `${chunk.length.toString(16)};x\r\n${chunk}\r\n`).join('')}0\r\nT: 1\r\n\r\n`;
        if (hit !== null) text = text.slice(0, hit[0]) + hit[1] + text.slice(hit[0] + 1);
        const whole = take(text);
        const cut = take(text, pieces);
        expect({ body: cut.body, status: cut.status }).toEqual({ body: whole.body, status: whole.status });
        if (hit === null) expect(whole.body).toBe(chunks.join(''));
      }),
    );
  });
});
