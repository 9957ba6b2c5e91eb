// Which records a function wants. AWS: Lambda developer guide, "Using event filtering with a Kinesis event source": "Kinesis event source mappings only support filtering
// on the data key", which must be JSON; a record whose data is not JSON is dropped; a pattern that lists values for `data` itself is refused.

import { utf8Decode } from '#base/bytes.ts';
import type { StreamRecord } from '#cell/stream-source.ts';
import type { EventPattern } from '#structures/event-pattern/event-pattern.ts';
import { compileFilter } from '../polling/filters.ts';

/** False: no pattern, or one that no record of a stream can match. */
export function isStreamFilter(text: string): boolean {
  return compileFilter(text) !== undefined && isOfData(JSON.parse(text));
}

/** A pattern of anything else would keep out every record. */
function isOfData(pattern: unknown): boolean {
  return Object.entries(pattern as object).every(([key, value]) =>
    key === '$or' ? (value as readonly unknown[]).every(isOfData) : key === 'data' && !Array.isArray(value),
  );
}

export class StreamFilter {
  private readonly patterns: readonly EventPattern[];

  constructor(readonly texts: readonly string[]) {
    this.patterns = texts.flatMap((text) => compileFilter(text) ?? []);
  }

  wants(record: StreamRecord): boolean {
    if (this.patterns.length === 0) return true;
    const data = jsonOf(record.data);
    return data !== undefined && this.patterns.some((pattern) => pattern.matches({ data }));
  }
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8Decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}
