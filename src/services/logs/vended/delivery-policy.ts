// The policy that lets CloudWatch Logs' delivery service in, as AWS adds it where logs are set up: its own one gets a statement for each resource. AWS: CloudWatch Logs
// user guide, "Logs sent to CloudWatch Logs" and "Logs sent to Amazon S3".

import type { Scope } from '#model/scope.ts';
import { DELIVERY_SERVICE } from './delivery-service.ts';

export const POLICY_NAME = 'AWSLogDeliveryWrite20150319';

interface Policy {
  readonly Id?: unknown;
  readonly Statement: Statement | readonly Statement[];
}

interface Statement {
  readonly Resource?: unknown;
}

export interface DeliveryStatement {
  readonly action: string | readonly string[];
  readonly resource: string;
  /** Of the logs. */
  readonly scope: Pick<Scope, 'account' | 'region' | 'partition'>;
  /** More that must be equal. */
  readonly equals?: Readonly<Record<string, string>>;
}

/** `own`: text of the policy of AWS's that is there. Undefined: nothing is to be added. `about`: members that a new policy has. */
export function withStatement(
  own: string | undefined,
  added: DeliveryStatement,
  about: object = {},
): string | undefined {
  const { action, resource, scope, equals } = added;
  const before = own === undefined ? { Version: '2012-10-17', ...about, Statement: [] } : (JSON.parse(own) as Policy);
  const statements = [before.Statement].flat() as readonly Statement[];
  if (statements.some(({ Resource }) => Resource === resource)) return undefined;
  const statement = {
    Sid: `AWSLogDeliveryWrite${statements.length + 1}`,
    Effect: 'Allow',
    Principal: { Service: DELIVERY_SERVICE },
    Action: action,
    Resource: resource,
    Condition: {
      StringEquals: { ...equals, 'aws:SourceAccount': scope.account },
      ArnLike: { 'aws:SourceArn': `arn:${scope.partition}:logs:${scope.region}:${scope.account}:*` },
    },
  };
  return JSON.stringify({ ...before, Statement: [...statements, statement] });
}
