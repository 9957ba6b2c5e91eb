// The role of a subscription: whether SNS may assume it, and who the topic is when it puts records into a delivery stream. AWS: SNS developer guide, "Prerequisites for
// subscribing Firehose delivery streams to Amazon SNS topics".

import type { DeliveryFailure } from '#cell/target.ts';
import type { Turn } from '#cell/turn.ts';
import { parseArn } from '#model/arn.ts';
import type { Principal } from '#model/principal.ts';
import type { TopicDoc } from './state.ts';

const SNS_SERVICE = 'sns.amazonaws.com';
/** Plausible: AWS does not say what its sessions are called. */
const SESSION_NAME = 'sns';

export interface Actor {
  readonly principal: Principal;
  /** Why nothing can be handed over. */
  readonly failure?: Pick<DeliveryFailure, 'code' | 'detail'>;
}

export function actorWith(turn: Turn, roleArn: string, topic: TopicDoc): Actor {
  const arn = parseArn(roleArn);
  const account = arn?.account ?? topic.account;
  const roleName = (arn?.resource ?? '').split('/').pop() ?? '';
  const role = turn.doors.identities?.findRole(turn, roleArn);
  const principal: Principal = {
    kind: 'session',
    account,
    arn: `arn:${arn?.partition ?? 'aws'}:sts::${account}:assumed-role/${roleName}/${SESSION_NAME}`,
    roleArn,
    userId: `${role?.roleId ?? 'AROA'}:${SESSION_NAME}`,
  };
  if (turn.doors.identities === undefined) return { principal };
  const verdict = turn.authorize({
    action: 'sts:AssumeRole',
    resource: roleArn,
    resourceAccount: account,
    resourcePolicy: role?.trustPolicy,
    principal: { kind: 'service', service: SNS_SERVICE, sourceArn: topic.arn, account: topic.account },
  });
  if (verdict.isAllowed) return { principal };
  return { principal, failure: { code: 'AccessDeniedException', detail: `SNS may not assume the role ${roleArn}.` } };
}
