// The services of this process, with the tables of their wire forms and the sentences for their facts. The only place that knows them all.

import type { ServiceDefinition } from '#cell/service-definition.ts';
import { deliveries } from '#deliveries/service.ts';
import { stories as deliveriesStories } from '#deliveries/stories.ts';
import type { NotificationSigner } from '#model/notification-envelope.ts';
import { events } from '#services/events/service.ts';
import { stories as eventsStories } from '#services/events/stories.ts';
import { firehose } from '#services/firehose/service.ts';
import { stories as firehoseStories } from '#services/firehose/stories.ts';
import { iam } from '#services/iam/service.ts';
import { kinesis } from '#services/kinesis/service.ts';
import { stories as kinesisStories } from '#services/kinesis/stories.ts';
import { lambda } from '#services/lambda/service.ts';
import { stories as lambdaStories } from '#services/lambda/stories.ts';
import { logs } from '#services/logs/service.ts';
import { stories as logsStories } from '#services/logs/stories.ts';
import { pipes } from '#services/pipes/service.ts';
import { stories as pipesStories } from '#services/pipes/stories.ts';
import { s3 } from '#services/s3/service.ts';
import { stories as s3Stories } from '#services/s3/stories.ts';
import { schedulerService } from '#services/scheduler/service.ts';
import { stories as schedulerStories } from '#services/scheduler/stories.ts';
import { schemas } from '#services/schemas/service.ts';
import { stories as schemasStories } from '#services/schemas/stories.ts';
import { snsService } from '#services/sns/service.ts';
import { stories as snsStories } from '#services/sns/stories.ts';
import { sqs } from '#services/sqs/service.ts';
import { stories as sqsStories } from '#services/sqs/stories.ts';
import { sts } from '#services/sts/service.ts';
import { service as eventsWire } from '#wire/generated/events.ts';
import { service as firehoseWire } from '#wire/generated/firehose.ts';
import { service as iamWire } from '#wire/generated/iam.ts';
import { service as kinesisWire } from '#wire/generated/kinesis.ts';
import { service as lambdaWire } from '#wire/generated/lambda.ts';
import { service as logsWire } from '#wire/generated/logs.ts';
import { service as pipesWire } from '#wire/generated/pipes.ts';
import { service as s3Wire } from '#wire/generated/s3.ts';
import { service as schedulerWire } from '#wire/generated/scheduler.ts';
import { service as schemasWire } from '#wire/generated/schemas.ts';
import { service as snsWire } from '#wire/generated/sns.ts';
import { service as sqsWire } from '#wire/generated/sqs.ts';
import { service as stsWire } from '#wire/generated/sts.ts';
import { WireServices } from '#wire/services.ts';
import type { Stories } from './explain/story-teller.ts';

export function buildServices({ signer }: { readonly signer: NotificationSigner }): readonly ServiceDefinition[] {
  const scheduler = schedulerService({ wire: buildWireServices() });
  const services = [
    deliveries,
    snsService({ signer }),
    logs,
    sqs,
    iam,
    sts,
    lambda,
    events,
    scheduler,
    schemas,
    pipes,
    kinesis,
    s3,
    firehose,
  ];
  return services as unknown as readonly ServiceDefinition[];
}

export function buildWireServices(): WireServices {
  return new WireServices([
    sqsWire,
    snsWire,
    logsWire,
    iamWire,
    stsWire,
    lambdaWire,
    eventsWire,
    schedulerWire,
    schemasWire,
    pipesWire,
    kinesisWire,
    s3Wire,
    firehoseWire,
  ]);
}

export const STORIES: ReadonlyMap<string, Stories> = new Map<string, Stories>([
  ['deliveries', deliveriesStories],
  ['events', eventsStories],
  ['firehose', firehoseStories],
  ['kinesis', kinesisStories],
  ['lambda', lambdaStories],
  ['logs', logsStories],
  ['pipes', pipesStories],
  ['s3', s3Stories],
  ['scheduler', schedulerStories],
  ['schemas', schemasStories],
  ['sns', snsStories],
  ['sqs', sqsStories],
]);
