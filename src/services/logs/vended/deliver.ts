// Lines on their way beyond log groups. To a delivery stream each is a record, put by CloudWatch Logs' service-linked role in the turn in which it was written. AWS:
// CloudWatch Logs user guide, "Logs sent to Firehose": that role may put into every stream with the tag LogDeliveryEnabled. What is refused is dropped, and says why.

import { utf8Encode } from '#base/bytes.ts';
import type { LogDelivery, LogSource } from '#cell/log-delivery.ts';
import { assumedRole } from '#cell/service-role.ts';
import { ONCE } from '#deliveries/policies.ts';
import { parseArn } from '#model/arn.ts';
import { scopeOf } from '#model/scope.ts';
import type { LogsTurn } from '../find-group.ts';
import { collectLines } from '../objects/collect.ts';
import { DELIVERY_SERVICE } from './delivery-service.ts';

const ROLE = `role/aws-service-role/${DELIVERY_SERVICE}/AWSServiceRoleForLogDelivery`;
/** AWS does not say what its sessions are called. */
const SESSION_NAME = 'LogDelivery';

export function deliverLines(turn: LogsTurn, { source, destination }: LogDelivery, lines: readonly string[]): void {
  if (destination.kind === 'bucket') collectLines(turn, { source, destination }, lines);
  else putRecords(turn, { source, targetArn: destination.streamArn }, lines);
}

function putRecords(
  turn: LogsTurn,
  { source, targetArn }: { readonly source: LogSource; readonly targetArn: string },
  lines: readonly string[],
): void {
  const arn = parseArn(targetArn);
  if (arn === undefined) return;
  const { partition, account } = arn;
  const roleArn = `arn:${partition}:iam::${account}:${ROLE}`;
  const principal = assumedRole(turn, roleArn, { account, sessionName: SESSION_NAME });
  const own = turn.within(scopeOf(source.account, source.region), principal);
  for (const text of lines) {
    own.doors.deliveries.deliver(own, {
      handOver: {
        sourceArn: source.arn,
        targetArn,
        principal,
        payload: turn.storePayload(utf8Encode(text)),
        content: { kind: 'event', text },
      },
      policy: ONCE,
    });
  }
}
