// What happens to what a delivery leads to when the delivery is created, as far as whoever creates it may do that. What is in another account its owner
// prepares. AWS: CloudWatch Logs user guide, "Logging that requires additional permissions [V2]".

import type { LogDelivery } from '#cell/log-delivery.ts';
import { parseArn } from '#model/arn.ts';
import type { AwsError } from '#model/aws-error.ts';
import { scopeOf } from '#model/scope.ts';
import type { LogsTurn } from '../find-group.ts';
import { callOperation } from '../own-call.ts';
import { destinationTypeOf } from './destination-kinds.ts';
import { prepareGroup } from './prepare-group.ts';

/** Why there can be no delivery; then nothing was recorded. */
export function prepareDestination(turn: LogsTurn, resourceArn: string): AwsError | undefined {
  if (destinationTypeOf(resourceArn) === 'FH') return prepareStream(turn, resourceArn);
  prepareGroup(turn, resourceArn);
  return undefined;
}

export function prepareDelivery(turn: LogsTurn, { destination }: LogDelivery): AwsError | undefined {
  return prepareStream(turn, destination.streamArn);
}

/** AWS, "Logs sent to Firehose": "AWS gives this tag to the destination delivery stream when you set up the logging"; the caller needs TagDeliveryStream. */
function prepareStream(turn: LogsTurn, streamArn: string): AwsError | undefined {
  const arn = parseArn(streamArn);
  if (arn === undefined || arn.account !== turn.scope.account) return undefined;
  const own = turn.within(scopeOf(arn.account, arn.region), turn.principal) as LogsTurn;
  return callOperation(own, {
    service: 'firehose',
    operation: 'TagDeliveryStream',
    input: {
      DeliveryStreamName: arn.resource.slice('deliverystream/'.length),
      Tags: [{ Key: 'LogDeliveryEnabled', Value: 'true' }],
    },
  });
}
