// Why filters of a reader do not want a record, in the words of its fields: of the pattern that comes nearest.

import { utf8Decode } from '#base/bytes.ts';
import type { StreamRecord } from '#cell/stream-source.ts';
import { compileFilter } from '#services/lambda/polling/filters.ts';
import { StreamFilter as PipeFilter } from '#services/pipes/streams/filter.ts';
import { compileEventPattern } from '#structures/event-pattern/event-pattern.ts';
import { renderField } from '#structures/event-pattern/explain.ts';

const NOT_JSON = 'its data is not JSON';

/** Undefined: it is wanted, or nothing is known of its data. */
export function functionFilterMiss(filters: readonly string[], bytes: Uint8Array | undefined): string | undefined {
  if (filters.length === 0 || bytes === undefined) return undefined;
  const data = jsonOf(bytes);
  if (data === undefined) return NOT_JSON;
  const patterns = filters.flatMap((text) => compileFilter(text) ?? []);
  return nearestMiss(patterns.map((pattern) => pattern.explain({ data })));
}

export function pipeFilterMiss(filters: readonly string[], record: StreamRecord | undefined): string | undefined {
  if (record === undefined || new PipeFilter(filters).wants(record)) return undefined;
  const data = jsonOf(record.data);
  if (data === undefined) return NOT_JSON;
  const { partitionKey, sequenceNumber, arrivedAtMs } = record;
  const shown = { partitionKey, sequenceNumber, approximateArrivalTimestamp: arrivedAtMs / 1000, data };
  const patterns = filters.flatMap((text) => {
    const compiled = compileEventPattern(text);
    return 'pattern' in compiled ? [compiled.pattern] : [];
  });
  return nearestMiss(patterns.map((pattern) => pattern.explain(shown))) ?? 'no pattern matches';
}

type Explanation = ReturnType<NonNullable<ReturnType<typeof compileFilter>>['explain']>;

function nearestMiss(explanations: readonly Explanation[]): string | undefined {
  let nearest: { readonly missed: number; readonly text: string } | undefined;
  for (const { isMatch, fields, sentence } of explanations) {
    if (isMatch) return undefined;
    const missed = fields.filter(({ isSatisfied }) => !isSatisfied);
    if (nearest !== undefined && nearest.missed <= missed.length) continue;
    nearest = { missed: missed.length, text: missed.length === 0 ? sentence : missed.map(renderField).join('; ') };
  }
  return nearest?.text;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8Decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}
