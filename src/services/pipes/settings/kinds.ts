// What a pipe can read from, ask and hand on to here, by ARN. Everything else that AWS has is refused by name.

import { parseArn } from '#model/arn.ts';

export type TargetKind = 'lambda' | 'sqs' | 'sns' | 'bus' | 'api-destination' | 'logs' | 'kinesis' | 'firehose';
export type EnrichmentKind = 'lambda' | 'api-destination';

/** AWS: user guide, "Batching behavior", "Supported batchable targets". API destinations take one event at a time. */
const BATCH_MAX: Readonly<Record<TargetKind, number>> = {
  lambda: 10_000,
  sqs: 10,
  sns: 10,
  bus: 10,
  'api-destination': 1,
  logs: 10_000,
  kinesis: 500,
  firehose: 500,
};

export function batchMaxOf(kind: TargetKind): number {
  return BATCH_MAX[kind];
}

/** Undefined: nothing here takes events of this ARN. */
export function targetKindOf(arnText: string): TargetKind | undefined {
  const arn = parseArn(arnText);
  switch (arn?.service) {
    case 'lambda':
      return arn.resource.startsWith('function:') ? 'lambda' : undefined;
    case 'sqs':
    case 'sns':
      return arn.service;
    case 'events':
      if (arn.resource.startsWith('event-bus/')) return 'bus';
      return arn.resource.startsWith('api-destination/') ? 'api-destination' : undefined;
    case 'logs':
      return arn.resource.startsWith('log-group:') ? 'logs' : undefined;
    case 'kinesis':
      return /^stream\/[^/]+$/.test(arn.resource) ? 'kinesis' : undefined;
    case 'firehose':
      return arn.resource.startsWith('deliverystream/') ? 'firehose' : undefined;
    default:
      return undefined;
  }
}

export function enrichmentKindOf(arnText: string): EnrichmentKind | undefined {
  const kind = targetKindOf(arnText);
  return kind === 'lambda' || kind === 'api-destination' ? kind : undefined;
}

/** `Self-managed Apache Kafka`, `kinesis`: what is named when it is refused. */
export function nameOfService(arnText: string): string {
  if (arnText.startsWith('smk://')) return 'self-managed Apache Kafka';
  const arn = parseArn(arnText);
  return arn === undefined ? 'something that has no ARN' : `${arn.service} (${arn.resource.slice(0, 64)})`;
}
