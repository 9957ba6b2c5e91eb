// The rules of the house that no compiler keeps: who may import whom, what deterministic layers may not name, sizes, job comments.
// Excesses that have a reason stand in tidy-allowances.json with their number; the number may only fall.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  importProblems,
  jobCommentProblem,
  nameProblem,
  promiseProblems,
  sizeProblems,
  sourceFiles,
  type TidyFile,
  vocabularyProblems,
} from './tidy.ts';

const root = new URL('..', import.meta.url).pathname;
const files = sourceFiles(root);

interface Allowance {
  readonly lines: number;
  readonly reason: string;
}

/** As a text: `'CFG-01'`. */
const PROBLEM_CODE = /'(?:CFG|NET|STO)-\d\d'/g;

const allowances = JSON.parse(readFileSync(`${root}tools/tidy-allowances.json`, 'utf8')) as Record<string, Allowance>;

function problems(of: (file: TidyFile) => readonly string[]): string[] {
  return files.flatMap((file) => of(file).map((problem) => `${file.path}: ${problem}`));
}

describe('the source is tidy', () => {
  test('a layer imports only layers below it, and a service no other service', () => {
    expect(problems(importProblems)).toEqual([]);
  });

  test('deterministic layers know no clock, no chance and no waiting', () => {
    expect(problems(vocabularyProblems)).toEqual([]);
  });

  test('a file above 40 lines says on top what it is for', () => {
    expect(problems(jobCommentProblem)).toEqual([]);
  });

  test('nothing is promised for later', () => {
    expect(problems(promiseProblems)).toEqual([]);
  });

  test('file names say what is inside', () => {
    expect(problems(nameProblem)).toEqual([]);
  });

  test('files stay small; what is larger has a reason and may only shrink', () => {
    expect(problems((file) => sizeProblems(file, allowances[file.path]?.lines))).toEqual([]);
  });

  test('allowances are used, exact and have a reason', () => {
    const stale = Object.entries(allowances).flatMap(([path, { lines, reason }]) => {
      const file = files.find((one) => one.path === path);
      if (file === undefined) return [`${path} is gone: remove its allowance`];
      if (file.lines.length < lines) return [`${path} has ${file.lines.length} lines now: lower its allowance`];
      return reason.length < 10 ? [`${path}: the reason is missing`] : [];
    });
    expect(stale).toEqual([]);
  });
});

describe('the documents name what exists', () => {
  test.each(['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md'])('every path in %s is there', (document) => {
    const text = readFileSync(root + document, 'utf8');
    const paths = [...text.matchAll(/`((?:src|tests|tools|docs|bench|examples|bin)\/[\w./-]*)`/g)].map(
      (found) => found[1]!,
    );
    expect(paths.filter((path) => !existsSync(root + path))).toEqual([]);
    expect(text.split('\n').length).toBeLessThanOrEqual(300);
  });
});

test('every code of a start-up problem has its page, and every page its code', () => {
  const used = new Set(
    files.filter(({ path }) => path.startsWith('src/')).flatMap(({ text }) => text.match(PROBLEM_CODE) ?? []),
  );
  const pages = readdirSync(`${root}docs/errors`).map((name) => name.replace(/\.md$/, ''));
  expect(pages.sort()).toEqual([...used].map((code) => code.slice(1, -1)).sort());
});

describe('tidy sees what it is there for', () => {
  const file = (path: string, text: string): TidyFile => ({ path, text, lines: text.split('\n') });

  test.each([
    ['src/services/sqs/a.ts', "import { x } from '#services/sns/b.ts';"],
    ['src/services/sqs/a.ts', "import { x } from '../sns/b.ts';"],
    ['src/base/a.ts', "import { x } from '#model/b.ts';"],
    ['src/cell/a.ts', "import { readFileSync } from 'node:fs';"],
    ['src/runtime/a.ts', "import { x } from '#server/b.ts';"],
    ['src/structures/a.ts', "export type { X } from '#wire/b.ts';"],
  ])('%s may not say %s', (path, text) => {
    expect(importProblems(file(path, text))).toHaveLength(1);
  });

  test.each(['Date.now()', 'Math.random()', 'new Date()', 'async function f() {}', 'setTimeout(f, 1)', 'await f()'])(
    'a service may not say %s',
    (text) => {
      expect(vocabularyProblems(file('src/services/sqs/a.ts', text))).toHaveLength(1);
      expect(vocabularyProblems(file('src/runtime/a.ts', text))).toEqual([]);
    },
  );

  test('the words are free in comments and texts', () => {
    expect(vocabularyProblems(file('src/cell/a.ts', "// Date.now() is banned\nconst a = 'await f()';"))).toEqual([]);
  });

  test('sizes, promises, names and missing job comments are found', () => {
    expect(sizeProblems(file('src/a.ts', 'x\n'.repeat(600)), undefined)).toHaveLength(1);
    expect(sizeProblems(file('src/a.ts', 'x\n'.repeat(600)), 700)).toEqual([]);
    expect(promiseProblems(file('src/a.ts', `// ${'TO'}DO: later`))).toHaveLength(1);
    expect(nameProblem(file('src/base/utils.ts', ''))).toHaveLength(1);
    expect(jobCommentProblem(file('src/a.ts', 'const a = 1;\n'.repeat(50)))).toHaveLength(1);
  });
});
