// Dynamic path parameters: values of target and enrichment parameters that are read from the event. AWS: user guide, "Dynamic path parameters": the whole value
// is a path; it cannot refer to what input transformation made. A path that leads to nothing fails the event: AWS does not say what it does then.

import type { TargetParameters } from '#cell/target.ts';
import { dynamicValue } from '#structures/input-template/dynamic-value.ts';
import type { PipeTargetHttpParameters } from '#wire/generated/pipes.ts';
import type { PipeDoc } from '../documents.ts';
import { JSON_PATH } from '../settings/constraints.ts';
import type { TargetKind } from '../settings/kinds.ts';
import type { Item } from './item.ts';

export interface HandOverParts {
  readonly messageGroupId?: string;
  readonly messageDeduplicationId?: string;
  readonly parameters?: TargetParameters;
}

/** Reads the values of one event, and notes the first path that leads to nothing. */
class Values {
  problem: string | undefined;

  constructor(private readonly item: Item) {}

  text(value: string): string {
    if (!JSON_PATH.test(value)) return value;
    const found = dynamicValue(value, this.item.readable);
    if (typeof found === 'string') return found;
    this.problem ??= `The path ${value} of a parameter leads to nothing in the event.`;
    return '';
  }

  instantMs(path: string): number {
    const text = this.text(path);
    const ms = /^-?\d{1,16}$/.test(text) ? Number(text) : Date.parse(text);
    if (Number.isSafeInteger(ms)) return ms;
    this.problem ??= `The path ${path} of a parameter leads to "${text.slice(0, 64)}", which is no time.`;
    return 0;
  }

  map(values: Readonly<Record<string, string>>, hasDynamicKeys: boolean): Record<string, string> {
    const entries = Object.entries(values);
    return Object.fromEntries(
      entries.map(([key, value]) => [hasDynamicKeys ? this.text(key) : key, this.text(value)] as const),
    );
  }
}

export function handOverParts(
  pipe: PipeDoc,
  { kind, item }: { readonly kind: TargetKind; readonly item: Item },
): HandOverParts | { readonly problem: string } {
  const values = new Values(item);
  const parts = partsOf(values, { kind, pipe });
  return values.problem === undefined ? parts : { problem: values.problem };
}

function partsOf(values: Values, { kind, pipe }: { readonly kind: TargetKind; readonly pipe: PipeDoc }): HandOverParts {
  const {
    SqsQueueParameters: queue,
    CloudWatchLogsParameters: logs,
    HttpParameters: http,
    KinesisStreamParameters: stream,
  } = pipe.targetParameters;
  switch (kind) {
    case 'sqs': {
      const { MessageGroupId: group, MessageDeduplicationId: deduplication } = queue ?? {};
      return {
        ...(group === undefined || group === '' ? {} : { messageGroupId: values.text(group) }),
        ...(deduplication === undefined || deduplication === ''
          ? {}
          : { messageDeduplicationId: values.text(deduplication) }),
      };
    }
    case 'kinesis':
      return { parameters: { partitionKey: values.text(stream?.PartitionKey ?? '') } };
    case 'bus':
      return { parameters: { bus: busOf(values, pipe) } };
    case 'logs': {
      const { LogStreamName: stream, Timestamp: timestamp } = logs ?? {};
      const own = {
        ...(stream === undefined ? {} : { stream: values.text(stream) }),
        ...(timestamp === undefined ? {} : { timestampMs: values.instantMs(timestamp) }),
      };
      return { parameters: { logs: own } };
    }
    case 'api-destination':
      return http === undefined ? {} : { parameters: { http: httpOf(values, http) } };
    default:
      return {};
  }
}

/**
 * Without parameters AWS's event says `Pipe <name>` and `Event from aws:sqs`. Source: events from pipes quoted in public articles; not in the user guide.
 */
function busOf(
  values: Values,
  { targetParameters: { EventBridgeEventBusParameters: bus }, name: pipeName, source: { stream } }: PipeDoc,
): NonNullable<TargetParameters['bus']> {
  const { DetailType, Source, Resources, Time } = bus ?? {};
  const service = stream === undefined ? 'sqs' : 'kinesis';
  return {
    source: Source === undefined ? `Pipe ${pipeName}` : values.text(Source),
    detailType: DetailType === undefined ? `Event from aws:${service}` : values.text(DetailType),
    ...(Resources === undefined ? {} : { resources: Resources.map((resource) => values.text(resource)) }),
    ...(Time === undefined ? {} : { timeMs: values.instantMs(Time) }),
  };
}

/** AWS: "except `HttpParameters.HeaderParameters` keys". */
function httpOf(values: Values, http: PipeTargetHttpParameters): NonNullable<TargetParameters['http']> {
  const { PathParameterValues: path, HeaderParameters: headers, QueryStringParameters: query } = http;
  return {
    ...(path === undefined ? {} : { pathParameterValues: path.map((value) => values.text(value)) }),
    ...(headers === undefined ? {} : { headerParameters: values.map(headers, false) }),
    ...(query === undefined ? {} : { queryStringParameters: values.map(query, true) }),
  };
}

/** Of an enrichment by an API destination. */
export function enrichmentParts(
  pipe: PipeDoc,
  item: Item,
): { readonly parameters?: TargetParameters } | { readonly problem: string } {
  const { HttpParameters: http } = pipe.enrichmentParameters;
  if (http === undefined) return {};
  const values = new Values(item);
  const parameters = { http: httpOf(values, http) };
  return values.problem === undefined ? { parameters } : { problem: values.problem };
}
