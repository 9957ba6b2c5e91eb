// Filters of a pipe that reads a stream. AWS: user guide, "Amazon EventBridge Pipes filtering", "Properly filtering Kinesis and DynamoDB messages": data and the pattern of
// data are JSON; a record whose data is not JSON matches no pattern that speaks of it.

import { utf8Decode } from '#base/bytes.ts';
import type { StreamRecord } from '#cell/stream-source.ts';
import { compileEventPattern, type EventPattern } from '#structures/event-pattern/event-pattern.ts';
import { PIPE_DIALECT } from '../dialect.ts';

export function streamFilterProblem(text: string): string | undefined {
  const compiled = compileEventPattern(text, PIPE_DIALECT);
  if ('problem' in compiled) return compiled.problem;
  const { data } = JSON.parse(text) as { readonly data?: unknown };
  // Plausible; that it is refused is AWS's.
  return Array.isArray(data) ? 'The pattern of "data" must be a JSON object.' : undefined;
}

export class StreamFilter {
  private readonly patterns: readonly EventPattern[];

  constructor(readonly texts: readonly string[]) {
    this.patterns = texts.flatMap((text) => {
      const compiled = compileEventPattern(text, PIPE_DIALECT);
      return 'pattern' in compiled ? [compiled.pattern] : [];
    });
  }

  wants({ partitionKey, sequenceNumber, arrivedAtMs, data }: StreamRecord): boolean {
    if (this.texts.length === 0) return true;
    const json = jsonOf(data);
    const record = {
      kinesisSchemaVersion: '1.0',
      partitionKey,
      sequenceNumber,
      approximateArrivalTimestamp: arrivedAtMs / 1000,
      ...(json === undefined ? {} : { data: json }),
    };
    return this.patterns.some((pattern) => pattern.matches(record));
  }
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8Decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}
