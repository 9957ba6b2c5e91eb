// The rules that tidy.test.ts checks, as functions of one file. Each message says what to do instead.

import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

export interface TidyFile {
  /** Relative to the project. */
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
}

/** A layer imports what stands before it, and itself. Layers on one level do not know each other. */
const LEVELS: Readonly<Record<string, number>> = {
  base: 0,
  model: 1,
  structures: 1,
  storage: 2,
  wire: 2,
  cell: 3,
  deliveries: 4,
  services: 5,
  runtime: 6,
  server: 7,
  cli: 8,
};

const DETERMINISTIC = new Set(['base', 'model', 'structures', 'wire', 'cell', 'deliveries', 'services']);
/** Engines and the ports' own test kit live beside the contracts, but are not deterministic. */
const CONTRACTS_ONLY = new Set(['storage']);

const SKIPPED = new Set(['node_modules', 'dist', 'generated', '.git', '.terraform']);

export function sourceFiles(root: string): TidyFile[] {
  const found: TidyFile[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = posix.join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name)) walk(path);
      } else if (/\.(ts|mjs)$/.test(entry.name) && !entry.name.endsWith('.d.ts')) {
        const text = readFileSync(join(root, path), 'utf8');
        found.push({ path, text, lines: text.replace(/\n$/, '').split('\n') });
      }
    }
  };
  for (const folder of ['src', 'tests', 'tools', 'bench', 'bin']) walk(folder);
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Tests, and the kits in rooms that tests are written with. */
function isTest(path: string): boolean {
  return /\.test\.ts$|\/testing\.ts$|^(tests|tools|bench)\//.test(path);
}

function placeOf(path: string): { layer: string; room: string } | undefined {
  const parts = path.split('/');
  return parts[0] === 'src' && parts.length > 2 ? { layer: parts[1]!, room: parts[2]! } : undefined;
}

/** What an import means as a path below `src/`, or a `node:` name, or a package. */
function resolveImport(from: string, specifier: string): string {
  if (specifier.startsWith('#')) return `src/${specifier.slice(1)}`;
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
  return specifier;
}

const IMPORT = /(?:^(?:import|export)\b[^'\n]*\bfrom |^\} from |\bimport\()'([^']+)'/gm;

export function importProblems(file: TidyFile): string[] {
  const own = placeOf(file.path);
  if (own === undefined || isTest(file.path)) return [];
  const problems: string[] = [];
  for (const [, specifier] of file.text.matchAll(IMPORT)) {
    const target = resolveImport(file.path, specifier!);
    const problem = target.startsWith('src/') ? layerProblem(own, target) : outsideProblem(own, target);
    if (problem !== undefined) problems.push(`${specifier}: ${problem}`);
  }
  return problems;
}

function layerProblem(own: { layer: string; room: string }, target: string): string | undefined {
  const other = placeOf(target);
  if (other === undefined) return undefined;
  const ownLevel = LEVELS[own.layer];
  const otherLevel = LEVELS[other.layer];
  if (ownLevel === undefined || otherLevel === undefined) return 'a new layer needs its level in tools/tidy.ts';
  if (own.layer === other.layer) {
    const isForeignRoom = own.layer === 'services' && own.room !== other.room;
    return isForeignRoom ? 'services meet through the doors of src/cell only' : undefined;
  }
  return otherLevel >= ownLevel && !isContract(target) ? `${own.layer} lies below ${other.layer}` : undefined;
}

/** The ports of storage are known to the layers beside it. */
function isContract(target: string): boolean {
  return target === 'src/storage/journal.ts';
}

function outsideProblem(own: { layer: string }, target: string): string | undefined {
  if (!DETERMINISTIC.has(own.layer)) return undefined;
  return target.startsWith('node:')
    ? 'deterministic layers know no Node; use a port'
    : 'deterministic layers have no packages';
}

const BANNED_WORDS: readonly (readonly [RegExp, string])[] = [
  [/\bDate\.now\b/, 'take the time from the turn'],
  [/\bnew Date\(\)/, 'take the time from the turn'],
  [/\bperformance\.now\b/, 'take the time from the turn'],
  [/\bMath\.random\b/, 'take chance from the turn'],
  [/\bset(Timeout|Interval|Immediate)\b/, 'set a timer through apply'],
  [/\basync\b/, 'perform an effect and react to its outcome'],
  [/\bawait\b/, 'perform an effect and react to its outcome'],
  [/\btoLocale\w+\b/, 'locales differ between machines'],
];

/** Files whose contracts speak of promises that only the runtime keeps. */
const MAY_AWAIT = /^src\/cell\/(cell|effects|housekeeping|replay|testing|snapshots|history)[\w-]*\.ts$/;

export function vocabularyProblems(file: TidyFile): string[] {
  const layer = placeOf(file.path)?.layer ?? '';
  if (!DETERMINISTIC.has(layer) || CONTRACTS_ONLY.has(layer) || isTest(file.path)) return [];
  const problems: string[] = [];
  for (const [i, line] of codeLines(file.text).entries()) {
    for (const [banned, instead] of BANNED_WORDS) {
      if (!banned.test(line)) continue;
      const isWaiting = /async|await/.test(banned.source);
      if (isWaiting && (MAY_AWAIT.test(file.path) || /\bprepare\b/.test(line))) continue;
      problems.push(`line ${i + 1}: ${instead}`);
    }
  }
  return problems;
}

/** The text with comments and string contents blanked, line by line. */
function codeLines(text: string): string[] {
  const blanked = text.replace(
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g,
    (piece) => piece.replace(/[^\n]/g, ' '),
  );
  return blanked.split('\n');
}

export function jobCommentProblem(file: TidyFile): string[] {
  if (file.lines.length <= 40 || file.path.endsWith('.test.ts')) return [];
  const first = file.lines[0]?.startsWith('#!') ? file.lines[1] : file.lines[0];
  return first?.startsWith('//') || first?.startsWith('/**')
    ? []
    : ['begin with a comment that says what the file is for'];
}

/** Put together from halves, so that this file does not find itself. */
const PROMISES = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK'].join('|')})\\b`);

export function promiseProblems(file: TidyFile): string[] {
  return file.lines.flatMap((line, i) =>
    PROMISES.test(line) ? [`line ${i + 1}: do it, or write it down as an issue`] : [],
  );
}

export function nameProblem(file: TidyFile): string[] {
  const name = posix.basename(file.path);
  if (/^(utils?|helpers?|common|misc|types)\.ts$/.test(name)) return ['name the file after what it exports'];
  return /^[a-z0-9]+([.-][a-z0-9]+)*\.(ts|mjs)$/.test(name) ? [] : ['file names are kebab-case'];
}

const LINES_MAX = 500;
const TEST_LINES_MAX = 600;

export function sizeProblems(file: TidyFile, allowed: number | undefined): string[] {
  const max = allowed ?? (isTest(file.path) ? TEST_LINES_MAX : LINES_MAX);
  return file.lines.length > max
    ? [`${file.lines.length} lines, ${max} are allowed: split it by reason to change`]
    : [];
}
