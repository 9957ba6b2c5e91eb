// Sources, destinations and deliveries as answers show them. No tags: the member is left out, as recorded of AWS.

import type { Delivery, DeliveryDestination, DeliverySource } from '#wire/generated/logs.ts';
import { type DestinationType, destinationTypeOf } from './destination-kinds.ts';
import type { DeliveryDestinationDoc, DeliveryDoc, DeliverySourceDoc } from './documents.ts';
import { shownPaths } from './s3-paths.ts';

export function describeSource({ name, arn, resourceArn, service, logType, tags }: DeliverySourceDoc): DeliverySource {
  return { name, arn, resourceArns: [resourceArn], service, logType, ...shownTags(tags) };
}

export function describeDestination(doc: DeliveryDestinationDoc): DeliveryDestination {
  const { name, arn, resourceArn, outputFormat, tags } = doc;
  return {
    name,
    arn,
    deliveryDestinationType: destinationTypeOf(resourceArn),
    outputFormat,
    deliveryDestinationConfiguration: { destinationResourceArn: resourceArn },
    ...shownTags(tags),
  };
}

export function describeDelivery(doc: DeliveryDoc, type: DestinationType | undefined): Delivery {
  const { id, arn, sourceName, destinationArn, s3, tags } = doc;
  return {
    id,
    arn,
    deliverySourceName: sourceName,
    deliveryDestinationArn: destinationArn,
    deliveryDestinationType: type,
    ...(s3 === undefined ? {} : { s3DeliveryConfiguration: shownPaths(s3) }),
    ...shownTags(tags),
  };
}

function shownTags(tags: Readonly<Record<string, string>>) {
  return Object.keys(tags).length === 0 ? {} : { tags };
}
