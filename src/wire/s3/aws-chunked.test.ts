import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AwsChunkedDecoder } from './aws-chunked.ts';

interface Heard {
  readonly data: string;
  readonly chunks: readonly (readonly [number, string | undefined])[];
  readonly trailers: readonly (readonly [string, string])[];
  readonly problem: string | undefined;
  readonly isComplete: boolean;
}

function decode(pieces: readonly string[]): Heard {
  let data = '';
  const chunks: [number, string | undefined][] = [];
  const trailers: [string, string][] = [];
  const decoder = new AwsChunkedDecoder({
    data: (bytes) => {
      data += Buffer.from(bytes).toString('latin1');
    },
    chunkEnd: (bytes, signature) => chunks.push([bytes, signature]),
    trailer: (name, value) => trailers.push([name, value]),
  });
  for (const piece of pieces) decoder.take(Buffer.from(piece, 'latin1'));
  decoder.end();
  return { data, chunks, trailers, problem: decoder.problem, isComplete: decoder.isComplete };
}

const BODY =
  '5;chunk-signature=ab\r\nhello\r\n6;chunk-signature=cd\r\n world\r\n0;chunk-signature=ef\r\nx-amz-checksum-crc32:DUoRhQ==\r\nX-Amz-Trailer-Signature:12\r\n\r\n';

describe('aws-chunked', () => {
  it('is the same however its bytes are cut', () => {
    const whole = decode([BODY]);
    expect(whole).toEqual({
      data: 'hello world',
      chunks: [
        [5, 'ab'],
        [6, 'cd'],
        [0, 'ef'],
      ],
      trailers: [
        ['x-amz-checksum-crc32', 'DUoRhQ=='],
        ['x-amz-trailer-signature', '12'],
      ],
      problem: undefined,
      isComplete: true,
    });
    fc.assert(
      fc.property(fc.array(fc.nat(BODY.length)), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), BODY.length];
        expect(decode(at.slice(1).map((end, i) => BODY.slice(at[i], end)))).toEqual(whole);
      }),
    );
  });

  it('without signatures and trailers is the plain form', () => {
    expect(decode(['3\r\nabc\r\n0\r\n\r\n'])).toMatchObject({ data: 'abc', trailers: [], isComplete: true });
    expect(decode(['0\r\n\r\n'])).toMatchObject({ data: '', isComplete: true });
  });

  // Recorded of AWS in the cross-compatibility tests of OpenStack Swift.
  it('may leave out the empty line at its end; what stands behind that means nothing', () => {
    const read = { trailers: [['x-amz-checksum-sha1', 'abc']], isComplete: true, problem: undefined };
    for (const behind of ['', '\r\n', '\r\n\r\n', '\r\nbonus: trailer\r\n', '\r\n\xff\xde']) {
      expect(decode([`0\r\nx-amz-checksum-sha1:abc\r\n${behind}`])).toMatchObject(read);
    }
    expect(decode(['3\r\nabc\r\n0\r\n'])).toMatchObject({ data: 'abc', isComplete: true });
  });

  it('may have blanks around the words of a chunk', () => {
    expect(decode(['3 ; chunk-signature = ab \r\nabc\r\n0;chunk-signature=cd\r\n\r\n'])).toMatchObject({
      data: 'abc',
      chunks: [
        [3, 'ab'],
        [0, 'cd'],
      ],
      isComplete: true,
    });
  });

  it.each([
    ['an empty signature', '1;chunk-signature=\r\na\r\n0\r\n\r\n'],
    ['a word behind the signature', '1;chunk-signature=ab;more=1\r\na\r\n0\r\n\r\n'],
    ['no size', 'xyz\r\n'],
    ['a negative size', '-1\r\n'],
    ['bytes behind a chunk', '1\r\nab\r\n0\r\n\r\n'],
    ['an endless line', 'a'.repeat(10_000)],
    ['lines that end in LF alone', '0\n\n'],
    ['a trailer that ends in LF alone', '0\r\nx-amz-checksum-sha1:abc\n'],
    ['a trailer without its line end', '0\r\nx-amz-checksum-sha1:abc'],
    ['a nonsense extension', '1;name=value\r\na\r\n0\r\n\r\n'],
  ])('refuses %s', (_what, body) => {
    expect(decode([body]).problem).toBe('malformed');
  });

  it('tells trailers that are none, or too many', () => {
    expect(decode(['0\r\nno colon\r\n\r\n']).problem).toBe('malformed-trailer');
    expect(decode([`0\r\n${'a:b\r\n'.repeat(20)}\r\n`]).problem).toBe('malformed-trailer');
  });

  it('is not complete before its last chunk', () => {
    for (const body of ['', '3\r\n', '3\r\nab', '3\r\nabc\r\n', '0']) expect(decode([body]).isComplete).toBe(false);
  });

  it('survives anything', () => {
    fc.assert(fc.property(fc.array(fc.string({ unit: 'binary' })), (pieces) => void decode(pieces)));
  });
});
