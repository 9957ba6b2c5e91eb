// The small codecs of text: base64, instants, percent-encoding, XML.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { base64Decode, base64DecodeInto, base64Encode } from '#base/base64.ts';
import { parsePairs, percentDecode, percentEncode } from './percent.ts';
import * as timestamps from './timestamps.ts';
import { escapeXml, parseXml } from './xml-text.ts';

describe('base64', () => {
  test('equals that of Node, both ways', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        expect(base64Encode(bytes)).toBe(text);
        expect(base64Decode(text)).toEqual(bytes);
      }),
    );
  });

  test.each([
    'A',
    'AA',
    'AAA',
    'A===',
    '====',
    'AA=A',
    'AA==AAAA',
    'AAA\u0100',
    'AA\n=',
    'AB==',
    'AAB=',
    '-_-_',
    'AAAA=',
    ' AAA',
  ])('%j is refused', (text) => {
    expect(base64Decode(text)).toBeUndefined();
  });

  test('is decoded in the middle of other bytes as alone, or refused as alone', () => {
    const characters = fc.constantFrom(...'AZaz09+/', '=', '\n', '"', '-', '\u007f');
    const nearly = fc.string({ unit: characters, maxLength: 24 });
    const right = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('base64'));
    fc.assert(
      fc.property(fc.oneof(nearly, right), fc.string({ unit: characters, maxLength: 5 }), (text, before) => {
        const around = Buffer.from(`${before}${text}AAAA`, 'latin1');
        const into = new Uint8Array(64).fill(7);
        const part = { start: before.length, end: before.length + text.length };
        const view = new DataView(around.buffer, around.byteOffset, around.byteLength);
        const written = base64DecodeInto(view, part, { into: new DataView(into.buffer), at: 3 });
        const expected = base64Decode(text);
        expect(written).toBe(expected?.length ?? -1);
        if (expected === undefined) return;
        expect(into.subarray(3, 3 + written)).toEqual(expected);
        expect(into.subarray(3 + written).every((byte) => byte === 7)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('instants', () => {
  test('each form comes back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -59_000_000_000, max: 250_000_000_000 }),
        fc.integer({ min: 0, max: 999 }),
        (seconds, ms) => {
          const instant = seconds * 1000 + ms;
          expect(timestamps.parseDateTime(timestamps.formatDateTime(instant))).toBe(instant);
          expect(timestamps.parseBasicDateTime(timestamps.formatBasicDateTime(seconds * 1000))).toBe(seconds * 1000);
          expect(timestamps.parseHttpDate(timestamps.formatHttpDate(seconds * 1000))).toBe(seconds * 1000);
          expect(timestamps.formatHttpDate(instant)).toBe(new Date(instant).toUTCString());
        },
      ),
    );
  });

  test.each([
    ['2026-11-23T06:38:00Z', 1_795_415_880_000],
    ['2026-11-23t06:38:00.5z', 1_795_415_880_500],
    ['2026-11-23T07:38:00+01:00', 1_795_415_880_000],
    ['2026-11-23T01:08:00-05:30', 1_795_415_880_000],
  ])('%s', (text, ms) => {
    expect(timestamps.parseDateTime(text)).toBe(ms);
  });

  test.each([
    '',
    '2026-11-23',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-23T24:00:00Z',
    '2026-11-23T06:38:00',
    'x'.repeat(10_000),
  ])('%j is no instant', (text) => {
    expect(timestamps.parseDateTime(text)).toBeUndefined();
  });

  test.each(['', '20261123T063800', '20261123 063800Z', '2026112３T063800Z', '20260230T000000Z', '20261123T250000Z'])(
    '%j is no basic instant',
    (text) => {
      expect(timestamps.parseBasicDateTime(text)).toBeUndefined();
    },
  );
});

describe('percent-encoding', () => {
  test('comes back, and leaves only what RFC 3986 calls unreserved', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(percentDecode(percentEncode(text))).toBe(text);
        expect(percentEncode(text)).toMatch(/^([A-Za-z0-9._~-]|%[0-9A-F]{2})*$/);
      }),
    );
    expect(percentEncode("a b!'()*/~")).toBe('a%20b%21%27%28%29%2A%2F~');
  });

  test('half a character becomes the replacement, as in UTF-8', () => {
    expect(percentEncode('\ud800')).toBe('%EF%BF%BD');
  });

  test('pairs', () => {
    expect(parsePairs('a=1&&b&c==&=d&e=%2B+', 10)).toEqual([
      { name: 'a', value: '1' },
      { name: 'b', value: '' },
      { name: 'c', value: '=' },
      { name: '', value: 'd' },
      { name: 'e', value: '+ ' },
    ]);
    expect(parsePairs('a=%', 10)).toBeUndefined();
    expect(parsePairs('a&b&c', 2)).toBeUndefined();
  });
});

describe('XML', () => {
  test('a document of elements, attributes, text, CDATA, comments and references', () => {
    const root = parseXml(
      '<?xml version="1.0"?><!-- c --><a:r xmlns:a="u" k=\'v&quot;\'>x&amp;&#x41;&#66;<![CDATA[<&]]><b/><b>2</b></a:r>',
    );
    expect(root).toEqual({
      name: 'r',
      attributes: new Map([
        ['xmlns:a', 'u'],
        ['k', 'v"'],
      ]),
      text: 'x&AB<&',
      children: [
        { name: 'b', attributes: new Map(), text: '', children: [] },
        { name: 'b', attributes: new Map(), text: '2', children: [] },
      ],
    });
  });

  test.each([
    '',
    'x',
    '<a>',
    '<a></b>',
    '<a></a><b/>',
    '<a/>x',
    '</a>',
    '<a b></a>',
    '<a b="1" b="2"/>',
    '<a b="<"/>',
    '<a>&nope;</a>',
    '<a>& b</a>',
    '<a>&#0;</a>',
    '<a>\u0001</a>',
    '<a b="\u000b"/>',
    '<a><![CDATA[\u001f]]></a>',
    '<a>\uffff</a>',
    '<a>&#xD800;</a>',
    '<a>&#x110000;</a>',
    '<a><!--</a>',
    '<a><![CDATA[</a>',
    '<![CDATA[x]]>',
    '<1/>',
    '<!DOCTYPE a><a/>',
    '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    `${'<a>'.repeat(101)}${'</a>'.repeat(101)}`,
    `<a>${'<b/>'.repeat(200_000)}</a>`,
  ])('%# is refused', (text) => {
    expect(parseXml(text)).toBeUndefined();
  });

  test('a text that is escaped comes back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const kept = text.replace(/\0/g, '');
        expect(parseXml(`<a>${escapeXml(kept)}</a>`)?.text).toBe(kept);
      }),
    );
  });

  test('whatever the text is, nothing is thrown', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '/',
      '&',
      ';',
      '"',
      "'",
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<?',
      '?>',
      'a',
      ' ',
      '=',
      '&#x',
      '<a>',
      '</a>',
    );
    fc.assert(
      fc.property(
        fc.array(piece).map((pieces) => pieces.join('')),
        (text) => void parseXml(text),
      ),
      { numRuns: 3_000 },
    );
  });
});
