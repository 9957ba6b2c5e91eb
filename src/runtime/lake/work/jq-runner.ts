// jq in WebAssembly, many records in one call. What an expression may do is fenced: it sees one record, ends no call for the others, reads no
// other input, no environment; and memory is limited. Time is limited from outside, by ending the thread.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

interface Jq {
  /** Rejects nothing: throws an Error with `Non-zero exit code: N` and what jq wrote. */
  raw(input: string, filter: string, flags: readonly string[]): string;
}

export type JqResult = { readonly value: unknown } | { readonly error: string } | { readonly isNothing: true };

/** The expression itself is wrong: no record can be asked. */
export class JqSyntaxError extends Error {
  override readonly name = 'JqSyntaxError';
}

const MEMORY_PAGES_MAX = (256 * 1024 * 1024) / 65_536;

/** Built-ins that reach out of the record or end the call mean something harmless here; a definition nearer by wins in jq. */
const FENCE = [
  'def halt: error("halt is not available");',
  'def halt_error: error("halt_error is not available");',
  'def halt_error(f): error("halt_error is not available");',
  'def input: error("No more inputs");',
  'def inputs: empty;',
  'def debug: .;',
  'def debug(f): .;',
  'def stderr: .;',
  'def env: {};',
  'def input_filename: null;',
  'def input_line_number: 0;',
  '{} as $ENV |',
].join(' ');

let loaded: Promise<Jq> | undefined;
const require = createRequire(import.meta.url);

function load(): Promise<Jq> {
  // It remembers the console as it is now.
  loaded ??= quietly(() => require(jqPath()) as Promise<Jq>);
  return loaded;
}

/** Reads jq's program, which takes a busy machine a while: no expression is to blame for that. */
export async function loadJq(): Promise<void> {
  await load();
}

/** Beside the bundle in dist, else the package. Its program reads `jq.wasm` from its own folder. */
function jqPath(): string {
  const built = fileURLToPath(new URL('./jq/jq.cjs', import.meta.url));
  return existsSync(built) ? built : require.resolve('jq-web');
}

/** After it ran out of memory: the next use gets a fresh one. */
function forget(): void {
  loaded = undefined;
  delete require.cache[jqPath()];
}

/** Throws {@link JqSyntaxError}. An expression that only makes sense within parentheses not its own is refused by this, too. */
export async function checkExpression(expression: string): Promise<void> {
  const jq = await load();
  try {
    // A line break first: an expression is never an option of the command. Constants are computed here already.
    limited(() => quietly(() => jq.raw('', `\n${expression}\n`, [])));
    limited(() => quietly(() => jq.raw('', fenced(expression), [])));
  } catch (error) {
    if (isBroken(error)) forget();
    throw new JqSyntaxError(messageOf(error));
  }
}

/** One result per text: the expression's first value. Every text is one JSON value. */
export async function askJq(expression: string, texts: readonly string[]): Promise<readonly JqResult[]> {
  if (texts.length === 0) return [];
  const jq = await load();
  let lines: string[];
  try {
    const output = limited(() => quietly(() => jq.raw(`[${texts.join(',')}]`, fenced(expression), ['-c'])));
    lines = output.split('\n').filter((line) => line !== '');
  } catch (error) {
    if (isBroken(error)) forget();
    return split(expression, texts, messageOf(error));
  }
  // One line a text; anything else cannot be told apart.
  return lines.length === texts.length ? lines.map(resultOf) : split(expression, texts, 'the answer is not complete');
}

/** One text (too deep for jq, too much memory) must not cost the others their answer. */
async function split(expression: string, texts: readonly string[], error: string): Promise<readonly JqResult[]> {
  if (texts.length === 1) return [{ error }];
  const middle = texts.length >> 1;
  const first = await askJq(expression, texts.slice(0, middle));
  return [...first, ...(await askJq(expression, texts.slice(middle)))];
}

/** `limit(1; …)`: an expression that gives values without end ends at the first one. */
function fenced(expression: string): string {
  return `${FENCE} .[] | try [limit(1; (\n${expression}\n))] catch {e: (if type == "string" then . else tojson end)}`;
}

function resultOf(line: string): JqResult {
  const parsed = JSON.parse(line) as readonly unknown[] | { readonly e: string };
  if (!Array.isArray(parsed)) return { error: (parsed as { readonly e: string }).e };
  return parsed.length === 0 ? { isNothing: true } : { value: parsed[0] };
}

/** Of WebAssembly, as far as it is used here. */
declare class GrowingMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** While jq runs, memory of WebAssembly grows to a limit only: jq gives up then. */
function limited<T>(work: () => T): T {
  const { prototype } = (globalThis as unknown as { readonly WebAssembly: { readonly Memory: typeof GrowingMemory } })
    .WebAssembly.Memory;
  const { grow } = prototype;
  prototype.grow = function (this: GrowingMemory, pages: number) {
    if (this.buffer.byteLength / 65_536 + pages > MEMORY_PAGES_MAX) throw new RangeError('too much memory');
    return grow.call(this, pages);
  };
  try {
    return work();
  } finally {
    prototype.grow = grow;
  }
}

/** jq's program writes warnings to the console, where nobody reads them. */
function quietly<T>(work: () => T): T {
  const { warn, error } = console;
  console.warn = console.error = () => {};
  try {
    return work();
  } finally {
    console.warn = warn;
    console.error = error;
  }
}

/** Ran out of memory: its state is not known any more. */
function isBroken(error: unknown): boolean {
  return /Aborted|memory|unreachable|out of bounds|stack/i.test(messageOf(error));
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^Non-zero exit code: \d+\n/, '').slice(0, 500);
}
