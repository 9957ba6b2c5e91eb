// The role of a subscription: whether SNS may assume it, and who the topic is when it puts records into a delivery stream. AWS: SNS developer guide, "Prerequisites for
// subscribing Firehose delivery streams to Amazon SNS topics".

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { assumedRole, mayAssume, passRole } from '#cell/service-role.ts';
import type { DeliveryFailure } from '#cell/target.ts';
import type { Turn } from '#cell/turn.ts';
import type { Principal } from '#model/principal.ts';
import type { TopicDoc } from './state.ts';

const SNS_SERVICE = 'sns.amazonaws.com';
/** Plausible: AWS does not say what its sessions are called. */
const SESSION_NAME = 'sns';

/** AWS's guide to SNS does not say that it is asked; the IAM user guide says it of every role that a service is given. */
export function passRoleToSns(turn: Turn, roleArn: string): AuthorizationRequest {
  return passRole(turn, roleArn, { service: SNS_SERVICE });
}

export interface Actor {
  readonly principal: Principal;
  /** Why nothing can be handed over. */
  readonly failure?: Pick<DeliveryFailure, 'code' | 'detail'>;
}

export function actorWith(turn: Turn, roleArn: string, { arn: sourceArn, account }: TopicDoc): Actor {
  const principal = assumedRole(turn, roleArn, { account, sessionName: SESSION_NAME });
  const service = { kind: 'service', service: SNS_SERVICE, sourceArn, account } as const;
  if (mayAssume(turn, roleArn, service)) return { principal };
  return { principal, failure: { code: 'AccessDeniedException', detail: `SNS may not assume the role ${roleArn}.` } };
}
