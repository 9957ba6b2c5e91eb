// The services that the simulation runs: the real ones.

import type { ServiceDefinition } from '#cell/service-definition.ts';
import { deliveries } from '#deliveries/service.ts';
import { events } from '#services/events/service.ts';
import { iam } from '#services/iam/service.ts';
import { lambda } from '#services/lambda/service.ts';
import { logs } from '#services/logs/service.ts';
import { sns } from '#services/sns/service.ts';
import { sqs } from '#services/sqs/service.ts';

export function simulatedServices(): readonly ServiceDefinition[] {
  return [deliveries, iam, sqs, sns, lambda, logs, events];
}
