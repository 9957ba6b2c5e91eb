// Filter criteria of an event source mapping or a pipe, asked about SQS messages. A message is wanted when one of the patterns
// matches its record. The pattern decides how `body` is read: as JSON when it names fields in it, as text when it lists
// values; a body of the other kind does not match. AWS: Lambda developer guide, "Using event filtering with an Amazon
// SQS event source", table of message and pattern formats.

import { compileEventPattern, type Dialect, EVENTS_DIALECT, type EventPattern } from './event-pattern.ts';
import type { PatternExplanation } from './explain.ts';

/** The part of an SQS record that patterns speak of, as a function would get it; `body` is its text. */
export interface SqsRecord extends Readonly<Record<string, unknown>> {
  readonly body: string;
}

export interface SqsFilter {
  wants(record: SqsRecord): boolean;
  /** One explanation for each pattern. */
  explain(record: SqsRecord): readonly PatternExplanation[];
}

export type CompiledSqsFilter = { readonly filter: SqsFilter } | { readonly problem: string };

/** No patterns want every message. */
export function compileSqsFilter(patterns: readonly string[], dialect: Dialect = EVENTS_DIALECT): CompiledSqsFilter {
  const compiled: EventPattern[] = [];
  for (const text of patterns) {
    const result = compileEventPattern(text, dialect);
    if ('problem' in result) return result;
    compiled.push(result.pattern);
  }
  return {
    filter: {
      wants(record) {
        if (compiled.length === 0) return true;
        const readable = readableRecord(record);
        return compiled.some((pattern) => pattern.matches(readable));
      },
      explain(record) {
        const readable = readableRecord(record);
        return compiled.map((pattern) => pattern.explain(readable));
      },
    },
  };
}

/** A body that is a JSON object or array becomes that: fields can be named in it, and no value listed for it matches. */
function readableRecord(record: SqsRecord): Readonly<Record<string, unknown>> {
  const [first] = record.body.trimStart();
  if (first !== '{' && first !== '[') return record;
  try {
    return { ...record, body: JSON.parse(record.body) as unknown };
  } catch {
    // Not JSON after all: a text that begins with a bracket.
    return record;
  }
}
