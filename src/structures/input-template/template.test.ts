import { expect, test } from 'vitest';
import { parseTemplate, renderTemplate } from './template.ts';

const VALUES: Readonly<Record<string, string>> = {
  text: '"a"',
  quoted: '"say \\"hi\\""',
  lines: '"one\\ntwo"',
  number: '12345678901234567890.10',
  object: '{"id":1,"name":"b"}',
  list: '["c","d"]',
  flat: '[1,2]',
  yes: 'true',
  nothing: 'null',
};

const render = (template: string) => renderTemplate(parseTemplate(template), (name) => VALUES[name]);

test.each([
  ['{"v": <text>}', '{"v": "a"}'],
  ['{"v": "<text>"}', '{"v": "a"}'],
  ['{"v": "<text>/<number>"}', '{"v": "a/12345678901234567890.10"}'],
  ['{"v": <number>, "w": <yes>, "x": <nothing>}', '{"v": 12345678901234567890.10, "w": true, "x": null}'],
  ['{"v": <object>, "w": [<list>, <flat>]}', '{"v": {"id":1,"name":"b"}, "w": [["c","d"], [1,2]]}'],
  ['{"v": <quoted>}', '{"v": "say \\"hi\\""}'],
  ['{"v": "\\"<text>\\""}', '{"v": "\\"a\\""}'],
  ['{"v": "<flat>"}', '{"v": "[1,2]"}'],
  ['{"v": <missing>, "w": "<missing>"}', '{"v": "", "w": ""}'],
  ['{"v": <text>}\n', '{"v": "a"}\n'],
  ['"<text> and <number>"', '"a and 12345678901234567890.10"'],
  ['"first <text>"\n"then <yes>"', '"first a"\n"then true"'],
  ['"<object> <list>"', '"{id:1,name:b} [c,d]"'],
  ['"<quoted>"', '"say "hi""'],
  ['<object>', '{"id":1,"name":"b"}'],
  ['"no placeholder < here"', '"no placeholder < here"'],
])('%s becomes %s', (template, text) => {
  expect(render(template)).toEqual({ text });
});

test.each([
  ['{"v": "<object>"}', ['object']],
  ['{"v": "<list>"}', ['list']],
  ['{"v": "<quoted>", "w": "<text> <lines> <quoted>"}', ['quoted', 'lines']],
])('%s is no JSON any more, because of %s', (template, brokenBy) => {
  expect(render(template)).toEqual({ brokenBy });
});

test('a placeholder knows whether it stands in quotes, and in a key', () => {
  const { placeholders } = parseTemplate('{"<a>": <b>, "c\\"<c>": "\\\\", "d": "<d>\\":", "e" : [<e>, "<f>"]}');
  expect(placeholders.map(({ name, isQuoted, isInKey }) => [name, isQuoted, isInKey])).toEqual([
    ['a', true, true],
    ['b', false, false],
    ['c', true, true],
    ['d', true, false],
    ['e', false, false],
    ['f', true, false],
  ]);
});
