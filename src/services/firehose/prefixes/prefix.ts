// Prefixes of objects: text with `!{namespace:value}` in it. AWS: Firehose developer guide, "Understand custom prefixes for Amazon S3 objects",
// with its semantic rules; what is wrong is said as AWS says it where a source has the text (errors.ts).

import { utf8Length } from '#base/bytes.ts';
import { EVALUATED_PREFIX_BYTES_MAX, EVALUATED_PREFIX_MAX } from '../limits.ts';
import { formatPattern, type PatternPart, parsePattern } from './date-pattern.ts';

export type PrefixPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'timestamp'; readonly pattern: readonly PatternPart[] }
  | { readonly kind: 'random-string' | 'error-output-type' }
  | { readonly kind: 'query-key' | 'lambda-key'; readonly name: string };

export type Prefix = readonly PrefixPart[];

/** AWS: "a random string of 11 characters". */
export const RANDOM_LENGTH = 11;

export interface PrefixValues {
  /** Arrival of the object's oldest record. */
  readonly atMs: number;
  readonly timeZone: string;
  readonly errorOutputType?: string;
  readonly queryKeys?: Readonly<Record<string, string>>;
  readonly lambdaKeys?: Readonly<Record<string, string>>;
  /** Eleven characters, new for each. */
  readonly randomString: () => string;
}

const DEFAULT_TIME: Prefix = [{ kind: 'timestamp', pattern: parsePattern('yyyy/MM/dd/HH/') ?? [] }];

/** In a problem: for whoever knows which of a bucket's prefixes it is. */
export const THIS_PREFIX = 'this prefix';

/** Why it is no prefix, in a sentence without its end. Texts: answers of AWS as cdk-preflight (rules/firehose) has them. */
export type PrefixProblem = { readonly problem: string };

export function parsePrefix(text: string): Prefix | PrefixProblem {
  const parts: PrefixPart[] = [];
  for (let at = 0; at < text.length; ) {
    const start = text.indexOf('!{', at);
    if (start !== at) parts.push({ kind: 'text', text: text.slice(at, start < 0 ? undefined : start) });
    if (start < 0) break;
    const end = text.indexOf('}', start);
    const colon = text.indexOf(':', start);
    if (end < 0 || colon < 0 || colon > end) return { problem: 'Invalid expression usage' };
    const part = expression(text.slice(start + 2, colon), text.slice(colon + 1, end));
    if ('problem' in part) return part;
    parts.push(part);
    at = end + 1;
  }
  return parts;
}

const INVALID_VALUE = `Invalid conversion character used in the value of the expression in ${THIS_PREFIX}`;

function expression(namespace: string, value: string): PrefixPart | PrefixProblem {
  if (namespace === 'timestamp') {
    const pattern = value === '' ? undefined : parsePattern(value);
    return pattern === undefined ? { problem: INVALID_VALUE } : { kind: namespace, pattern };
  }
  if (namespace === 'firehose') {
    if (value === 'random-string' || value === 'error-output-type') return { kind: value };
    return { problem: INVALID_VALUE };
  }
  if (value === '') return { problem: 'Invalid expression usage' };
  if (namespace === 'partitionKeyFromQuery') return { kind: 'query-key', name: value };
  if (namespace === 'partitionKeyFromLambda') return { kind: 'lambda-key', name: value };
  return { problem: `Namespace to the left of colon (${namespace}) is an invalid keyword!` };
}

export const hasExpressions = (prefix: Prefix): boolean => prefix.some(({ kind }) => kind !== 'text');

export function has(prefix: Prefix, kind: PrefixPart['kind']): boolean {
  return prefix.some((part) => part.kind === kind);
}

/** Names of the keys of one kind that the prefix asks for, each once. */
export function keyNames(prefix: Prefix, kind: 'query-key' | 'lambda-key'): readonly string[] {
  return [...new Set(prefix.flatMap((part) => (part.kind === kind && 'name' in part ? [part.name] : [])))];
}

/** AWS: "If you specify a prefix that doesn't contain a timestamp namespace expression, Firehose appends !{timestamp:yyyy/MM/dd/HH/}". */
export function prefixOf(given: string): Prefix {
  const parsed = parsePrefix(given);
  if ('problem' in parsed) return DEFAULT_TIME;
  return has(parsed, 'timestamp') ? parsed : [...parsed, ...DEFAULT_TIME];
}

/** AWS: without an ErrorOutputPrefix, the Prefix (which then has no expressions), the error's type and the time. */
export function errorPrefixOf(given: string | undefined, prefix: string): Prefix {
  if (given !== undefined && given !== '') {
    const parsed = parsePrefix(given);
    if (!('problem' in parsed)) return hasExpressions(parsed) ? parsed : withType(parsed);
  }
  const plain = parsePrefix(prefix);
  return withType('problem' in plain || hasExpressions(plain) ? [] : plain);
}

function withType(prefix: Prefix): Prefix {
  return [...prefix, { kind: 'error-output-type' }, { kind: 'text', text: '/' }, ...DEFAULT_TIME];
}

export function evaluate(prefix: Prefix, values: PrefixValues): string {
  return prefix.map((part) => partText(part, values)).join('');
}

/** Whether no key may begin so. */
export function isTooLong(prefix: Prefix, values: Omit<PrefixValues, 'randomString'>): boolean {
  const evaluated = evaluate(prefix, { ...values, randomString: () => 'x'.repeat(RANDOM_LENGTH) });
  return evaluated.length > EVALUATED_PREFIX_MAX || utf8Length(evaluated) > EVALUATED_PREFIX_BYTES_MAX;
}

function partText(part: PrefixPart, values: PrefixValues): string {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'timestamp':
      return formatPattern(part.pattern, values.atMs, values.timeZone);
    case 'random-string':
      return values.randomString();
    case 'error-output-type':
      return values.errorOutputType ?? '';
    case 'query-key':
      return values.queryKeys?.[part.name] ?? '';
    case 'lambda-key':
      return values.lambdaKeys?.[part.name] ?? '';
  }
}
