// Filter criteria: which messages a function wants. A body that is a JSON object is matched as one, any other as text.
// Source: Lambda developer guide, "Control which events Lambda sends to your function".

import { compileEventPattern, type Dialect, type EventPattern } from '#structures/event-pattern/event-pattern.ts';
import type { Poller } from '../state.ts';
import type { SqsRecord } from './sqs-record.ts';

/** AWS: the comparison operators of event filtering; fewer than EventBridge's. */
const FILTER_DIALECT: Dialect = {
  operators: new Set(['prefix', 'suffix', 'equals-ignore-case', 'exists', 'numeric', 'anything-but']),
  anythingBut: new Set(['prefix']),
  hasNestedForms: false,
};

export function compileFilter(text: string): EventPattern | undefined {
  const compiled = compileEventPattern(text, FILTER_DIALECT);
  return 'pattern' in compiled ? compiled.pattern : undefined;
}

/** Compiled once for as long as the mapping names the same ones. */
export function filtersOf(poller: Poller, texts: readonly string[]): readonly EventPattern[] {
  if (poller.filters?.texts !== texts) {
    const patterns = texts.flatMap((text) => compileFilter(text) ?? []);
    poller.filters = { texts, patterns };
  }
  return poller.filters.patterns;
}

/** One of several filters is enough. */
export function isWanted(filters: readonly EventPattern[], record: SqsRecord): boolean {
  if (filters.length === 0) return true;
  const event = { ...record, body: bodyOf(record.body) };
  return filters.some((pattern) => pattern.matches(event));
}

function bodyOf(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: matched as the text it is.
    return text;
  }
}
